import Timeline

/// What is known of one attempt, in words, in the order in which a support ticket wants it; a label and a text a line.
struct RequestFacts {
    let record: StreamRecord
    let run: RunDescription?
    let painter: Painter

    typealias Line = (label: String, text: String)

    var lines: [Line] {
        let facts = outcome + answer + place + identifiers + transfer
        let kept = facts.compactMap { label, text in text.map { (label: label, text: $0) } }
        return kept + headers + record.warnings.map { ("!", $0) }
    }

    private var outcome: [(String, String?)] {
        let outcome = record.outcome
        return [
            (
                "outcome",
                [outcome.outcomeClass.rawValue, outcome.detail, outcome.message].compactMap(\.self)
                    .joined(separator: ": ")
            ),
            ("finish", record.finishReason), ("usage", Self.usage(record.usage)), ("cancelled", cancellation),
        ]
    }

    /// The comments that came, and what the stream said for a client that has to come back.
    private var keepAlives: String? {
        let comments = record.events.count { $0.kind == .comment }
        let parts =
            [
                comments == 0 ? nil : comments == 1 ? "1 comment" : "\(comments) comments",
                record.reconnection?.lastEventID.map { "last event id '\($0)'" },
                record.reconnection?.retry.map { "come back after \(Self.milliseconds($0)) ms" },
            ].compactMap(\.self)
            + record.breaks.map { "broke off after event '\($0.lastEventID)', \(Self.rest(after: $0))" }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// How a stream went on after a break.
    private static func rest(after found: StreamBreak) -> String {
        if let length = found.length {
            let repeated = found.repeated == 0 ? "" : " with \(found.repeated) events that had come before"
            return "went on \(milliseconds(length)) ms later\(repeated)"
        }
        return found.sent == nil ? "not asked for again" : "nothing came again"
    }

    /// When the tool ended the request on purpose, and what the server did then.
    private var cancellation: String? {
        guard let cancellation = record.cancellation else { return nil }
        let since = { (start: Instant?, end: Instant) in start.map { Self.milliseconds(end - $0) } ?? "?" }
        let time = "on purpose, \(since(record.sent, cancellation.instant)) ms after it was sent"
        guard let aftermath = cancellation.aftermath else { return time }
        let notice = since(cancellation.instant, aftermath.noticed)
        let stop = since(cancellation.instant, aftermath.stopped)
        return "\(time); the server noticed after \(notice) ms, stopped after \(stop) ms, and made "
            + "\(aftermath.tokens) more tokens"
    }

    private var place: [(String, String?)] {
        let target = run?.targets.first { $0.name == record.target }
        return [
            ("time", run.flatMap { record.wallClock(in: $0)?.iso8601 }), ("server", target?.baseURL),
            ("address", record.connection.remoteAddress),
            ("asked for", target.map { "\($0.model), by \($0.api)" }), ("served by", record.servedModel),
            ("fingerprint", record.systemFingerprint), ("passed on to", record.upstreamProvider),
        ]
    }

    private var identifiers: [(String, String?)] {
        [
            ("run", run?.id), ("request id", record.clientRequestID.isEmpty ? nil : record.clientRequestID),
            ("response id", record.responseID), ("prompt", record.promptID.isEmpty ? nil : record.promptID),
        ]
    }

    private var transfer: [(String, String?)] {
        let connection = record.connection
        let setup = [("name", connection.nameLookup), ("TCP", connection.connect), ("TLS", connection.tls)]
            .map { "\($0.0) \(NumberFormat.fixed($0.1.milliseconds, decimals: 3)) ms" }.joined(separator: ", ")
        return [
            ("HTTP", record.httpStatus.map { "\($0), version \(record.httpVersion ?? "unknown")" }),
            ("connection", connection.isNew ? "new: \(setup)" : record.sent == nil ? nil : "used again"),
            ("waited", record.retryWait.map { "\(Self.milliseconds($0.length)) ms before this attempt" }),
            ("asked", record.rateLimits?.retryAfter.map { "to wait \(Self.wait($0))" }),
            ("sent", record.sendCount > 1 ? "\(record.sendCount) times: the connection failed and was retried" : nil),
            ("received", "\(record.events.count) events in \(record.readCount) reads, \(record.bytesReceived) bytes"),
            ("keep-alives", keepAlives), ("timings", record.serverTimings?.text),
        ]
    }

    /// A wait that a server asks for; what it counts is never finer than a millisecond.
    private static func wait(_ length: Nanoseconds) -> String {
        if length >= RateLimits.longestWait { return "a year or more" }
        return length < .seconds(10)
            ? "\(NumberFormat.fixed(length.milliseconds, decimals: 0)) ms"
            : "\(NumberFormat.fixed(length.seconds, decimals: 0)) s"
    }

    private static func milliseconds(_ length: Nanoseconds) -> String {
        NumberFormat.fixed(length.milliseconds, decimals: 3)
    }

    /// The headers that were kept: those that identify first, then limits, then the others.
    private var headers: [Line] {
        let ranked = record.responseHeaders.enumerated().sorted {
            (Self.rank($0.element), $0.offset) < (Self.rank($1.element), $1.offset)
        }
        return ranked.map { (["id header", "limit", "header"][Self.rank($1)], "\($1.name): \($1.value)") }
    }

    private static func rank(_ header: HeaderField) -> Int {
        let name = header.name.lowercased()
        let identifies = [
            "request-id", "requestid", "generation-id", "cf-ray", "organization", "traceparent", "session",
        ]
        if identifies.contains(where: name.contains) { return 0 }
        return name.contains("ratelimit") || name.hasPrefix("retry-after") || name == "x-should-retry" ? 1 : 2
    }

    static func usage(_ usage: TokenUsage?) -> String? {
        guard let usage else { return nil }
        let counts = [
            (usage.input, "input", usage.cached, "cached"), (usage.output, "output", usage.reasoning, "reasoning"),
        ]
        let told = counts.compactMap { count, name, part, partName in
            count.map { "\($0) \(name)" + (part.map { " (\($0) \(partName))" } ?? "") }
        }
        return told.isEmpty ? nil : told.joined(separator: ", ") + " tokens"
    }
}

extension StreamRecord {
    /// The time of day at which the request was sent, else planned.
    func wallClock(in run: RunDescription) -> UTCTimestamp? {
        let (offset, overflow) = run.startedWallClock.addingReportingOverflow(((sent ?? planned) - run.started).count)
        return overflow ? nil : UTCTimestamp(nanosecondsSince1970: offset)
    }
}
