package import Metrics
import Timeline

/// Runs as one page that needs nothing else: no network, no other file, and for all but replay and hover no script.
package struct HTMLReport: Sendable {
    private let picture: RunsPicture
    private let series: [Series]

    package init(_ picture: RunsPicture) {
        self.picture = picture
        series = Series.all(of: picture.runs)
    }

    package var text: String {
        var markup = Markup()
        markup.appendRaw("<!DOCTYPE html>\n")
        markup.element("html", ["lang": "en"]) { markup in
            markup.newLine()
            drawHead(to: &markup)
            markup.element("body") { drawBody(to: &$0) }
        }
        markup.newLine()
        return markup.text
    }

    private var title: String {
        var names: [String] = []
        for run in picture.runs where !names.contains(run.summary.run.scenarioName) {
            names.append(run.summary.run.scenarioName)
        }
        return PrintableText.cut(PrintableText.terminal(names.joined(separator: ", ")), to: 80, ellipsis: "\u{2026}")
    }

    /// Nothing may be loaded or run but what stands in the page; the hashes let no other script in.
    package static var policy: String {
        "default-src 'none'; style-src \(ContentHash.source(of: PageStyle.text)); "
            + "script-src \(ContentHash.source(of: PageScript.text)); base-uri 'none'; form-action 'none'"
    }

    private func drawHead(to markup: inout Markup) {
        markup.element("head") { markup in
            markup.newLine()
            markup.element("meta", ["charset": "utf-8"])
            markup.element("meta", ["http-equiv": "Content-Security-Policy", "content": Self.policy])
            markup.element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
            markup.element("meta", ["name": "color-scheme", "content": "light dark"])
            markup.element("title", text: "\(title) \u{b7} ttft")
            markup.newLine()
            markup.element("style") { $0.appendRaw(PageStyle.text) }
        }
        markup.newLine()
    }

    private func drawBody(to markup: inout Markup) {
        markup.element("a", ["class": "skip", "href": "#glance"], text: "Skip to the results")
        drawHeader(to: &markup)
        markup.element("main") { markup in
            markup.append(GlanceSection(picture: picture, series: series).markup)
            markup.append(PlaygroundSection(series: series, first: extremes).markup)
            markup.append(CardsSection(series: series).markup)
            markup.element("section", ["id": "charts", "aria-labelledby": "charts-h"]) { markup in
                markup.element("h2", ["id": "charts-h"], text: "Charts")
                markup.element("div", ["class": "figures-grid"]) { markup in
                    for figure in figures { markup.append(figure.markup) }
                }
            }
            markup.append(TablesSection(runs: picture.runs, series: series).markup)
        }
        drawFooter(to: &markup)
    }

    private func drawHeader(to markup: inout Markup) {
        let phrases = Phrases(painter: Painter(hasColor: false, hasUnicode: true))
        markup.element("header") { markup in
            markup.element("h1", text: title)
            for summary in picture.runs.map(\.summary) {
                let start = UTCTimestamp(nanosecondsSince1970: summary.run.startedWallClock).spoken
                markup.element("p") { markup in
                    markup.element("b", text: "Run \(summary.run.id)")
                    markup.write(", \(phrases.load(summary.run)), \(start), seed \(summary.run.seed)")
                    if let queue = phrases.queueDelay(summary.targets) { markup.write(", \(queue)") }
                }
            }
            markup.element("nav", ["aria-label": "Parts of the page"]) { markup in
                for (id, name) in [
                    ("glance", "At a glance"), ("playground", "Playground"), ("targets", "Targets"),
                    ("charts", "Charts"),
                    ("tables", "Tables and definitions"),
                ] { markup.element("a", ["href": "#\(id)"], text: name) }
            }
        }
        markup.newLine()
    }

    private func drawFooter(to markup: inout Markup) {
        markup.element("footer") { markup in
            let versions = Set(picture.runs.map { "ttft \($0.summary.run.toolVersion)" }).sorted()
            markup.element(
                "p",
                text:
                    "Written by \(versions.joined(separator: ", ")). Intervals in brackets are of 95 %: how far a figure would "
                    + "move had other requests of the same kind been measured. n/a stands where the sample is too small."
            )
        }
        markup.element("script", ["type": "application/json", "id": "summary"]) {
            $0.appendRaw(EmbeddedJSON.text(.array(picture.runs.map { JSONReport(summary: $0.summary).value })))
        }
        markup.newLine()
        markup.element("script") { $0.appendRaw(PageScript.text) }
    }

    /// The fastest and the slowest whole answer; one series stands alone.
    private var extremes: [Int] {
        let entries = picture.rankings.first { $0.metric.name == "e2e" }?.entries.map(\.target) ?? []
        let playable = (entries + series.indices.filter { !entries.contains($0) }).filter {
            !series[$0].picture.streams.isEmpty
        }
        guard let first = playable.first, let last = playable.last else { return [] }
        return first == last ? [first] : [first, last]
    }

    private var figures: [Figure] {
        let runs = picture.runs.map(\.summary.run.id)
        return [
            CumulativeChart(
                series: series, metric: "ttft", id: "ttft-cdf",
                caption:
                    "Further left is faster, steeper is steadier. The shade is the 95 % interval of each quantile, the "
                    + "mark the median; upright lines are the limits that were set."
            ).figure,
            CumulativeChart(
                series: series, metric: "itl", id: "itl-cdf",
                caption:
                    "Time between tokens, by tokens. A step far to the right is a pause that readers notice. Note the "
                    + "logarithmic axis."
            ).figure,
            PercentileChart(series: series, metric: "ttft", id: "ttft-percentiles").figure,
            PercentileChart(series: series, metric: "itl", id: "itl-percentiles").figure,
        ].compactMap(\.self) + LoadCharts(curves: picture.curves, runs: runs).figures
            + [
                TimelineChart(series: series).figure, WaterfallChart(series: series).figure,
                RasterChart(series: series).figure, GapMapChart(series: series).figure,
            ].compactMap(\.self)
            + picture.runs.enumerated().compactMap { ServerChart(run: $0.element, id: "server-\($0.offset)").figure }
    }
}
