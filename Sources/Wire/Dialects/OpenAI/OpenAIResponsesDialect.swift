package import Timeline

/// OpenAI's Responses, and the servers that speak it.
package struct OpenAIResponsesDialect: Dialect {
    package let name = "openai-responses"
    package let eventNames: [StaticString] = ["response."]

    package init() {}

    package func path(for target: Target) -> String { OpenAIRequest.path("/responses", for: target) }

    /// Writes a request; only OpenAI stores answers and pads its events, so only it is told not to.
    package func encode(_ prompt: Prompt, settings: RequestSettings, target: Target) -> EncodedRequest {
        let server = OpenAIRequest.Server(at: BaseURL(target.baseURL))
        let isOneQuestion = prompt.messages.count == 1 && prompt.messages.first?.role == "user"
        var body: JSONValue = [
            "model": .string(target.model),
            "input": isOneQuestion ? OpenAIRequest.text(prompt) : OpenAIRequest.messages(prompt),
            "stream": .bool(settings.stream),
        ]
        if server == .openAI {
            if settings.stream { body.merge("stream_options", ["include_obfuscation": false]) }
            body.merge("store", false)
        }
        if let length = settings.outputLength {
            body.merge("max_output_tokens", .integer(length.tokens))
            if server.forcesLength { OpenAIRequest.force(length, in: &body) }
        }
        if let temperature = settings.temperature { body.merge("temperature", .number(temperature)) }
        if !settings.tools.isEmpty {
            body.merge(
                "tools",
                .array(
                    settings.bareTools(parameters: "parameters").map { tool in
                        var tool = tool
                        tool.merge("type", "function")
                        return tool
                    }))
        }
        if let choice = settings.toolChoice { body.merge("tool_choice", .string(choice.rawValue)) }
        if var format = settings.namedSchema {
            format.merge("type", "json_schema")
            body.merge("text", ["format": format])
        }
        return EncodedRequest(
            path: path(for: target), headers: contentHeaders(settings), body: body, target: target)
    }

    package func read(_ event: WireEvent, into reading: inout StreamReading) {
        var message = OpenAIResponsesEvent()
        guard message.scan(event.data, into: &reading) else { return reading.appendInvalid(event.data) }
        if let number = message.number { reading.follow(number: number) }
        var draft = EventDraft(keepsText: reading.keepsText)
        // Most events are of this type, and comparing is cheaper than looking it up.
        if let type = message.type, type.equals("response.output_text.delta") {
            draft.add(message.delta, as: .text)
            return reading.append(draft)
        }
        let type = message.type?.text ?? event.type
        if type == "error" { return reading.append(ServerError(data: event.data)) }
        if message.mayBeError, let error = ServerError(told: event.data) { return reading.append(error) }
        if message.response != nil || type == "response.failed" {
            let response = message.response ?? UnsafeRawBufferPointer(start: nil, count: 0)
            return readFrame(type, (try? JSONValue(parsing: Array(response))) ?? .null, into: &reading)
        }
        message.addContent(type: type, to: &draft)
        if type == OpenAIResponsesEvent.summaryType, draft.carries(.reasoning) {
            reading.warn("the reasoning is a summary, which is made after the reasoning itself")
        }
        reading.append(draft)
    }

    /// Reads an event that carries the response object: its start, its progress and its end.
    private func readFrame(_ type: String, _ response: JSONValue, into reading: inout StreamReading) {
        readHead(response, into: &reading)
        // A status does not outweigh an error that is told beside it.
        if let error = ServerError(in: response) { return reading.append(error) }
        switch type {
        case "response.completed", "response.incomplete", "response.failed", "response.cancelled":
            readEnd(response, type: type, into: &reading)
        default:
            reading.noteChoice(0)
            reading.append(.control)
        }
    }

    private func readHead(_ response: JSONValue, into reading: inout StreamReading) {
        if let identifier = response["id"]?.stringValue { reading.responseID = identifier }
        if let model = response["model"]?.stringValue { reading.servedModel = model }
        guard let usage = response["usage"], case .object = usage else { return }
        reading.take(
            TokenUsage(
                input: usage["input_tokens"]?.integerValue, output: usage["output_tokens"]?.integerValue,
                reasoning: usage["output_tokens_details"]?["reasoning_tokens"]?.integerValue,
                cached: usage["input_tokens_details"]?["cached_tokens"]?.integerValue))
    }

    /// Reads how a response ended: by its status, which the event's type repeats.
    private func readEnd(_ response: JSONValue, type: String, into reading: inout StreamReading) {
        let told = String(type.dropFirst("response.".count))
        let isFailure = told == "failed" || told == "cancelled"
        let status = isFailure ? told : response["status"]?.stringValue ?? told
        switch status {
        case "completed": reading.finish(0, reason: "completed")
        case "incomplete":
            reading.finish(0, reason: response["incomplete_details"]?["reason"]?.word ?? "incomplete")
        default:
            let detail = status == "cancelled" ? "aborted" : "server"
            return reading.append(ServerError(message: "the response's status is \(status)", detail: detail))
        }
        reading.append(.terminal)
    }

    package func read(answer: JSONValue, into reading: inout StreamReading) {
        readHead(answer, into: &reading)
        if let error = ServerError(in: answer) { return reading.append(error) }
        var draft = EventDraft(keepsText: reading.keepsText)
        for item in answer["output"]?.arrayValue ?? [] { Self.add(item, to: &draft) }
        reading.append(draft)
        guard answer["status"] != nil else { return }
        readEnd(answer, type: "", into: &reading)
    }

    private static func add(_ item: JSONValue, to draft: inout EventDraft) {
        let type = item["type"]?.stringValue ?? ""
        let kind: StreamEvent.Kind = type == "reasoning" ? .reasoning : .text
        for part in (item["summary"]?.arrayValue ?? []) + (item["content"]?.arrayValue ?? []) {
            draft.add(part["text"]?.stringValue, as: kind)
            draft.add(part["refusal"]?.stringValue, as: .refusal)
        }
        if type == "image_generation_call", item["result"]?.word != nil { draft.addMedia() }
        guard type.hasSuffix("_call") else { return }
        draft.addCall(name: item["name"]?.stringValue, arguments: item["arguments"] ?? item["input"])
    }
}
