import Metrics
import Timeline

/// The figures of the short form: a row per metric for one target, a row per target for several.
extension TableReport {
    /// The metrics of the short form, by name.
    private static let shownMetrics = ["ttft", "tpot", "itl", "e2e", "output_speed"]

    var figureLines: [String] {
        if summary.targets.count == 1, let target = summary.targets.first, target.parts.isEmpty {
            return metricTable(target).lines(width: width, painter: painter) + [throughputLine(target)]
        }
        return targetTable.lines(width: width, painter: painter) + objectivesLine
    }

    private func metricTable(_ target: TargetSummary) -> TextTable {
        var table = TextTable(columns: [
            TextTable.Column(header: "", alignment: .left),
            TextTable.Column(header: "", alignment: .right, emphasis: .faint),
            TextTable.Column(header: "p50", alignment: .decimal, emphasis: .strong),
            TextTable.Column(header: "95 % CI", alignment: .left, importance: 80, emphasis: .faint),
            TextTable.Column(header: "p90", alignment: .decimal, importance: 20),
            TextTable.Column(header: "p95", alignment: .decimal),
            TextTable.Column(header: "p99", alignment: .decimal),
            TextTable.Column(header: "95 % CI", alignment: .left, importance: 60, emphasis: .faint),
            TextTable.Column(header: "max", alignment: .decimal, importance: 40),
        ])
        for metric in Self.shownMetrics.compactMap({ target[metric: $0] }) {
            let unit = metric.metric.unit
            let decimals = EstimateCells.decimals(of: metric)
            let cells = [Statistic.p50, .p90, .p95, .p99, .max].map {
                EstimateCells(metric[$0], unit: unit, decimals: decimals)
            }
            let texts = [
                painter.clean(metric.metric.title, width: 24), UnitScale(unit).symbol, cells[0].value,
                cells[0].interval, cells[1].value, cells[2].value, cells[3].value, cells[3].interval, cells[4].value,
            ]
            table.rows.append(texts.map { TextTable.Cell($0) })
        }
        return table
    }

    private func throughputLine(_ target: TargetSummary) -> String {
        var parts = ["output_throughput", "request_throughput"].compactMap { name in
            target[metric: name].map { metric in
                "\(EstimateCells(metric[.value], unit: metric.metric.unit).text) \(UnitScale(metric.metric.unit).symbol)"
            }
        }
        if !summary.run.objectives.isEmpty, let goodput = target[metric: "goodput"] {
            let share = EstimateCells(goodput[.value], unit: .share)
            let objectives = phrases.objectives(summary.run, summary.targets)
            parts += ["goodput \(share.value) % \(share.interval)", "goal: \(objectives)"]
        }
        return labelled("throughput", parts)
    }

    private var objectivesLine: [String] {
        guard !summary.run.objectives.isEmpty else { return [] }
        return [labelled("goodput", ["the share of requests with \(phrases.objectives(summary.run, summary.targets))"])]
    }

    /// The figures of a row per target; those of the lowest importance go first where the width is short.
    private static let targetFigures: [(header: String, name: String, statistic: Statistic, importance: Int)] = [
        ("TTFT p50", "ttft", .p50, 100), ("p95", "ttft", .p95, 60), ("TPOT p50", "tpot", .p50, 90),
        ("speed p50", "output_speed", .p50, 80), ("E2E p50", "e2e", .p50, 50),
        ("total", "output_throughput", .value, 70),
    ]

    /// One row per target, in the run's order.
    private var targetTable: TextTable {
        var table = TextTable(columns: [TextTable.Column(header: "", alignment: .left)])
        for (index, figure) in Self.targetFigures.enumerated() {
            table.columns.append(
                TextTable.Column(
                    header: figure.header, unit: unit(of: figure.name), alignment: .decimal,
                    importance: figure.importance, emphasis: index == 0 ? .strong : .none))
            guard index == 0 else { continue }
            table.columns.append(
                TextTable.Column(header: "95 % CI", alignment: .left, importance: 75, emphasis: .faint))
        }
        table.columns.append(TextTable.Column(header: "goodput", alignment: .decimal, importance: 85))
        table.columns.append(TextTable.Column(header: "ok", alignment: .right))
        table.rows = summary.targets.flatMap(rows)
        // Names are cut only where all figures and they do not fit, and then to a width that leaves most figures.
        let longNames = table.rows.map { $0[0].text }
        for index in table.rows.indices { table.rows[index][0] = "" }
        let room = max(Self.nameWidth, width - table.fullWidth - 2)
        for (index, name) in painter.names(longNames, width: room).enumerated() {
            table.rows[index][0] = TextTable.Cell(name)
        }
        return table
    }

    /// What names of targets are never cut below.
    private static let nameWidth = 36

    /// A target's row, or one for each of those who answered under its name.
    private func rows(_ target: TargetSummary) -> [[TextTable.Cell]] {
        guard !target.parts.isEmpty else { return [row(target, name: target.target.name)] }
        let identities = target.parts.map(\.identity).filter { $0 != ServedIdentity() }
        return target.parts.map { part in
            let label = Self.label(part.identity, among: identities)
            return row(part.summary, name: summary.targets.count > 1 ? "\(target.target.name): \(label)" : label)
        }
    }

    /// What tells one identity from the others.
    private static func label(_ identity: ServedIdentity, among identities: [ServedIdentity]) -> String {
        var parts: [String?] = []
        if Set(identities.map(\.model)).count > 1 { parts.append(identity.model) }
        if Set(identities.map(\.fingerprint)).count > 1 { parts.append(identity.fingerprint) }
        if Set(identities.map(\.provider)).count > 1 { parts.append(identity.provider) }
        let told = parts.compactMap(\.self)
        return told.isEmpty ? "not told" : told.joined(separator: ", ")
    }

    private func row(_ target: TargetSummary, name: String) -> [TextTable.Cell] {
        var row = [TextTable.Cell(painter.clean(name))]
        for (index, figure) in Self.targetFigures.enumerated() {
            let metric = target[metric: figure.name]
            let cells = EstimateCells(
                metric?[figure.statistic], unit: metric?.metric.unit ?? .count,
                decimals: metric.map(EstimateCells.decimals(of:)))
            row.append(TextTable.Cell(cells.value))
            if index == 0 { row.append(TextTable.Cell(cells.interval)) }
        }
        let goodput = EstimateCells(target[metric: "goodput"]?[.value], unit: .share).value
        let isTold = !summary.run.objectives.isEmpty && goodput != "-"
        row.append(TextTable.Cell(isTold ? "\(goodput) %" : summary.run.objectives.isEmpty ? "" : "-"))
        let isGood = target.complete == target.requests
        let empty = target.outcomes.filter { $0.outcome == .okEmpty }.reduce(0) { $0 + $1.count }
        let answers = "\(target.complete)/\(target.requests)" + (empty == 0 ? "" : ", \(empty) empty")
        row.append(TextTable.Cell(answers, isGood && empty == 0 ? Painter.Emphasis.none : .bad))
        return row
    }

    private func unit(of name: String) -> String {
        let metrics = summary.targets.lazy.compactMap { $0[metric: name] }
        return metrics.first.map { UnitScale($0.metric.unit).symbol } ?? ""
    }
}
