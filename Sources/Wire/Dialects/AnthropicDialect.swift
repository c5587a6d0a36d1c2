package import Timeline

/// Anthropic's Messages, and the servers that speak it.
package struct AnthropicDialect: Dialect {
    package let name = "anthropic"
    package let eventNames: [StaticString] = ["message_", "content_block_"]

    /// The API demands a limit; this one stands in where a scenario sets none.
    package static let defaultMaxTokens = 1024
    package static let version = "2023-06-01"

    package init() {}

    package func authentication(key: String) -> HeaderField { HeaderField("x-api-key", key) }

    package func path(for target: Target) -> String {
        BaseURL(target.baseURL).text.hasSuffix("/v1") ? "/messages" : "/v1/messages"
    }

    /// Writes a request; system messages go where the API wants them, and a length cannot be forced.
    package func encode(_ prompt: Prompt, settings: RequestSettings, target: Target) -> EncodedRequest {
        let system = prompt.messages.filter { $0.role == "system" }.map(\.content).joined(separator: "\n\n")
        let messages = prompt.messages.filter { $0.role != "system" }.map { message -> JSONValue in
            ["role": .string(message.role), "content": .string(message.content)]
        }
        var body: JSONValue = [
            "model": .string(target.model),
            "max_tokens": .integer(settings.outputLength?.tokens ?? Self.defaultMaxTokens),
        ]
        if !system.isEmpty { body.merge("system", .string(system)) }
        body.merge("messages", .array(messages))
        body.merge("stream", .bool(settings.stream))
        if let temperature = settings.temperature { body.merge("temperature", .number(temperature)) }
        if !settings.tools.isEmpty { body.merge("tools", .array(settings.bareTools(parameters: "input_schema"))) }
        if let choice = settings.toolChoice {
            body.merge("tool_choice", ["type": .string(choice == .required ? "any" : choice.rawValue)])
        }
        if let schema = settings.answerSchema?.schema {
            body.merge("output_config", ["format": ["type": "json_schema", "schema": schema]])
        }
        let headers = contentHeaders(settings) + [HeaderField("anthropic-version", Self.version)]
        return EncodedRequest(path: path(for: target), headers: headers, body: body, target: target)
    }

    package func read(_ event: WireEvent, into reading: inout StreamReading) {
        var message = AnthropicEvent(keepsText: reading.keepsText)
        guard message.scan(event.data) else { return reading.appendInvalid(event.data) }
        if message.mayBeError, let error = ServerError(told: event.data) { return reading.append(error) }
        switch message.type?.text ?? event.type {
        case "error": reading.append(ServerError(data: event.data))
        case "message_start": readStart(event.data, into: &reading)
        case "message_delta": readEnd(event.data, into: &reading)
        case "message_stop": reading.append(.terminal)
        default: reading.append(message.draft)
        }
    }

    package func read(answer: JSONValue, into reading: inout StreamReading) {
        if let error = ServerError(in: answer) { return reading.append(error) }
        readHead(answer, isComplete: true, into: &reading)
        var draft = EventDraft(keepsText: reading.keepsText)
        for block in answer["content"]?.arrayValue ?? [] {
            draft.add(block["text"]?.stringValue, as: .text)
            draft.add(block["thinking"]?.stringValue, as: .reasoning)
            draft.add(block["data"]?.stringValue, as: .reasoning)
            if let name = block["name"]?.stringValue { draft.addCall(name: name, arguments: block["input"]) }
        }
        reading.append(draft)
        guard let reason = answer["stop_reason"]?.word else { return }
        reading.finish(0, reason: reason)
        reading.append(.terminal)
    }

    private func readStart(_ data: UnsafeRawBufferPointer, into reading: inout StreamReading) {
        if let message = (try? JSONValue(parsing: Array(data)))?["message"] {
            readHead(message, isComplete: false, into: &reading)
        }
        reading.noteChoice(0)
        reading.append(.control)
    }

    /// The output that a stream's start counts is a placeholder, 1 or so, until its end tells the total: a stream that is
    /// cut before has none.
    private func readHead(_ message: JSONValue, isComplete: Bool, into reading: inout StreamReading) {
        reading.responseID = message["id"]?.stringValue
        reading.servedModel = message["model"]?.stringValue
        guard case .object(let members)? = message["usage"] else { return }
        let told = isComplete ? members : members.filter { !$0.name.hasPrefix("output_tokens") }
        mergeUsage(.object(told), into: &reading)
    }

    private func readEnd(_ data: UnsafeRawBufferPointer, into reading: inout StreamReading) {
        let value = (try? JSONValue(parsing: Array(data))) ?? .null
        if let usage = value["usage"] { mergeUsage(usage, into: &reading) }
        if let reason = value["delta"]?["stop_reason"]?.word { reading.finish(0, reason: reason) }
        reading.append(.control)
    }

    /// Takes over what a usage object tells: its counts are totals so far, so the latest one stands.
    private func mergeUsage(_ usage: JSONValue, into reading: inout StreamReading) {
        guard case .object(let members) = usage else { return }
        for member in members where member.value != .null { reading.usageParts.merge(member.name, member.value) }
        let parts = reading.usageParts
        let cached = parts["cache_read_input_tokens"]?.integerValue
        let written = parts["cache_creation_input_tokens"]?.integerValue
        // The API counts tokens apart that were read from or written to its cache.
        let input = parts["input_tokens"]?.integerValue.flatMap { TokenUsage.sum($0, cached, written) }
        reading.take(
            TokenUsage(
                input: input, output: parts["output_tokens"]?.integerValue,
                reasoning: parts["output_tokens_details"]?["thinking_tokens"]?.integerValue, cached: cached))
    }
}
