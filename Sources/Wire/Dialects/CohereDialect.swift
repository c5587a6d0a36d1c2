package import Timeline

/// Cohere's chat API in its second version.
package struct CohereDialect: Dialect {
    package let name = "cohere"
    package let eventNames: [StaticString] = ["message-", "content-", "tool-", "citation-"]

    package init() {}

    package func path(for target: Target) -> String {
        BaseURL(target.baseURL).text.hasSuffix("/v2") ? "/chat" : "/v2/chat"
    }

    /// Writes a request; a length cannot be forced.
    package func encode(_ prompt: Prompt, settings: RequestSettings, target: Target) -> EncodedRequest {
        var body: JSONValue = [
            "model": .string(target.model), "messages": OpenAIRequest.messages(prompt),
            "stream": .bool(settings.stream),
        ]
        if let length = settings.outputLength { body.merge("max_tokens", .integer(length.tokens)) }
        if let temperature = settings.temperature { body.merge("temperature", .number(temperature)) }
        if !settings.tools.isEmpty { body.merge("tools", settings.chatTools) }
        // The API knows no word for leaving the choice to the model but silence.
        if let choice = settings.toolChoice, choice != .auto {
            body.merge("tool_choice", choice == .required ? "REQUIRED" : "NONE")
        }
        if let schema = settings.answerSchema?.schema {
            body.merge("response_format", ["type": "json_object", "json_schema": schema])
        }
        return EncodedRequest(
            path: path(for: target), headers: contentHeaders(settings), body: body, target: target)
    }

    package func read(_ event: WireEvent, into reading: inout StreamReading) {
        var message = CohereEvent(keepsText: reading.keepsText)
        guard message.scan(event.data) else { return reading.appendInvalid(event.data) }
        if message.mayBeError, let error = ServerError(told: event.data) { return reading.append(error) }
        guard let type = message.type else { return reading.append(message.draft) }
        if type.equals("message-end") {
            readEnd((try? JSONValue(parsing: Array(event.data)))?["delta"] ?? .null, into: &reading)
        } else if type.equals("message-start") {
            reading.responseID = message.identifier?.text
            reading.noteChoice(0)
            reading.append(.control)
        } else {
            reading.append(message.draft)
        }
    }

    /// Reads how an answer ended; a delta and an answer tell it in the same words.
    private func readEnd(_ end: JSONValue, into reading: inout StreamReading) {
        if let usage = end["usage"] {
            // Billed units are another count; tokens are what the model read and wrote.
            reading.take(
                TokenUsage(
                    input: usage["tokens"]?["input_tokens"]?.integerValue,
                    output: usage["tokens"]?["output_tokens"]?.integerValue,
                    cached: usage["cached_tokens"]?.integerValue))
        }
        let reason = end["finish_reason"]?.stringValue ?? ""
        if !reason.isEmpty { reading.finish(0, reason: reason) }
        // An error is one whatever the reason beside it.
        let told = end["error"].flatMap { $0 == .null ? nil : $0.stringValue ?? $0.text }
        if reason == "ERROR_TOXIC" {
            reading.refusalReason = reason
        } else if let detail = FinishReason.failure(reason) ?? told.map({ _ in "server" }) {
            reading.append(ServerError(message: told ?? "the finish reason is \(reason)", detail: detail))
        }
        reading.append(.terminal)
    }

    package func read(answer: JSONValue, into reading: inout StreamReading) {
        if let error = ServerError(in: answer) { return reading.append(error) }
        reading.responseID = answer["id"]?.stringValue
        var draft = EventDraft(keepsText: reading.keepsText)
        let message = answer["message"] ?? .null
        draft.add(message["tool_plan"]?.stringValue, as: .reasoning)
        for part in message["content"]?.arrayValue ?? [] {
            draft.add(part["thinking"]?.stringValue, as: .reasoning)
            draft.add(part["text"]?.stringValue, as: .text)
        }
        for call in message["tool_calls"]?.arrayValue ?? [] {
            let function = call["function"]
            draft.addCall(name: function?["name"]?.stringValue, arguments: function?["arguments"])
        }
        reading.append(draft)
        if answer["finish_reason"] != nil { readEnd(answer, into: &reading) }
    }
}
