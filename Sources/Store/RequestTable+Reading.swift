import Timeline

extension RequestTable {
    /// Reads the record of the statement's current row.
    static func record(from statement: Statement, run: RunDescription) throws(StoreError) -> StreamRecord {
        let requestIndex = statement.integer()
        let attempt = statement.integer()
        let place = ValuePlace(
            path: statement.path, description: "run \(run.id), request \(requestIndex), attempt \(attempt)")
        var record = try plan(statement, requestIndex: requestIndex, attempt: attempt, started: run.started, at: place)
        try readTransfer(into: &record, from: statement, at: place)
        try readMeaning(into: &record, from: statement, at: place)
        try readContent(into: &record, from: statement, at: place)
        try readRetries(into: &record, from: statement, started: run.started, at: place)
        return record
    }

    private static func plan(
        _ statement: Statement, requestIndex: Int, attempt: Int, started: Instant, at place: ValuePlace
    ) throws(StoreError) -> StreamRecord {
        func instant() -> Instant? { statement.optionalInteger().map { Instant(offset: $0, from: started) } }
        let target = statement.string()
        let phase: RequestPhase = try place.value(of: statement.string(), "phase")
        let promptID = statement.string()
        let clientRequestID = statement.string()
        let atMost = statement.optionalInteger()
        let exactly = statement.optionalInteger()
        return StreamRecord(
            requestIndex: requestIndex, attempt: attempt, target: target, phase: phase, promptID: promptID,
            clientRequestID: clientRequestID,
            outputLength: atMost.map { .atMost($0) } ?? exactly.map { .exactly($0) },
            planned: Instant(offset: statement.integer(), from: started), dispatched: instant(), sent: instant(),
            firstByte: instant(), headersComplete: instant(), terminal: instant(), closed: instant())
    }

    private static func readTransfer(
        into record: inout StreamRecord, from statement: Statement, at place: ValuePlace
    ) throws(StoreError) {
        record.connection.isNew = statement.boolean()
        record.connection.nameLookup = Nanoseconds(Int64(statement.integer()))
        record.connection.connect = Nanoseconds(Int64(statement.integer()))
        record.connection.tls = Nanoseconds(Int64(statement.integer()))
        record.connection.remoteAddress = statement.optionalString()
        record.sendCount = statement.integer()
        record.httpStatus = statement.optionalInteger()
        record.httpVersion = statement.optionalString()
        let headers = try place.json(statement.string(), "response_headers").arrayValue ?? []
        record.responseHeaders = headers.map { header in
            let texts = header.texts
            return HeaderField(texts.first ?? "", texts.last ?? "")
        }
        record.readCount = statement.integer()
        record.bytesReceived = statement.integer()
    }

    private static func readMeaning(
        into record: inout StreamRecord, from statement: Statement, at place: ValuePlace
    ) throws(StoreError) {
        record.finishReason = statement.optionalString()
        let hasUsage = statement.boolean()
        let usage = TokenUsage(
            input: statement.optionalInteger(), output: statement.optionalInteger(),
            reasoning: statement.optionalInteger(), cached: statement.optionalInteger())
        record.usage = hasUsage ? usage : nil
        record.servedModel = statement.optionalString()
        record.systemFingerprint = statement.optionalString()
        record.responseID = statement.optionalString()
        if let timings = statement.optionalString() {
            record.serverTimings = try place.json(timings, "server_timings")
        }
        record.outcome = StreamOutcome(
            try place.value(of: statement.string(), "outcome"), detail: statement.optionalString(),
            message: statement.optionalString())
        record.warnings = try place.json(statement.string(), "warnings").texts
    }

    private static func readContent(
        into record: inout StreamRecord, from statement: Statement, at place: ValuePlace
    ) throws(StoreError) {
        record.hasEveryEvent = statement.boolean()
        let planned = record.planned
        do {
            record.events = try statement.withText { bytes throws(MalformedEvents) in
                try PackedEvents.read(bytes, planned: planned)
            }
        } catch {
            throw place.unreadable("events", error.description)
        }
        if let texts = statement.optionalString() {
            let values = try place.json(texts, "event_texts").arrayValue ?? []
            for (position, value) in values.prefix(record.events.count).enumerated() {
                record.events[position].text = value.stringValue
            }
        }
        record.rawBody = statement.optionalBlob()
        if let capture = statement.optionalString() {
            let value = try place.json(capture, "body_capture")
            guard let read = PackedCapture.capture(from: value, planned: planned) else {
                throw place.unreadable(
                    "body_capture", "found '\(value.text.prefix(80))', which says not how a body came")
            }
            record.bodyCapture = read
        }
    }

    private static func readRetries(
        into record: inout StreamRecord, from statement: Statement, started: Instant, at place: ValuePlace
    ) throws(StoreError) {
        let length = statement.optionalInteger().map { Nanoseconds(Int64($0)) }
        let due = statement.optionalInteger().map { Instant(offset: $0, from: started) }
        if let length, let due { record.retryWait = RetryWait(length: length, due: due) }
        let retryAfter = statement.optionalInteger().map { Nanoseconds(Int64($0)) }
        if let limits = statement.optionalString() {
            record.rateLimits = RateLimits(json: try place.json(limits, "rate_limits"), retryAfter: retryAfter)
        }
        record.upstreamProvider = statement.optionalString()
        record.pairIndex = statement.optionalInteger()
        record.cancellation = cancellation(from: statement, started: started)
        if let marks = statement.optionalString() {
            record.answerMarks = AnswerMarks(json: try place.json(marks, "answer_marks"))
        }
        let hints = ReconnectionHints(
            lastEventID: statement.optionalString(),
            retry: statement.optionalInteger().map { Nanoseconds(Int64($0)) })
        record.reconnection = hints == ReconnectionHints() ? nil : hints
        if let breaks = statement.optionalString() {
            record.breaks = try (place.json(breaks, "breaks").arrayValue ?? []).compactMap {
                StreamBreak(json: $0, started: started)
            }
        }
        let counts = (statement.optionalInteger(), statement.optionalInteger())
        if let input = counts.0, let output = counts.1 { record.counted = CountedTokens(input: input, output: output) }
    }

    private static func cancellation(from statement: Statement, started: Instant) -> Cancellation? {
        func instant() -> Instant? { statement.optionalInteger().map { Instant(offset: $0, from: started) } }
        let (cancelled, noticed, stopped) = (instant(), instant(), instant())
        let tokens = statement.optionalInteger()
        guard let cancelled else { return nil }
        guard let noticed, let stopped, let tokens else { return Cancellation(instant: cancelled) }
        return Cancellation(
            instant: cancelled, aftermath: ServerAftermath(noticed: noticed, stopped: stopped, tokens: tokens))
    }
}
