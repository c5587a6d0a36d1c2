package import Timeline

/// Requests of a run: a list of them, such as the slowest, and one in detail.
package struct ShowReport: Sendable {
    /// A request with figures that have been computed before, in milliseconds; nil where there are none.
    package struct Row: Sendable {
        package var record: StreamRecord
        package var timeToFirstToken: Double?
        package var timePerOutputToken: Double?
        package var endToEnd: Double?
        package var longestGap: Double?
        package var outputTokens: Int?

        package init(
            record: StreamRecord, timeToFirstToken: Double?, timePerOutputToken: Double?, endToEnd: Double?,
            longestGap: Double?, outputTokens: Int?
        ) {
            self.record = record
            self.timeToFirstToken = timeToFirstToken
            self.timePerOutputToken = timePerOutputToken
            self.endToEnd = endToEnd
            self.longestGap = longestGap
            self.outputTokens = outputTokens
        }
    }

    private let painter: Painter
    private let width: Int

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
        for row in rows {
            let outcome = row.record.outcome
            let name = [outcome.outcomeClass.rawValue, outcome.detail].compactMap(\.self).joined(separator: " ")
            let texts = [
                Self.identity(row.record), painter.clean(row.record.target, width: 24),
                Self.number(row.timeToFirstToken), Self.number(row.timePerOutputToken), Self.number(row.longestGap),
                Self.number(row.endToEnd), row.outputTokens.map(String.init) ?? "-", painter.clean(name, width: 36),
            ]
            table.rows.append(texts.map { TextTable.Cell($0) })
        }
        return table.lines(width: width, painter: painter).map { "\($0)\n" }.joined()
    }

    /// One request: its phases counted from `sent`, and what was said.
    package func detail(_ row: Row) -> String {
        let record = row.record
        let heading =
            "Request \(Self.identity(record)) of \(painter.clean(record.target, width: 40)), \(record.phase.rawValue)"
        var table = TextTable(
            columns: [
                TextTable.Column(header: "", alignment: .left),
                TextTable.Column(header: "", alignment: .decimal, emphasis: .strong),
                TextTable.Column(header: "", alignment: .left, emphasis: .faint),
            ], indentation: 2, hasHeader: false)
        for phase in phases(of: row) {
            let text = NumberFormat.fixed(phase.milliseconds, decimals: 3)
            table.rows.append([TextTable.Cell(phase.name), TextTable.Cell(text), TextTable.Cell("ms")])
        }
        let lines = [painter.paint(heading, .strong)] + table.lines(width: width, painter: painter) + facts(row)
        return lines.map { "\($0)\n" }.joined()
    }

    /// The instants in the order in which they pass, counted from `sent`, else from `planned`.
    private func phases(of row: Row) -> [(name: String, milliseconds: Double)] {
        let record = row.record
        let origin = record.sent ?? record.planned
        let contents = record.events.filter(\.kind.isContent)
        let instants: [(String, Instant?)] = [
            ("planned", record.planned), ("pause ended", record.retryWait?.due), ("dispatched", record.dispatched),
            ("sent", record.sent),
            ("first byte", record.firstByte), ("headers complete", record.headersComplete),
            ("first content", contents.first?.arrival), ("last content", contents.last?.arrival),
            ("terminal event", record.terminal), ("closed", record.closed),
        ]
        return instants.compactMap { name, instant in
            instant.map { (name: name, milliseconds: ($0 - origin).milliseconds) }
        }
    }

    private func facts(_ row: Row) -> [String] {
        let record = row.record
        let connection = record.connection
        let setup = [("name", connection.nameLookup), ("TCP", connection.connect), ("TLS", connection.tls)]
            .map { "\($0.0) \(NumberFormat.fixed($0.1.milliseconds, decimals: 3)) ms" }.joined(separator: ", ")
        let outcome = [record.outcome.outcomeClass.rawValue, record.outcome.detail, record.outcome.message]
        let facts: [(String, String?)] = [
            ("outcome", outcome.compactMap(\.self).joined(separator: ": ")),
            ("figures", figures(row)), ("finish", record.finishReason), ("model", served(record)),
            ("HTTP", record.httpStatus.map { "\($0), version \(record.httpVersion ?? "unknown")" }),
            ("connection", connection.isNew ? "new: \(setup)" : "used again"),
            ("waited", record.retryWait.map { "\(Self.number($0.length.milliseconds)) ms before this attempt" }),
            ("asked", record.rateLimits?.retryAfter.map { "to wait \(Self.number($0.milliseconds)) ms" }),
            ("sent", record.sendCount > 1 ? "\(record.sendCount) times: the connection failed and was retried" : nil),
            ("received", "\(record.events.count) events in \(record.readCount) reads, \(record.bytesReceived) bytes"),
            ("request id", record.clientRequestID.isEmpty ? nil : record.clientRequestID),
            ("response id", record.responseID), ("prompt", record.promptID.isEmpty ? nil : record.promptID),
        ]
        var table = TextTable(
            columns: [
                TextTable.Column(header: "", alignment: .left, emphasis: .faint),
                TextTable.Column(header: "", alignment: .left),
            ], indentation: 2, hasHeader: false)
        for (label, text) in facts + record.warnings.map({ ("!", Optional($0)) }) {
            guard let text else { continue }
            table.rows.append([TextTable.Cell(label), TextTable.Cell(painter.clean(text, width: width - 15))])
        }
        return table.lines(width: width, painter: painter)
    }

    private func served(_ record: StreamRecord) -> String? {
        let names = [record.servedModel, record.systemFingerprint, record.upstreamProvider].compactMap(\.self)
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }

    private func figures(_ row: Row) -> String {
        let figures: [(String, Double?, String)] = [
            ("TTFT", row.timeToFirstToken, "ms"), ("TPOT", row.timePerOutputToken, "ms/token"),
            ("longest gap", row.longestGap, "ms"), ("E2E", row.endToEnd, "ms"),
        ]
        let times = figures.compactMap { name, value, unit in
            value.map { "\(name) \(NumberFormat.fixed($0, decimals: 3)) \(unit)" }
        }
        return (times + (row.outputTokens.map { ["\($0) tokens"] } ?? [])).joined(separator: ", ")
    }

    /// The index, with the attempt where it is not the first.
    private static func identity(_ record: StreamRecord) -> String {
        record.attempt > 1 ? "\(record.requestIndex).\(record.attempt)" : String(record.requestIndex)
    }

    private static func number(_ value: Double?) -> String { value.map(NumberFormat.significant) ?? "-" }
}
