package import Timeline

/// The runs of a database, a line each.
package struct RunsListReport: Sendable {
    /// A run and what has been counted in it.
    package struct Row: Sendable {
        package var run: RunDescription
        package var requests: Int
        package var attempts: Int
        package var complete: Int

        /// Creates a row; where the number of requests is not given, none was tried again.
        package init(run: RunDescription, requests: Int? = nil, attempts: Int, complete: Int) {
            self.run = run
            self.requests = requests ?? attempts
            self.attempts = attempts
            self.complete = complete
        }
    }

    private let rows: [Row]

    /// Creates a list that keeps the order of its rows.
    package init(rows: [Row]) { self.rows = rows }

    package func table(options: TableReport.Options = TableReport.Options()) -> String {
        guard !rows.isEmpty else { return "no runs\n" }
        let painter = Painter(hasColor: options.color, hasUnicode: options.unicode)
        var table = TextTable(columns: [
            TextTable.Column(header: "run", alignment: .left, emphasis: .strong),
            TextTable.Column(header: "started", alignment: .left),
            TextTable.Column(header: "scenario", alignment: .left),
            TextTable.Column(header: "targets", alignment: .left, importance: 60),
            TextTable.Column(header: "ok", alignment: .right), TextTable.Column(header: "status", alignment: .left),
            TextTable.Column(header: "tags", alignment: .left, importance: 70),
        ])
        for row in rows {
            let names = painter.names(row.run.targets.map(\.name), width: max(20, (options.width - 100) / 2))
            let more = names.count > 2 ? " +\(names.count - 2)" : ""
            let texts = [
                painter.clean(row.run.id), UTCTimestamp(nanosecondsSince1970: row.run.startedWallClock).spoken,
                painter.clean(row.run.scenarioName, width: 24), names.prefix(2).joined(separator: ", ") + more,
                "\(row.complete)/\(row.requests)", row.run.status.rawValue,
                painter.clean(row.run.tags.joined(separator: ", "), width: 24),
            ]
            table.rows.append(texts.map { TextTable.Cell($0) })
        }
        return table.lines(width: max(60, options.width), painter: painter).map { "\($0)\n" }.joined()
    }

    package var json: String {
        let value: JSONValue = [
            "schema_version": .integer(JSONReport.schemaVersion), "runs": .array(rows.map(Self.value)),
        ]
        return value.indentedText + "\n"
    }

    private static func value(_ row: Row) -> JSONValue {
        [
            "id": .string(row.run.id),
            "started_at_utc": .string(UTCTimestamp(nanosecondsSince1970: row.run.startedWallClock).iso8601),
            "scenario": .string(row.run.scenarioName), "targets": .strings(row.run.targets.map(\.name)),
            "requests": .integer(row.requests), "attempts": .integer(row.attempts), "complete": .integer(row.complete),
            "status": .string(row.run.status.rawValue), "imported_from": .optional(row.run.importedFrom?.tool),
            "tags": .strings(row.run.tags),
        ]
    }
}
