import Timeline

/// Mistral's Chat Completions, which share OpenAI's path: a target's script says that it speaks them.
struct MistralInterface: Interface {
    let name = "mistral"
    let routes = [InterfaceRoute("/v1/chat/completions"), InterfaceRoute("/chat/completions")]
    let identifierHeader = "mistral-correlation-id"

    func read(_ body: RequestBody, of call: InterfaceCall) throws(ServiceError) -> GenerationRequest {
        var request = GenerationRequest(
            model: body["model"]?.stringValue ?? call.target, streams: body.isTrue("stream"),
            prompt: try body.elements("messages"))
        request.tokenCap = try body.count("max_tokens")
        request.minimumTokens = try body.count("min_tokens", atLeast: 0)
        request.toolName = body.toolName
        return request
    }

    func timingHeader(_ milliseconds: Int) -> HeaderField? {
        HeaderField("x-envoy-upstream-service-time", String(milliseconds))
    }

    func writer(of plan: AnswerPlan) -> any AnswerWriter { MistralWriter(plan: plan) }

    func body(of error: ServiceError) -> JSONValue {
        [
            "object": "error", "message": .string(error.message),
            "type": .string(error.kind == .rateLimited ? "rate_limited" : "invalid_request_error"), "param": nil,
            "code": .string(String(error.status)),
        ]
    }
}

/// Writes chunks as OpenAI's, but reasoning as a list of parts, a tool call whole, and the last content, the finish
/// reason and the usage in one chunk.
struct MistralWriter: AnswerWriter {
    private let plan: AnswerPlan
    private let head: String
    private var arguments: [UInt8] = []
    let finishesWithContent = true

    init(plan: AnswerPlan) {
        self.plan = plan
        head =
            "{\"id\":\(JSONValue.string(plan.identifier).text),\"object\":\"chat.completion.chunk\","
            + "\"created\":\(plan.created),\"model\":\(JSONValue.string(plan.model).text),"
            + "\"choices\":[{\"index\":0,\"delta\":{"
    }

    private func tail(isLast: Bool) -> String {
        guard isLast else { return "},\"finish_reason\":null}]}" }
        let usage = plan.usage == nil ? "" : ",\"usage\":\(usage.text)"
        return "},\"finish_reason\":\(plan.openAIReason.text)}]\(usage)}"
    }

    private var usage: JSONValue {
        guard let usage = plan.usage else { return .null }
        return [
            "prompt_tokens": .integer(usage.prompt), "total_tokens": .integer(usage.prompt + usage.completion),
            "completion_tokens": .integer(usage.completion),
            "prompt_tokens_details": ["cached_tokens": .integer(usage.cached)],
        ]
    }

    private func chunk(_ before: String, _ escaped: [UInt8], _ after: String, isLast: Bool) -> [UInt8] {
        EventFraming.serverSentEvents.event(nil, head + before, escaped, after + tail(isLast: isLast))
    }

    func opening() -> [[UInt8]] { [chunk("\"role\":\"assistant\",\"content\":\"\"", [], "", isLast: false)] }

    var terminal: [UInt8] { Array("data: [DONE]\n\n".utf8) }

    var brokenEvent: [UInt8] { EventFraming.serverSentEvents.event(nil, head + "\"content\":\" bro") }

    mutating func content(_ event: ContentEvent) -> [UInt8] {
        switch event.kind {
        case .text: return chunk("\"content\":\"", event.escaped, "\"", isLast: event.isLast)
        case .reasoning:
            return chunk(
                "\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"", event.escaped,
                "\"}]}]", isLast: event.isLast)
        case .tool:
            arguments += event.text
            guard event.isLast else { return [] }
            return chunk("\"content\":\"\",\"tool_calls\":", Array(toolCalls.text.utf8), "", isLast: true)
        }
    }

    private var toolCalls: JSONValue {
        let text = String(decoding: arguments, as: UTF8.self)
        return [
            [
                "id": .string(plan.identifier), "index": 0,
                "function": ["name": .string(plan.toolName ?? ""), "arguments": .string(text)],
            ]
        ]
    }

    func finish(_ timing: AnswerTiming) -> FinishEvents {
        FinishEvents(finish: plan.tokens == 0 ? chunk("\"content\":\"\"", [], "", isLast: true) : [])
    }

    // In a stream an error is a reason to finish.
    func failure(_ error: ServiceError) -> [UInt8] {
        EventFraming.serverSentEvents.event(nil, head + "\"content\":\"\"},\"finish_reason\":\"error\"}]}")
    }

    func whole(_ texts: AnswerTexts, _ timing: AnswerTiming) -> JSONValue {
        var message: JSONValue = ["role": "assistant", "content": .string(texts.textString)]
        if plan.reasoningTokens > 0 {
            let thinking: JSONValue = [
                "type": "thinking", "thinking": [["type": "text", "text": .string(texts.reasoningString)]],
            ]
            message.merge("content", [thinking, ["type": "text", "text": .string(texts.textString)]])
        }
        if let name = plan.toolName {
            let function: JSONValue = ["name": .string(name), "arguments": .string(texts.argumentsString)]
            message.merge("tool_calls", [["id": .string(plan.identifier), "function": function]])
        }
        return [
            "id": .string(plan.identifier), "object": "chat.completion", "created": .integer(Int(plan.created)),
            "model": .string(plan.model),
            "choices": [["index": 0, "message": message, "finish_reason": plan.openAIReason]], "usage": usage,
        ]
    }
}
