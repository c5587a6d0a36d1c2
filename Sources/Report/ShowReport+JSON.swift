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
        let record = row.record
        let instant = { (instant: Instant?) -> JSONValue in
            guard let instant, let origin = record.sent ?? record.dispatched else { return .null }
            return .number((instant - origin).milliseconds)
        }
        let text = { (text: String?) -> JSONValue in text.map(JSONValue.string) ?? .null }
        let number = { (value: Double?) -> JSONValue in value.map(JSONValue.number) ?? .null }
        let integer = { (value: Int?) -> JSONValue in value.map(JSONValue.integer) ?? .null }
        return [
            "request_index": .integer(record.requestIndex), "attempt": .integer(record.attempt),
            "target": .string(record.target), "phase": .string(record.phase.rawValue),
            "client_request_id": .string(record.clientRequestID), "response_id": text(record.responseID),
            "outcome": .string(record.outcome.outcomeClass.rawValue), "detail": text(record.outcome.detail),
            "message": text(record.outcome.message), "http_status": integer(record.httpStatus),
            "planned_ms": instant(record.planned), "dispatched_ms": instant(record.dispatched),
            "first_byte_ms": instant(record.firstByte), "headers_complete_ms": instant(record.headersComplete),
            "terminal_ms": instant(record.terminal), "closed_ms": instant(record.closed),
            "ttft_ms": number(row.timeToFirstToken), "tpot_ms": number(row.timePerOutputToken),
            "e2e_ms": number(row.endToEnd), "longest_gap_ms": number(row.longestGap),
            "output_tokens": integer(row.outputTokens), "finish_reason": text(record.finishReason),
            "served_model": text(record.servedModel), "system_fingerprint": text(record.systemFingerprint),
            "upstream_provider": text(record.upstreamProvider),
            "retry_wait_ms": number(record.retryWait?.length.milliseconds),
            "retry_after_ms": number(record.rateLimits?.retryAfter?.milliseconds),
            "remote_address": text(record.connection.remoteAddress),
            "new_connection": .bool(record.connection.isNew), "sends": .integer(record.sendCount),
            "events": .integer(record.events.count), "bytes_received": .integer(record.bytesReceived),
            "warnings": .array(record.warnings.map(JSONValue.string)),
        ]
    }
}
