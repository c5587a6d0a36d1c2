import Timeline

extension ShowReport {
    /// Requests as JSON: the instants in milliseconds from the request's `sent`, and what was said.
    package static func json(_ rows: [Row]) -> String {
        let value: JSONValue = [
            "schema_version": .integer(JSONReport.schemaVersion), "requests": .array(rows.map(value(of:))),
        ]
        return value.indentedText + "\n"
    }

    private static func value(of row: Row) -> JSONValue {
        var value = measured(row)
        for (name, told) in told(row) { value.merge(name, told) }
        return value
    }

    /// What the server and the connection said of themselves.
    private static func told(_ row: Row) -> [(String, JSONValue)] {
        let record = row.record
        let target = row.run?.targets.first { $0.name == record.target }
        return [
            ("run_id", .optional(row.run?.id)),
            ("sent_at", .optional(row.run.flatMap { record.wallClock(in: $0)?.iso8601 })),
            ("api", .optional(target?.api)), ("model", .optional(target?.model)),
            ("base_url", .optional(target?.baseURL)), ("system_fingerprint", .optional(record.systemFingerprint)),
            ("http_version", .optional(record.httpVersion)), ("prompt_id", .string(record.promptID)),
            ("connection", connection(of: record)), ("usage", usage(of: record)),
            ("server_timings", record.serverTimings ?? .null),
            ("response_headers", ProbeReport.headers(record.responseHeaders)), ("reads", .integer(record.readCount)),
        ]
    }

    static func connection(of record: StreamRecord) -> JSONValue {
        let connection = record.connection
        return [
            "is_new": .bool(connection.isNew), "name_lookup_ms": .rounded(connection.nameLookup.milliseconds),
            "connect_ms": .rounded(connection.connect.milliseconds), "tls_ms": .rounded(connection.tls.milliseconds),
            "remote_address": .optional(connection.remoteAddress), "sends": .integer(record.sendCount),
        ]
    }

    static func usage(of record: StreamRecord) -> JSONValue {
        guard let usage = record.usage else { return .null }
        return [
            "input": .optional(usage.input), "output": .optional(usage.output),
            "reasoning": .optional(usage.reasoning), "cached": .optional(usage.cached),
        ]
    }

    /// What the answer's headers said of the server's limits; resets are counted from the answer.
    private static func rateLimits(of record: StreamRecord) -> JSONValue {
        .array(
            (record.rateLimits?.allowances ?? []).map { allowance in
                [
                    "name": .string(allowance.name), "limit": .optional(allowance.limit),
                    "remaining": .optional(allowance.remaining),
                    "reset_ms": allowance.reset.map { .rounded($0.milliseconds) } ?? .null,
                ]
            })
    }

    private static func measured(_ row: Row) -> JSONValue {
        let record = row.record
        let instant = { (instant: Instant?) -> JSONValue in
            guard let instant, let origin = record.sent ?? record.dispatched else { return .null }
            return .number((instant - origin).milliseconds)
        }
        let text = { (text: String?) -> JSONValue in text.map(JSONValue.string) ?? .null }
        let number = { (value: Double?) -> JSONValue in value.map(JSONValue.number) ?? .null }
        let integer = { (value: Int?) -> JSONValue in value.map(JSONValue.integer) ?? .null }
        let facts: JSONValue = [
            "request_index": .integer(record.requestIndex), "attempt": .integer(record.attempt),
            "target": .string(record.target), "phase": .string(record.phase.rawValue),
            "client_request_id": .string(record.clientRequestID), "response_id": text(record.responseID),
            "outcome": .string(record.outcome.outcomeClass.rawValue), "detail": text(record.outcome.detail),
            "message": text(record.outcome.message), "http_status": integer(record.httpStatus),
            "planned_ms": instant(record.planned), "dispatched_ms": instant(record.dispatched),
            "first_byte_ms": instant(record.firstByte), "headers_complete_ms": instant(record.headersComplete),
            "terminal_ms": instant(record.terminal), "closed_ms": instant(record.closed),
            "cancelled_ms": instant(record.cancellation?.instant),
            "server_noticed_ms": instant(record.cancellation?.aftermath?.noticed),
            "server_stopped_ms": instant(record.cancellation?.aftermath?.stopped),
            "ttft_ms": number(row.timeToFirstToken), "tpot_ms": number(row.timePerOutputToken),
            "e2e_ms": number(row.endToEnd), "longest_gap_ms": number(row.longestGap),
            "output_tokens": integer(row.outputTokens), "finish_reason": text(record.finishReason),
            "served_model": text(record.servedModel), "system_fingerprint": text(record.systemFingerprint),
            "upstream_provider": text(record.upstreamProvider),
            "retry_wait_ms": number(record.retryWait?.length.milliseconds),
            "retry_after_ms": number(record.rateLimits?.retryAfter?.milliseconds),
            "rate_limits": rateLimits(of: record),
            "remote_address": text(record.connection.remoteAddress),
            "new_connection": .bool(record.connection.isNew), "sends": .integer(record.sendCount),
            "events": .integer(record.events.count), "bytes_received": .integer(record.bytesReceived),
            "comments": .integer(record.events.count { $0.kind == .comment }),
            "last_event_id": text(record.reconnection?.lastEventID),
            "reconnect_after_ms": number(record.reconnection?.retry?.milliseconds),
            "breaks": .array(
                record.breaks.map { found in
                    [
                        "last_event_id": .string(found.lastEventID), "broken_ms": instant(found.broken),
                        "sent_ms": instant(found.sent), "resumed_ms": instant(found.resumed),
                        "status": integer(found.status), "repeated": .integer(found.repeated),
                    ]
                }),
            "warnings": .array(record.warnings.map(JSONValue.string)),
        ]
        guard case .object(let members) = facts else { return facts }
        return .object(members + answer(of: record, instant: instant))
    }
}
