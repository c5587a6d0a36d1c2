import Timeline

/// The table `requests`: which columns hold a record, and how a record becomes a row.
struct RequestTable {
    /// In the order in which `bind` and `record` go through them.
    private static let columns = [
        "request_index", "attempt", "target", "phase", "prompt_id", "client_request_id", "asked_tokens_at_most",
        "asked_tokens_exactly", "planned_ns", "dispatched_ns", "sent_ns", "first_byte_ns", "headers_complete_ns",
        "terminal_ns", "closed_ns", "is_new_connection", "name_lookup_ns", "connect_ns", "tls_ns", "remote_address",
        "send_count", "http_status", "http_version", "response_headers", "read_count", "bytes_received",
        "finish_reason", "has_usage", "input_tokens", "output_tokens", "reasoning_tokens", "cached_tokens",
        "served_model", "system_fingerprint", "response_id", "server_timings", "outcome", "outcome_detail",
        "outcome_message", "warnings", "has_every_event", "events", "event_texts", "raw_body",
        "body_capture",
        "retry_wait_ns", "retry_due_ns", "retry_after_ns", "rate_limits", "upstream_provider",
        "pair_index", "cancelled_ns", "server_noticed_ns", "server_stopped_ns", "server_tokens_after",
        "answer_marks", "last_event_id", "reconnect_after_ns", "breaks", "counted_input", "counted_output",
    ]

    static let insertion =
        "INSERT INTO requests (run_id, \(columns.joined(separator: ", "))) VALUES (?"
        + String(repeating: ", ?", count: columns.count) + ")"

    /// Takes a run's id and gives its records in the order of the plan.
    static let selection =
        "SELECT \(columns.joined(separator: ", ")) FROM requests WHERE run_id = ? ORDER BY request_index, attempt"

    /// Takes a row's number, a run's id and a limit, and gives the run's records behind that row, as they were committed,
    /// each with its row's number at its end.
    ///
    /// The sign before the column keeps SQLite from sorting a whole run by the index of runs.
    static let following =
        "SELECT \(columns.joined(separator: ", ")), rowid FROM requests WHERE rowid > ? AND +run_id = ? "
        + "ORDER BY rowid LIMIT ?"

    static func bind(_ record: StreamRecord, runID: String, started: Instant, to statement: Statement) {
        statement.bind(runID)
        bindPlan(record, to: statement)
        bindInstants(record, started: started, to: statement)
        bindTransfer(record, to: statement)
        bindMeaning(record, to: statement)
        bindContent(record, to: statement)
        bindRetries(record, started: started, to: statement)
        statement.bind(record.cancellation.map { $0.instant.offset(from: started) })
        bind(record.cancellation?.aftermath, started: started, to: statement)
        statement.bind(record.answerMarks?.json.text)
        statement.bind(record.reconnection?.lastEventID)
        statement.bind(record.reconnection?.retry?.count)
        statement.bind(
            record.breaks.isEmpty ? nil : JSONValue.array(record.breaks.map { $0.json(started: started) }).text)
        statement.bind(record.counted?.input)
        statement.bind(record.counted?.output)
    }

    /// Takes a run's id, a request's index and its attempt last, after what the server's log says.
    static let aftermathUpdate = """
        UPDATE requests SET server_noticed_ns = ?, server_stopped_ns = ?, server_tokens_after = ?
        WHERE run_id = ? AND request_index = ? AND attempt = ? AND cancelled_ns IS NOT NULL
        """

    static func bind(_ aftermath: ServerAftermath?, started: Instant, to statement: Statement) {
        statement.bind(aftermath.map { $0.noticed.offset(from: started) })
        statement.bind(aftermath.map { $0.stopped.offset(from: started) })
        statement.bind(aftermath?.tokens)
    }

    private static func bindPlan(_ record: StreamRecord, to statement: Statement) {
        statement.bind(record.requestIndex)
        statement.bind(record.attempt)
        statement.bind(record.target)
        statement.bind(record.phase.rawValue)
        statement.bind(record.promptID)
        statement.bind(record.clientRequestID)
        switch record.outputLength {
        case .atMost(let tokens)?:
            statement.bind(tokens)
            statement.bind(Int?.none)
        case .exactly(let tokens)?:
            statement.bind(Int?.none)
            statement.bind(tokens)
        case nil:
            statement.bind(Int?.none)
            statement.bind(Int?.none)
        }
    }

    private static func bindInstants(_ record: StreamRecord, started: Instant, to statement: Statement) {
        let instants = [
            record.planned, record.dispatched, record.sent, record.firstByte, record.headersComplete, record.terminal,
            record.closed,
        ]
        for instant in instants { statement.bind(instant.map { $0.offset(from: started) }) }
    }

    private static func bindTransfer(_ record: StreamRecord, to statement: Statement) {
        statement.bind(record.connection.isNew)
        statement.bind(record.connection.nameLookup.count)
        statement.bind(record.connection.connect.count)
        statement.bind(record.connection.tls.count)
        statement.bind(record.connection.remoteAddress)
        statement.bind(record.sendCount)
        statement.bind(record.httpStatus)
        statement.bind(record.httpVersion)
        statement.bind(JSONValue.array(record.responseHeaders.map { [.string($0.name), .string($0.value)] }).text)
        statement.bind(record.readCount)
        statement.bind(record.bytesReceived)
    }

    private static func bindMeaning(_ record: StreamRecord, to statement: Statement) {
        statement.bind(record.finishReason)
        statement.bind(record.usage != nil)
        statement.bind(record.usage?.input)
        statement.bind(record.usage?.output)
        statement.bind(record.usage?.reasoning)
        statement.bind(record.usage?.cached)
        statement.bind(record.servedModel)
        statement.bind(record.systemFingerprint)
        statement.bind(record.responseID)
        statement.bind(record.serverTimings?.text)
        statement.bind(record.outcome.outcomeClass.rawValue)
        statement.bind(record.outcome.detail)
        statement.bind(record.outcome.message)
        statement.bind(JSONValue(texts: record.warnings).text)
    }

    private static func bindContent(_ record: StreamRecord, to statement: Statement) {
        statement.bind(record.hasEveryEvent)
        statement.bind(text: PackedEvents.text(of: record.events, planned: record.planned))
        let hasTexts = record.events.contains { $0.text != nil }
        statement.bind(
            hasTexts ? JSONValue.array(record.events.map { $0.text.map { .string($0) } ?? .null }).text : nil)
        statement.bind(blob: record.rawBody)
        statement.bind(record.bodyCapture.map { PackedCapture.value(of: $0, planned: record.planned).text })
    }

    private static func bindRetries(_ record: StreamRecord, started: Instant, to statement: Statement) {
        statement.bind(record.retryWait?.length.count)
        statement.bind(record.retryWait.map { $0.due.offset(from: started) })
        statement.bind(record.rateLimits?.retryAfter?.count)
        statement.bind(record.rateLimits?.json.text)
        statement.bind(record.upstreamProvider)
        statement.bind(record.pairIndex)
    }
}

extension Instant {
    /// The nanoseconds since another instant; wraps round, so that adding them again gives the instant whatever it was.
    func offset(from start: Instant) -> Int64 { nanoseconds &- start.nanoseconds }

    init(offset: Int, from start: Instant) { self.init(nanoseconds: start.nanoseconds &+ Int64(offset)) }
}
