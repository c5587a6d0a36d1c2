import Metrics
import Timeline

/// The end of the page: outcomes, every figure, what the words mean, and under what conditions it was measured.
struct TablesSection {
    let runs: [RunPicture]
    let series: [Series]

    var markup: Markup {
        var markup = Markup()
        markup.element("section", ["id": "tables", "aria-labelledby": "tables-h"]) { markup in
            markup.element("h2", ["id": "tables-h"], text: "Outcomes, figures, definitions")
            markup.append(outcomes.table.wrapped(label: "Outcomes"))
            for run in runs { markup.append(environment(run.summary)) }
            markup.append(figures.disclosure("All figures of all targets"))
            markup.append(definitions.disclosure("What the metrics mean"))
        }
        markup.newLine()
        return markup
    }

    private var outcomes: DataTable {
        DataTable(
            id: "outcomes-data", caption: "How the measured attempts ended; only complete streams enter latencies",
            header: ["target", "outcome", "detail", "attempts", "enters latencies", "what one of them said"],
            rows: series.flatMap { one in
                one.picture.summary.outcomes.map { outcome in
                    [
                        one.label, outcome.outcome.rawValue, outcome.detail ?? "", String(outcome.count),
                        outcome.outcome.isComplete ? "yes" : "no", String((outcome.example ?? "").prefix(300)),
                    ]
                }
            })
    }

    private static let statistics: [Statistic] = [.mean, .min, .p50, .p90, .p95, .p99, .max, .value]

    private var figures: DataTable {
        DataTable(
            id: "figures-data",
            caption: "All figures, as tables print them; exports and the JSON in this page have every digit",
            header: ["target", "metric", "unit", "n"]
                + Self.statistics.map { $0 == .value ? "of the run" : $0.rawValue },
            rows: series.flatMap { one in
                one.picture.summary.metrics.filter { metric in metric.estimates.contains { $0.value != nil } }.map {
                    metric in
                    let decimals = EstimateCells.decimals(of: metric)
                    let cells = Self.statistics.map { statistic in
                        metric[statistic].map { EstimateCells($0, unit: metric.metric.unit, decimals: decimals).text }
                            ?? ""
                    }
                    let count = metric.estimates.first?.count ?? 0
                    return [one.label, metric.metric.title, UnitScale(metric.metric.unit).symbol, String(count)] + cells
                }
            }, nameColumns: 2)
    }

    private var definitions: DataTable {
        let metrics = series.first?.picture.summary.metrics.map(\.metric) ?? []
        return DataTable(
            id: "definitions-data", caption: "Definitions", header: ["name", "title", "unit", "definition", "formula"],
            rows: metrics.map { [$0.name, $0.title, $0.unit.rawValue, $0.definition, $0.formula] })
    }

    private func environment(_ summary: RunSummary) -> Markup {
        let painter = Painter(hasColor: false, hasUnicode: true)
        let table = DataTable(
            id: "environment-\(summary.run.id)", caption: "Run \(summary.run.id): how it was measured",
            header: ["condition", "value"],
            rows: [["load", Phrases(painter: painter).load(summary.run)]]
                + EnvironmentLines(run: summary.run, painter: painter).pairs.map { [$0.label, $0.text] })
        return table.table.wrapped(label: table.caption)
    }
}
