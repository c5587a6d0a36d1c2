import Timeline

/// Reads a requests.csv of an export back into records, with the events.csv beside it where that has the run's events.
package struct RequestsCSVReader {
    private static let required = [
        "run_id", "request_index", "attempt", "phase", "target", "status", "start_offset_ms",
    ]

    /// No request is tried more often.
    static let attempts = 1...64
    private static let statusCodes = 100...999
    private static let greatestBody = 1 << 50

    /// What stands in for the events where there is no events.csv.
    private static let requiredWithoutEvents = ["ttft_ms", "ttlt_ms", "e2e_ms"]

    /// Reads the file and groups its records by run and target, in the order of their first rows.
    package static func targets(path: String) throws(ExchangeError) -> [ImportedTarget] {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let events = try EventsCSV(besidePath: directory + "events.csv")
        var table = try CSVTable(path: path, required: required, file: "the requests.csv of an export")
        var targets: [ImportedTarget] = []
        var positions: [String: Int] = [:]
        var keys: Set<AttemptKey> = []
        while try table.next() {
            let record = try record(from: table, events: events)
            let runID = try table.requiredText("run_id")
            let key = AttemptKey(runID: runID, requestIndex: record.requestIndex, attempt: record.attempt)
            guard keys.insert(key).inserted else {
                throw table.problem("request_index", "the file has this run, request and attempt twice")
            }
            let group = "\(runID)\n\(record.target)"
            if let position = positions[group] {
                targets[position].records.append(record)
            } else {
                positions[group] = targets.count
                targets.append(target(from: table, runID: runID, record: record))
            }
        }
        guard !targets.isEmpty else { throw table.problem("run_id", "the file has a header and no rows") }
        return targets
    }

    private static func target(from table: CSVTable, runID: String, record: StreamRecord) -> ImportedTarget {
        let target = TargetRun(
            name: record.target, api: table.text("api") ?? "", model: table.text("model") ?? "", baseURL: "")
        return ImportedTarget(
            runID: runID, scenario: table.text("scenario") ?? "", target: target, records: [record])
    }

    private static func record(from table: CSVTable, events: EventsCSV?) throws(ExchangeError) -> StreamRecord {
        var record = try facts(from: table)
        let key = AttemptKey(
            runID: try table.requiredText("run_id"), requestIndex: record.requestIndex, attempt: record.attempt)
        guard let events, events.runIDs.contains(key.runID) else {
            for name in requiredWithoutEvents where !table.has(name) {
                throw table.problem(
                    "run_id",
                    "without an events.csv beside the file it needs the column \(name)\(table.otherUnit(of: name))")
            }
            try RequestSketch(table: table, record: record).draw(into: &record, table)
            return record
        }
        record.events = try events.events(of: key, sent: record.sent)
        // One content event counts as one token where the server told nothing; kept, it would pass for the server's.
        if table.text("token_source") == "events" {
            for index in record.events.indices { record.events[index].tokens = nil }
        }
        let found = record.events.count { $0.kind.isContent }
        if let expected = try table.count("content_events"), expected != found {
            throw table.problem("content_events", "found \(expected), but events.csv has \(found) such rows")
        }
        record.readCount = (record.events.map(\.readIndex).max() ?? -1) + 1
        record.hasEveryEvent = try table.boolean("has_every_event") ?? true
        return record
    }

    /// A request is planned first, then dispatched, then sent.
    private static func checkOrder(
        planned: Instant?, dispatched: Instant?, sent: Instant?, in table: CSVTable
    ) throws(ExchangeError) {
        if let sent, let dispatched, sent < dispatched {
            throw table.problem("start_offset_ms", "the send comes before its dispatch, dispatch_offset_ms")
        }
        let next =
            dispatched.map { (name: "dispatch_offset_ms", instant: $0) }
            ?? sent.map { (name: "start_offset_ms", instant: $0) }
        if let planned, let next, next.instant < planned {
            throw table.problem(next.name, "it comes before the planned instant, planned_offset_ms")
        }
    }

    private static func rateLimits(from table: CSVTable) throws(ExchangeError) -> RateLimits? {
        var limits = RateLimits(retryAfter: try table.milliseconds("retry_after_ms"))
        for name in RequestColumns.limitNames {
            let allowance = RateLimits.Allowance(
                name: name, limit: try table.integer("limit_\(name)"),
                remaining: try table.integer("remaining_\(name)"),
                reset: try table.signedMilliseconds("reset_\(name)_ms"))
            if allowance != RateLimits.Allowance(name: name) { limits.allowances.append(allowance) }
        }
        return limits == RateLimits() ? nil : limits
    }

    /// Reads all but the events.
    private static func facts(from table: CSVTable) throws(ExchangeError) -> StreamRecord {
        let start = Instant(nanoseconds: 0)
        let sent = try table.milliseconds("start_offset_ms").map { start + $0 }
        let dispatched = try table.milliseconds("dispatch_offset_ms").map { start + $0 }
        // Other tools plan before their first request, with which a run of theirs begins.
        let planned = try table.signedMilliseconds("planned_offset_ms").map { start + $0 }
        try checkOrder(planned: planned, dispatched: dispatched, sent: sent, in: table)
        var record = StreamRecord(
            requestIndex: try table.requiredCount("request_index"),
            attempt: try table.requiredInteger("attempt", in: attempts), target: try table.requiredText("target"),
            phase: try table.value("phase"),
            promptID: table.text("prompt_id") ?? "", clientRequestID: table.text("client_request_id") ?? "",
            planned: planned ?? dispatched ?? sent ?? start, dispatched: dispatched, sent: sent)
        if let length = try table.milliseconds("retry_wait_ms"), let due = try table.milliseconds("retry_due_offset_ms")
        {
            record.retryWait = RetryWait(length: length, due: start + due)
        }
        record.rateLimits = try rateLimits(from: table)
        record.sendCount = try table.count("sends") ?? 1
        if let sent {
            record.firstByte = try table.milliseconds("ttfb_ms").map { sent + $0 }
            record.terminal = try table.milliseconds("e2e_ms").map { sent + $0 }
            record.cancellation = try table.milliseconds("cancel_time_ms").map { Cancellation(instant: sent + $0) }
        }
        record.connection = ConnectionPhases(
            isNew: try table.boolean("conn_reused").map { !$0 } ?? false,
            nameLookup: try table.milliseconds("dns_ms") ?? .zero,
            connect: try table.milliseconds("connect_ms") ?? .zero, tls: try table.milliseconds("tls_ms") ?? .zero)
        record.httpStatus = try table.integer("http_status", in: statusCodes)
        record.httpVersion = table.text("http_version")
        record.bytesReceived = try table.integer("bytes_received", in: 0...greatestBody) ?? 0
        record.finishReason = table.text("finish_reason")
        record.servedModel = table.text("served_model")
        record.systemFingerprint = table.text("system_fingerprint")
        record.upstreamProvider = table.text("upstream_provider")
        let usage = TokenUsage(
            input: try table.count("input_tokens"), output: try table.count("output_tokens"),
            reasoning: try table.count("reasoning_tokens"), cached: try table.count("cached_tokens"))
        record.usage = usage == TokenUsage() ? nil : usage
        record.outcome = StreamOutcome(
            try table.value("status"), detail: table.text("error_kind"), message: table.text("error_message"))
        return record
    }
}

/// What names an attempt in all files of an export.
struct AttemptKey: Hashable {
    var runID: String
    var requestIndex: Int
    var attempt: Int
}
