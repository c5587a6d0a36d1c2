import Metrics
import Timeline

/// Everything that is known of one target, for `--full`.
struct FullTargetTable: Sendable {
    private let target: TargetSummary
    private let painter: Painter

    init(_ target: TargetSummary, painter: Painter) {
        self.target = target
        self.painter = painter
    }

    func lines(width: Int) -> [String] {
        [heading(width)] + figures.lines(width: width, painter: painter) + counts(width)
    }

    private func heading(_ width: Int) -> String {
        let run = target.target
        let text = painter.clean(
            "\(run.name): \(run.api) \(run.model) at \(run.baseURL), HTTP/\(run.httpVersion.rawValue), "
                + "connections: \(run.connections.rawValue)\(run.isSimulated ? ", simulated" : "")", width: width)
        return painter.paint(text, .strong)
    }

    private var figures: TextTable {
        var table = TextTable(
            columns: [
                TextTable.Column(header: "metric", alignment: .left),
                TextTable.Column(header: "unit", alignment: .left, importance: 70, emphasis: .faint),
                TextTable.Column(header: "", alignment: .left),
                TextTable.Column(header: "value", alignment: .decimal, emphasis: .strong),
                TextTable.Column(header: "95 % CI", alignment: .left, emphasis: .faint),
                TextTable.Column(header: "without stamp delay", alignment: .left, importance: 60),
                TextTable.Column(header: "n", alignment: .right, importance: 50),
                TextTable.Column(header: "method", alignment: .left, importance: 40, emphasis: .faint),
            ], indentation: 2)
        for metric in target.metrics where metric.estimates.contains(where: { $0.value != nil }) {
            let unit = metric.metric.unit
            let scale = UnitScale(unit)
            let decimals = EstimateCells.decimals(of: metric)
            for (index, estimate) in metric.estimates.enumerated() {
                let cells = EstimateCells(estimate, unit: unit, decimals: decimals)
                let range = estimate.measurementRange.map { spelled(scale.scaled($0), decimals: decimals) }
                let texts = [
                    index == 0 ? painter.clean(metric.metric.title, width: 24) : "", index == 0 ? scale.symbol : "",
                    estimate.statistic.rawValue, cells.value, cells.interval, range ?? "", String(estimate.count),
                    estimate.method == "none" ? "" : painter.clean(estimate.method, width: 32),
                ]
                table.rows.append(texts.map { TextTable.Cell($0) })
            }
        }
        return table
    }

    /// A range with as many decimals as show that it has a width, for it is often narrower than the figure's rounding.
    private func spelled(_ range: ClosedRange<Double>, decimals: Int) -> String {
        let width = range.upperBound - range.lowerBound
        guard width > 0 else { return "unchanged" }
        let needed = NumberFormat.decimals(for: width) - 1
        return NumberFormat.interval(range, decimals: min(max(decimals, needed), 6))
    }

    private func counts(_ width: Int) -> [String] {
        var table = TextTable(
            columns: [
                TextTable.Column(header: "", alignment: .left, emphasis: .faint),
                TextTable.Column(header: "", alignment: .left),
            ], indentation: 2, hasHeader: false)
        for outcome in target.outcomes {
            let name = [outcome.outcome.rawValue, outcome.detail].compactMap(\.self).joined(separator: " ")
            let example = outcome.example.map { ": \"\($0)\"" } ?? ""
            table.rows.append(row("outcome", "\(outcome.count) \(name)\(example)", width))
        }
        table.rows.append(
            row(
                "attempts",
                "\(target.attempts) measured of \(target.requests) requests, \(target.warmupAttempts) warm-up", width))
        for (label, values) in [
            ("tokens from", target.tokenSources), ("ended by", target.finishReasons),
            ("served by", target.servedModels),
        ] where !values.isEmpty {
            let ordered = values.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            table.rows.append(row(label, ordered.map { "\($0.key) \($0.value)" }.joined(separator: ", "), width))
        }
        for (label, spread) in [
            ("reading lag", target.error.lag), ("late by at most", target.error.lateBound),
            ("sent late by", target.error.queueDelay),
        ] {
            guard let spread else { continue }
            let values = [("p50", spread.p50), ("p99", spread.p99), ("max", spread.max)].map {
                "\($0.0) \(NumberFormat.bound(milliseconds: $0.1, micro: painter.micro))"
            }
            table.rows.append(row(label, values.joined(separator: ", "), width))
        }
        if let perRead = target.error.eventsPerRead {
            table.rows.append(row("events per read", NumberFormat.fixed(perRead, decimals: 3), width))
        }
        let limited = target.error.limitedFigures + target.error.furtherLimitedFigures
        if !limited.isEmpty {
            let label = target.error.isClientLimited ? "client limited" : "do not trust"
            let lines = PrintableText.wrap(limited.joined(separator: ", "), to: width - 19)
            table.rows += lines.enumerated().map { row($0.offset == 0 ? label : "", $0.element, width) }
        }
        return table.lines(width: width, painter: painter)
    }

    private func row(_ label: String, _ text: String, _ width: Int) -> [TextTable.Cell] {
        [TextTable.Cell(label), TextTable.Cell(painter.clean(text, width: width - 19))]
    }
}
