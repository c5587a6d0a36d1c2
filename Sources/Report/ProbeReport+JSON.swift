import Timeline

extension ProbeReport {
    /// The exchange as one JSON object; instants are milliseconds from `sent`.
    package var json: String { value.indentedText + "\n" }

    private var value: JSONValue {
        let record = exchange.record
        return [
            "schema_version": .integer(JSONReport.schemaVersion), "target": .string(record.target),
            "api": .string(exchange.target.api), "model": .string(exchange.target.model),
            "clock_source": .string(exchange.clockSource.rawValue), "request": request, "response": response,
            "phases": phases, "connection": ShowReport.connection(of: record),
            "reads": .array(exchange.reads.indices.map(read)), "items": .array(exchange.items.map(item)),
            "body": .optional(exchange.body),
            "outcome": .string(record.outcome.outcomeClass.rawValue), "detail": .optional(record.outcome.detail),
            "message": .optional(record.outcome.message), "text": .string(text(of: .text)),
            "reasoning": .string(text(of: .reasoning)), "finish_reason": .optional(record.finishReason),
            "usage": ShowReport.usage(of: record), "served_model": .optional(record.servedModel),
            "system_fingerprint": .optional(record.systemFingerprint), "response_id": .optional(record.responseID),
            "client_request_id": .string(record.clientRequestID), "server_timings": record.serverTimings ?? .null,
            "warnings": .strings(record.warnings),
        ]
    }

    private var request: JSONValue {
        [
            "method": "POST", "url": .string(exchange.url), "headers": Self.headers(exchange.requestHeaders),
            "body": (try? JSONValue(parsing: exchange.requestBody)) ?? .string(exchange.requestBody),
        ]
    }

    private var response: JSONValue {
        [
            "status": .optional(exchange.record.httpStatus), "http_version": .optional(exchange.record.httpVersion),
            "headers": Self.headers(exchange.responseHeaders), "bytes": .integer(exchange.record.bytesReceived),
        ]
    }

    static func headers(_ headers: [HeaderField]) -> JSONValue {
        .array(headers.map { ["name": .string($0.name), "value": .string($0.value)] })
    }

    private var phases: JSONValue {
        .object(
            RequestPhases(exchange.record).instants.map { phase in
                let name = String(phase.name.map { $0 == " " ? "_" : $0 })
                return JSONValue.Member("\(name)_ms", .rounded(phase.milliseconds))
            })
    }

    private func milliseconds(_ instant: Instant) -> JSONValue { .rounded((instant - exchange.origin).milliseconds) }

    private func read(_ index: Int) -> JSONValue {
        let read = exchange.reads[index]
        let start = index > 0 ? exchange.reads[index - 1].end : 0
        return [
            "index": .integer(index), "number": .integer(exchange.readNumbers[index]), "offset": .integer(start),
            "bytes": .integer(read.end - start), "arrival_ms": milliseconds(read.arrival),
            "reading_ms": milliseconds(read.reading), "late_bound_ms": .rounded(read.lateBound.milliseconds),
        ]
    }

    private func item(_ item: Item) -> JSONValue {
        [
            "form": .string(item.form.rawValue), "type": .string(item.type), "id": .string(item.identifier),
            "read": .integer(item.readIndex), "wire_bytes": .integer(item.wireBytes), "data": .string(item.data),
            "events": .array(item.events.map(event)),
        ]
    }

    private func event(_ event: StreamEvent) -> JSONValue {
        [
            "index": .integer(event.index), "kind": .string(event.kind.rawValue),
            "arrival_ms": milliseconds(event.arrival), "reading_ms": milliseconds(event.reading),
            "late_bound_ms": .rounded(event.lateBound.milliseconds), "choice": .integer(event.choice),
            "tokens": .optional(event.tokens), "characters": .integer(event.characters),
            "wire_bytes": .integer(event.wireBytes), "text": .optional(event.text),
        ]
    }

    /// The content of one kind, of the first of several answers.
    private func text(of kind: StreamEvent.Kind) -> String {
        let events = exchange.record.events
        let choice = events.filter(\.kind.isContent).map(\.choice).min()
        return events.filter { $0.kind == kind && $0.choice == choice }.compactMap(\.text).joined()
    }
}
