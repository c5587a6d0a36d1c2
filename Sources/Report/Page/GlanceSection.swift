import Metrics
import Timeline

/// The top of the page: the verdicts, a bar for each target, and the ranking in numbers.
struct GlanceSection {
    let picture: RunsPicture
    let series: [Series]

    /// Which series stand first: by the median TTFT, those without one at the end; several loads by their load.
    private var order: [Int] {
        guard picture.curves.isEmpty else { return Array(series.indices) }
        let ranked = picture.rankings.first?.entries.map(\.target) ?? []
        return ranked + series.indices.filter { !ranked.contains($0) }
    }

    var markup: Markup {
        var markup = Markup()
        markup.element("section", ["id": "glance", "aria-labelledby": "glance-h"]) { markup in
            markup.element("h2", ["id": "glance-h"], text: "At a glance")
            drawVerdicts(to: &markup)
            drawBars(to: &markup)
            markup.append(table.wrapped(label: "Ranking"))
        }
        markup.newLine()
        return markup
    }

    private func drawVerdicts(to markup: inout Markup) {
        markup.element("dl", ["class": "verdicts"]) { markup in
            for verdict in Verdicts(picture: picture, series: series).all {
                markup.element("div", ["class": "verdict \(verdict.mood.rawValue)"]) { markup in
                    markup.element("dt", text: verdict.title)
                    markup.element("dd") { markup in
                        if !verdict.lead.isEmpty {
                            markup.element("strong", text: verdict.lead)
                            markup.write(" ")
                        }
                        markup.write(verdict.text)
                    }
                }
                markup.newLine()
            }
        }
    }

    /// Nil where the answers are too few for one.
    private func median(_ one: Series, _ metric: String) -> Double? {
        guard let estimate = one.picture.summary[metric: metric]?[.p50],
            estimate.interval != nil || estimate.countNeeded == nil
        else { return nil }
        return estimate.value
    }

    /// The wait and the whole answer at the median, on one scale.
    private func drawBars(to markup: inout Markup) {
        let ends = series.compactMap { median($0, "e2e") ?? median($0, "ttft") }
        guard let longest = ends.max(), longest > 0 else { return }
        markup.element("h3", text: "Waiting, then reading: the median answer")
        markup.element("p", ["class": "keys"]) { markup in
            Self.drawKey(["bar-wait"], "until the first token", to: &markup)
            let colors = order.prefix(4).map { "bar-stream \(series[$0].style.colorClass)" }
            Self.drawKey(colors, "from there to the end of the answer", to: &markup)
        }
        markup.element("ul", ["class": "bars"]) { markup in
            for one in order.map({ series[$0] }) { drawBar(one, longest: longest, to: &markup) }
        }
    }

    /// A swatch with a stripe of each colour, and what they stand for.
    private static func drawKey(_ colors: [String], _ text: String, to markup: inout Markup) {
        markup.element("span", ["class": "key"]) { markup in
            markup.element("svg", ["class": "swatch", "viewBox": "0 0 34 14", "aria-hidden": "true"]) { markup in
                let width = 32 / Double(max(colors.count, 1))
                for (index, color) in colors.enumerated() {
                    let x = PathData.number(1 + Double(index) * width)
                    markup.element(
                        "rect",
                        ["class": color, "x": x, "y": "1", "width": PathData.number(width), "height": "12"])
                }
            }
            markup.element("span", text: text)
        }
    }

    private func drawBar(_ one: Series, longest: Double, to markup: inout Markup) {
        let (first, end) = (median(one, "ttft"), median(one, "e2e"))
        markup.element("li") { markup in
            markup.element("span", ["class": "bar-name"]) { markup in
                one.drawSwatch(to: &markup)
                markup.element("span", text: one.label)
            }
            guard let first else {
                markup.element(
                    "span", ["class": "bar-value"],
                    text: "\(one.picture.summary.complete == 0 ? "no" : "too few") complete answers")
                return
            }
            let wait = first / longest * 1000
            let whole = max(end ?? first, first) / longest * 1000
            markup.element(
                "svg", ["class": "bar", "viewBox": "0 0 1000 20", "preserveAspectRatio": "none", "aria-hidden": "true"]
            ) { markup in
                let x = PathData.number(wait)
                markup.element(
                    "rect", ["class": "bar-wait", "x": "0", "y": "2", "width": x, "height": "16"])
                markup.element(
                    "rect",
                    [
                        "class": "bar-stream \(one.style.colorClass)", "x": x, "y": "2",
                        "width": PathData.number(max(whole - wait, 2)), "height": "16",
                    ])
            }
            let texts = [("ttft", "first token"), ("e2e", "whole answer")].compactMap { metric, words -> String? in
                let cells = EstimateCells(one.picture.summary[metric: metric]?[.p50], unit: .milliseconds)
                return cells.interval.isEmpty && cells.value == "-" ? nil : "\(words) \(cells.value) ms"
            }
            markup.element("span", ["class": "bar-value"], text: texts.joined(separator: ", "))
        }
        markup.newLine()
    }

