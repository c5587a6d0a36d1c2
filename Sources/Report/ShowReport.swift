package import Timeline

/// Requests of a run: a list of them, such as the slowest, and one in detail.
package struct ShowReport: Sendable {
    /// A request with figures that have been computed before, in milliseconds; nil where there are none.
    package struct Row: Sendable {
        package var record: StreamRecord
        /// The run that the request belongs to; nil leaves out what only it tells, such as the time of day.
        package var run: RunDescription?
        package var timeToFirstToken: Double?
        package var timePerOutputToken: Double?
        package var endToEnd: Double?
        package var longestGap: Double?
        package var outputTokens: Int?

        package init(
            record: StreamRecord, run: RunDescription? = nil, timeToFirstToken: Double?, timePerOutputToken: Double?,
            endToEnd: Double?, longestGap: Double?, outputTokens: Int?
        ) {
            self.record = record
            self.run = run
            self.timeToFirstToken = timeToFirstToken
            self.timePerOutputToken = timePerOutputToken
            self.endToEnd = endToEnd
            self.longestGap = longestGap
            self.outputTokens = outputTokens
        }
    }

    let painter: Painter
    let width: Int

    package init(options: TableReport.Options = TableReport.Options()) {
        painter = Painter(hasColor: options.color, hasUnicode: options.unicode)
        width = max(60, options.width)
    }

    /// Requests, a line each, in the order given.
    package func list(_ rows: [Row]) -> String {
        guard !rows.isEmpty else { return "no requests\n" }
        var table = TextTable(columns: [
            TextTable.Column(header: "request", alignment: .right, emphasis: .strong),
            TextTable.Column(header: "target", alignment: .left, importance: 60),
            TextTable.Column(header: "TTFT", unit: "ms", alignment: .decimal),
            TextTable.Column(header: "TPOT", unit: "ms/token", alignment: .decimal),
            TextTable.Column(header: "longest gap", unit: "ms", alignment: .decimal, importance: 70),
            TextTable.Column(header: "E2E", unit: "ms", alignment: .decimal),
            TextTable.Column(header: "tokens", alignment: .right),
            TextTable.Column(header: "outcome", alignment: .left),
        ])
        let names = painter.names(rows.map(\.record.target), width: max(24, width - 76))
        for (row, targetName) in zip(rows, names) {
            let outcome = row.record.outcome
            let name = [outcome.outcomeClass.rawValue, outcome.detail].compactMap(\.self).joined(separator: " ")
            let texts = [
                Self.identity(row.record), targetName,
                Self.number(row.timeToFirstToken), Self.number(row.timePerOutputToken), Self.number(row.longestGap),
                Self.number(row.endToEnd), row.outputTokens.map(String.init) ?? "-", painter.clean(name, width: 36),
            ]
            table.rows.append(texts.map { TextTable.Cell($0) })
        }
        return table.lines(width: width, painter: painter).map { "\($0)\n" }.joined()
    }

    /// The index, with the attempt where it is not the first.
    static func identity(_ record: StreamRecord) -> String {
        record.attempt > 1 ? "\(record.requestIndex).\(record.attempt)" : String(record.requestIndex)
    }

    private static func number(_ value: Double?) -> String { value.map(NumberFormat.significant) ?? "-" }
}
