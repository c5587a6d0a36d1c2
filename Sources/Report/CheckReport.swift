package import Metrics
package import Timeline

/// One budget of a run and how it was kept; whether it was met has been decided before.
package struct BudgetLine: Sendable, Equatable {
    package var target: String
    /// As scenarios write it, such as `ttft.p95`.
    package var key: String
    package var comparison: Budget.Comparison
    /// In the metric's own unit.
    package var limit: Double
    package var unit: MetricDefinition.Unit
    /// Nil where there was nothing to compute it from.
    package var value: Double?
    package var interval: ClosedRange<Double>?
    package var outcome: BudgetVerdict.Outcome
    /// What else a reader should know, such as too few requests.
    package var note: String?

    package init(
        target: String, key: String, comparison: Budget.Comparison, limit: Double, unit: MetricDefinition.Unit,
        value: Double?, interval: ClosedRange<Double>? = nil, outcome: BudgetVerdict.Outcome,
        note: String? = nil
    ) {
        self.target = target
        self.key = key
        self.comparison = comparison
        self.limit = limit
        self.unit = unit
        self.value = value
        self.interval = interval
        self.outcome = outcome
        self.note = note
    }
}

/// The budgets of a run: which are met and which are broken.
package struct CheckReport: Sendable {
    let runID: String
    let lines: [BudgetLine]
    let history: [HistoryVerdict]
    /// Why the run itself is not valid; empty where it is.
    let flaws: [String]

    package init(runID: String, lines: [BudgetLine], history: [HistoryVerdict] = [], flaws: [String] = []) {
        self.flaws = flaws
        self.runID = runID
        self.lines = lines
        self.history = history
    }

    /// The budgets for a terminal, a line each and one that sums up.
    package func table(options: TableReport.Options = TableReport.Options()) -> String {
        let painter = Painter(hasColor: options.color, hasUnicode: options.unicode)
        let hasTargets = Set(lines.map(\.target)).count > 1
        var table = TextTable(
            columns: [TextTable.Column(header: "", alignment: .left)]
                + (0..<2).map { _ in TextTable.Column(header: "", alignment: .left) } + [
                    TextTable.Column(header: "", alignment: .decimal, emphasis: .strong),
                    TextTable.Column(header: "", alignment: .left),
                    TextTable.Column(header: "", alignment: .left, emphasis: .faint),
                    TextTable.Column(header: "", alignment: .left),
                ], hasHeader: false)
        for line in lines {
            let mark =
                switch line.outcome {
                case .met: TextTable.Cell("met", .good)
                case .broken: TextTable.Cell("BROKEN", .bad)
                case .undecided: TextTable.Cell("open", .warning)
                }
            let texts = cells(of: line, painter)
            table.rows.append(
                [mark, TextTable.Cell(hasTargets ? painter.clean(line.target) : "")]
                    + texts.map { TextTable.Cell($0) })
        }
        var output = lines.isEmpty ? [] : table.lines(width: max(60, options.width), painter: painter)
        if !lines.isEmpty || history.isEmpty { output.append(verdict(painter)) }
        output += historyLines(painter)
        output += flaws.map { painter.paint(painter.clean("invalid: \($0)"), .bad) }
        return output.map { "\($0)\n" }.joined()
    }

    package var json: String {
        let value: JSONValue = [
            "schema_version": .integer(JSONReport.schemaVersion), "run_id": .string(runID),
            "met": .bool(lines.allSatisfy { $0.outcome == .met }), "valid": .bool(flaws.isEmpty),
            "invalid_because": .strings(flaws),
            "verdict": .string(word), "budgets": .array(lines.map(Self.value)),
            "history": .array(history.map(Self.value)),
        ]
        return value.indentedText + "\n"
    }

    func cells(of line: BudgetLine, _ painter: Painter) -> [String] {
        let scale = UnitScale(line.unit)
        let bounds = line.interval.map(scale.scaled)
        let value = line.value.map { $0 * scale.factor }
        let decimals = value.map { distinct($0, interval: bounds, limit: line.limit * scale.factor) } ?? 0
        let sign = line.comparison == .atMost ? painter.atMost : painter.atLeast
        let limit = "\(sign) \(NumberFormat.trimmed(line.limit * scale.factor)) \(scale.symbol)"
        return [
            painter.clean(line.key), value.map { NumberFormat.fixed($0, decimals: decimals) } ?? "-", limit,
            bounds.map { NumberFormat.interval($0, decimals: decimals) } ?? "",
            line.note.map { painter.clean($0) } ?? "",
        ]
    }

    /// As many decimals as keep a value that differs from its limit from printing as the limit.
    private func distinct(_ value: Double, interval: ClosedRange<Double>?, limit: Double) -> Int {
        var decimals = NumberFormat.decimals(for: value, interval: interval)
        let same = { NumberFormat.fixed(value, decimals: decimals) == NumberFormat.fixed(limit, decimals: decimals) }
        while value != limit, decimals < 6, same() { decimals += 1 }
        return decimals
    }

    private func verdict(_ painter: Painter) -> String {
        let broken = lines.count { $0.outcome == .broken }
        let open = lines.count { $0.outcome == .undecided }
        let run = painter.clean(runID)
        if lines.isEmpty { return "run \(run) has no budgets: nothing was checked" }
        if broken == 0, open > 0 {
            return painter.paint(
                "\(open) of \(lines.count) budgets of run \(run) cannot be decided"
                    + (open < lines.count ? "; the others are met" : ""), .warning)
        }
        if broken == 0 { return painter.paint("all \(lines.count) budgets of run \(run) are met", .good) }
        return painter.paint("\(broken) of \(lines.count) budgets of run \(run) broken", .bad)
    }

    private static func value(_ line: BudgetLine) -> JSONValue {
        [
            "target": .string(line.target), "key": .string(line.key), "comparison": .string(line.comparison.rawValue),
            "limit": .rounded(line.limit), "unit": .string(line.unit.rawValue), "value": .rounded(line.value),
            "ci_low": .rounded(line.interval?.lowerBound), "ci_high": .rounded(line.interval?.upperBound),
            "met": .bool(line.outcome == .met), "outcome": .string(line.outcome.rawValue),
            "note": .optional(line.note),
        ]
    }
}