    /// One target is slower than none.
    private var isAlone: Bool { series.count == 1 }

    private var headers: [String] {
        let pairs = picture.rankings.flatMap { ranking -> [String] in
            let unit = UnitScale(ranking.metric.unit).symbol
            let title = "\(ranking.metric.title) \(ranking.statistic.rawValue), \(unit)"
            return isAlone ? [title] : [title, "vs fastest"]
        }
        return ["target"] + pairs + ["goodput", "ok"]
    }

    /// What the columns are, and what a request had to keep to for goodput.
    private var caption: String {
        let texts = Set(series.map { phrases.objectives($0.run, [$0.picture.summary]) })
        let goal = picture.runs.contains { !$0.summary.run.objectives.isEmpty }
        return "Medians over their 95 % intervals"
            + (isAlone || picture.rankings.isEmpty ? "" : "; vs fastest is how many times as fast the fastest is")
            + (goal && texts.count == 1 ? "; goodput is the share of requests with \(texts.joined())" : "")
    }

    private let phrases = Phrases(painter: Painter(hasColor: false, hasUnicode: true))

    /// The ranking in numbers: each figure over its interval.
    private var table: Markup {
        var markup = Markup()
        markup.element("table", ["class": "ranking"]) { markup in
            markup.element("caption", text: caption)
            markup.element("thead") { markup in
                markup.element("tr") { markup in
                    for header in headers { markup.element("th", ["scope": "col"], text: header) }
                }
            }
            markup.element("tbody") { markup in
                for index in order { drawRow(index, to: &markup) }
            }
        }
        return markup
    }

    private func drawRow(_ index: Int, to markup: inout Markup) {
        let summary = series[index].picture.summary
        markup.element("tr") { markup in
            markup.element("th", ["scope": "row"], text: series[index].label)
            for ranking in picture.rankings {
                let cells = EstimateCells(
                    summary[metric: ranking.metric.name]?[ranking.statistic], unit: ranking.metric.unit)
                Self.drawCell(cells.value, cells.interval, to: &markup)
                guard !isAlone else { continue }
                let parts = slowness(of: index, ranking).split(separator: " ", maxSplits: 1).map(String.init)
                Self.drawCell(parts.first ?? "", parts.count > 1 ? parts[1] : "", to: &markup)
            }
            let goodput = EstimateCells(summary[metric: "goodput"]?[.value], unit: .share)
            if goodput.value == "-" {
                Self.drawCell("no limits set", "", to: &markup)
            } else {
                Self.drawCell("\(goodput.value) %", goodput.interval, to: &markup)
            }
            Self.drawCell("\(summary.complete)/\(summary.requests)", "", to: &markup)
        }
        markup.newLine()
    }

    /// `1.38 [1.25, 1.46]`, `fastest`; a dash in the place of `fastest` where another is not to be told apart from it.
    private func slowness(of index: Int, _ ranking: Ranking) -> String {
        guard let entry = ranking.entries.first(where: { $0.target == index }) else { return "" }
        if let factor = Verdicts.Factor(entry, isHigherBetter: ranking.metric.isHigherBetter) {
            let parts = factor.times.split(separator: " ", maxSplits: 1)
            return ([parts[0] + "\u{d7}"] + parts.dropFirst()).joined(separator: " ")
        }
        return ranking.entries.contains { $0.isApart == false } ? "-" : "fastest"
    }

    private static func drawCell(_ value: String, _ interval: String, to markup: inout Markup) {
        markup.element("td") { markup in
            markup.write(value)
            if !interval.isEmpty { markup.element("small", text: interval) }
        }
    }
}

extension Markup {
    /// A part of the page that scrolls sideways where it is too wide, by keyboard too.
    func wrapped(label: String) -> Markup {
        var markup = Markup()
        markup.element("div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": label]) {
            $0.append(self)
        }
        return markup
    }
}
