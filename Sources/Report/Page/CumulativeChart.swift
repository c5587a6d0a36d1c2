import Metrics
import Timeline

/// The share of values up to each value, one curve a series, with the interval of each quantile and the limits that were set.
struct CumulativeChart {
    let series: [Series]
    let metric: String
    /// The element's name in the page.
    let id: String
    let caption: String

    /// A limit that a scenario set on the metric.
    struct Limit: Hashable {
        var label: String
        var value: Double
    }

    var figure: Figure? {
        let drawn = series.compactMap { one in one.picture.distributions[metric].map { (one, $0) } }
        guard let first = drawn.first?.1.metric else { return nil }
        let limits = limits
        let values = drawn.flatMap { $0.1.points.map(\.value) }
        let scale = Scale.logarithmic(values + limits.map(\.value))
        let plot = Plot(
            x: Axis("\(first.title), \(UnitScale(first.unit).symbol)", scale: scale),
            y: .share("share of values at most as long"))
        let svg = plot.svg(
            id: "\(id)-chart", title: "\(first.title): cumulative distribution",
            description: description(drawn), readout: UnitScale(first.unit).symbol
        ) { markup in
            for (one, distribution) in drawn { draw(one, distribution, in: plot, to: &markup) }
            drawLimits(limits, in: plot, to: &markup)
        }
        return Figure(
            id: id, title: "\(first.title): how values are spread", caption: caption, key: Series.key(of: series),
            charts: [svg], tables: [EstimateTable(series: series, metric: metric, id: "\(id)-data").table])
    }

    private func draw(_ one: Series, _ distribution: Distribution, in plot: Plot, to markup: inout Markup) {
        let lower = distribution.bands.map { (x: plot.x($0.interval.lowerBound), y: plot.y($0.share)) }
        let upper = distribution.bands.reversed().map { (x: plot.x($0.interval.upperBound), y: plot.y($0.share)) }
        if lower.count > 1 {
            markup.element(
                "path",
                ["class": "band \(one.style.colorClass)", "d": PathData.through(lower + upper, isClosed: true)])
        }
        var path = PathData()
        for (index, point) in distribution.points.enumerated() {
            if index == 0 {
                path.move(plot.x(point.value), plot.y(0))
            } else {
                path.horizontal(to: plot.x(point.value))
            }
            path.vertical(to: plot.y(point.share))
        }
        markup.element(
            "path",
            [
                "class": "line \(one.style.colorClass)", "stroke-dasharray": one.style.dash, "d": path.text,
                "data-label": one.label,
            ])
        if let middle = distribution.quantiles.first(where: { $0.share >= 0.499 }) {
            one.style.drawMarker(plot.x(middle.value), plot.y(0.5), to: &markup)
        }
        markup.newLine()
    }

    private func drawLimits(_ limits: [Limit], in plot: Plot, to markup: inout Markup) {
        for (index, limit) in limits.enumerated() {
            let x = plot.x(limit.value)
            markup.element(
                "path",
                ["class": "limit", "d": PathData.through([(x, plot.top), (x, plot.height - plot.bottom)])])
            let isRight = x + LabelLayout.width(of: limit.label) + 6 > plot.width - plot.right
            // A line each, from the bottom up, where curves leave room.
            let y = plot.height - plot.bottom - 8 - Double(index) * 15
            Plot.label(
                limit.label, x + (isRight ? -5 : 5), y, isRight ? "end" : "start", class: "limit-name", to: &markup)
        }
    }

    /// The limits of all runs, each once.
    private var limits: [Limit] {
        var found: [Limit] = []
        for run in series.map(\.run) {
            for objective in run.objectives where objective.metric == metric {
                found.append(Limit(label: "slo \(NumberFormat.trimmed(objective.limit))", value: objective.limit))
            }
            for budget in run.budgets where budget.metric == metric {
                found.append(
                    Limit(
                        label: "budget \(budget.statistic ?? "") \(NumberFormat.trimmed(budget.limit))",
                        value: budget.limit))
            }
        }
        var seen: Set<Limit> = []
        return found.filter { seen.insert($0).inserted && $0.value > 0 }
    }

    private func description(_ drawn: [(Series, Distribution)]) -> String {
        drawn.map { one, distribution in
            let median = EstimateCells(
                one.picture.summary[metric: metric]?[.p50], unit: distribution.metric.unit
            ).text
            return "\(one.label): median \(median), of \(distribution.count) requests"
        }.joined(separator: "; ")
    }
}

/// The figures of one metric as summary.csv has them.
struct EstimateTable {
    let series: [Series]
    let metric: String
    let id: String

    var table: DataTable {
        let title = series.lazy.compactMap { $0.picture.summary[metric: metric] }.first?.metric
        var rows: [[String]] = []
        for one in series {
            for estimate in one.picture.summary[metric: metric]?.estimates ?? [] {
                rows.append(
                    [one.run.id, one.picture.summary.target.name, metric, estimate.statistic.rawValue]
                        + [estimate.value, estimate.interval?.lowerBound, estimate.interval?.upperBound]
                        .map(CSVText.number) + [String(estimate.count)])
            }
        }
        return DataTable(
            id: id, caption: "\(title?.title ?? metric), \(title?.unit.rawValue ?? "")",
            header: ["run_id", "target", "metric", "stat", "value", "ci_low", "ci_high", "n"], rows: rows,
            nameColumns: 4)
    }
}
