import Metrics
import Timeline

/// A card for each target: its figures with intervals, how far they can be trusted, and what is odd about it.
struct CardsSection {
    let series: [Series]

    private static let figures: [(name: String, statistics: [Statistic])] = [
        ("ttft", [.p50, .p95, .p99]), ("itl", [.p50, .p99]), ("tpot", [.p50]), ("output_speed", [.p50]),
        ("e2e", [.p50, .p95]), ("output_throughput", [.value]), ("goodput", [.value]), ("success", [.value]),
    ]

    private let phrases = Phrases(painter: Painter(hasColor: false, hasUnicode: true))

    init(series: [Series]) { self.series = series }

    var markup: Markup {
        var markup = Markup()
        markup.element("section", ["id": "targets", "aria-labelledby": "targets-h"]) { markup in
            markup.element("h2", ["id": "targets-h"], text: series.count > 1 ? "Each target" : "The target")
            markup.element("div", ["class": "cards"]) { markup in
                for one in series { draw(one, to: &markup) }
            }
        }
        markup.newLine()
        return markup
    }

    private func draw(_ one: Series, to markup: inout Markup) {
        let summary = one.picture.summary
        let target = summary.target
        markup.element("article", ["class": "card \(one.style.colorClass)"]) { markup in
            markup.element("h3") { markup in
                one.drawSwatch(to: &markup)
                markup.element("span", text: one.label)
            }
            let kind = [
                target.model == target.name ? nil : target.model, target.api, target.isSimulated ? "simulated" : nil,
            ]
            markup.element("p", ["class": "faint"], text: kind.compactMap(\.self).joined(separator: ", "))
            drawFigures(of: summary, to: &markup)
            for (label, parts) in [
                ("Answers", [phrases.success([summary]), phrases.failures([summary])].compactMap(\.self)),
                ("Accuracy", phrases.measurementError(one.run, [summary])), ("Tokens", phrases.tokens([summary])),
                ("Relay", phrases.relay(summary)), ("Cost", phrases.cost(summary)),
            ] where !parts.isEmpty {
                markup.element("p") { markup in
                    markup.element("b", text: "\(label): ")
                    markup.write(parts.joined(separator: "; "))
                }
            }
            let distrust = phrases.distrust(one.run, [summary])
            for warning in (distrust.map { [$0] } ?? []) + summary.warnings {
                markup.element("p", ["class": "warning"]) { markup in
                    markup.element("b", text: "Warning: ")
                    markup.write(warning)
                }
            }
        }
        markup.newLine()
    }

    private func drawFigures(of summary: TargetSummary, to markup: inout Markup) {
        markup.element("table", ["class": "figures"]) { markup in
            markup.element("tbody") { markup in
                for (name, statistics) in Self.figures {
                    guard let metric = summary[metric: name] else { continue }
                    for statistic in statistics {
                        guard let estimate = metric[statistic], estimate.value != nil else { continue }
                        let cells = EstimateCells(estimate, unit: metric.metric.unit)
                        let title =
                            statistic == .value ? metric.metric.title : "\(metric.metric.title) \(statistic.rawValue)"
                        markup.element("tr") { markup in
                            markup.element("th", ["scope": "row"], text: title)
                            markup.element("td", ["class": "value"], text: cells.value)
                            markup.element("td", text: cells.value == "n/a" ? "" : UnitScale(metric.metric.unit).symbol)
                            markup.element("td", ["class": "interval"], text: cells.interval)
                        }
                    }
                }
            }
        }
    }
}
