import Timeline

/// Cohere's Chat, version 2.
struct CohereInterface: Interface {
    let name = "cohere"
    let routes = [InterfaceRoute("/v2/chat")]

    func read(_ body: RequestBody, of call: InterfaceCall) throws(ServiceError) -> GenerationRequest {
        var request = GenerationRequest(
            model: body["model"]?.stringValue ?? call.target, streams: body.isTrue("stream"),
            prompt: try body.elements("messages"))
        request.tokenCap = try body.count("max_tokens")
        request.toolName = body["tool_choice"] == "NONE" ? nil : body.toolName
        return request
    }

    func timingHeader(_ milliseconds: Int) -> HeaderField? {
        HeaderField("x-envoy-upstream-service-time", String(milliseconds))
    }

    func writer(of plan: AnswerPlan) -> any AnswerWriter { CohereWriter(plan: plan) }

    func body(of error: ServiceError) -> JSONValue {
        ["id": "00000000-0000-0000-0000-000000000000", "message": .string(error.message)]
    }
}

/// Writes typed events; the last one carries the finish reason and the usage, whose numbers are floating.
struct CohereWriter: AnswerWriter {
    private let plan: AnswerPlan
    /// The block that is open; nil before the first.
    private var openBlock: (kind: TokenKind, index: Int)?

    init(plan: AnswerPlan) { self.plan = plan }

    private static func event(_ type: String, _ members: JSONValue) -> [UInt8] {
        var data: JSONValue = ["type": .string(type)]
        if case .object(let members) = members { for member in members { data.merge(member.name, member.value) } }
        return EventFraming.serverSentEvents.event(type, data)
    }

    func opening() -> [[UInt8]] {
        let message: JSONValue = [
            "role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": [],
        ]
        return [Self.event("message-start", ["id": .string(plan.identifier), "delta": ["message": message]])]
    }

    var brokenEvent: [UInt8] {
        EventFraming.serverSentEvents.event("content-delta", "{\"type\":\"content-delta\",\"index\":0,\"del")
    }

    private func blockStart(_ kind: TokenKind, _ index: Int) -> [UInt8] {
        let message: JSONValue =
            switch kind {
            case .reasoning: ["content": ["type": "thinking", "thinking": ""]]
            case .text: ["content": ["type": "text", "text": ""]]
            case .tool:
                [
                    "tool_calls": [
                        "id": .string("call_\(plan.identifier)"), "type": "function",
                        "function": ["name": .string(plan.toolName ?? ""), "arguments": ""],
                    ]
                ]
            }
        return Self.event(
            kind == .tool ? "tool-call-start" : "content-start",
            ["index": .integer(index), "delta": ["message": message]])
    }

    private func blockStop() -> [UInt8] {
        guard let (kind, index) = openBlock else { return [] }
        return Self.event(kind == .tool ? "tool-call-end" : "content-end", ["index": .integer(index)])
    }

    mutating func content(_ event: ContentEvent) -> [UInt8] {
        let index = event.kind == .tool || event.kind == .reasoning || plan.reasoningTokens == 0 ? 0 : 1
        var bytes: [UInt8] = []
        if openBlock?.kind != event.kind {
            bytes = blockStop() + blockStart(event.kind, index)
            openBlock = (event.kind, index)
        }
        if event.kind == .tool, event.text.isEmpty { return bytes }
        let (before, after) =
            switch event.kind {
            case .text: ("\"content\":{\"text\":\"", "\"}")
            case .reasoning: ("\"content\":{\"thinking\":\"", "\"}")
            case .tool: ("\"tool_calls\":{\"function\":{\"arguments\":\"", "\"}}")
            }
        let type = event.kind == .tool ? "tool-call-delta" : "content-delta"
        let head = "{\"type\":\"\(type)\",\"index\":\(index),\"delta\":{\"message\":{\(before)"
        return bytes + EventFraming.serverSentEvents.event(type, head, event.escaped, "\(after)}}}")
    }

    private var finishReason: JSONValue {
        guard plan.reportsReason else { return .null }
        switch plan.reason {
        case .stop: return "COMPLETE"
        case .length: return "MAX_TOKENS"
        case .tool: return "TOOL_CALL"
        }
    }

    private var usage: JSONValue? {
        guard let usage = plan.usage else { return nil }
        let counts: JSONValue = [
            "input_tokens": .number(Double(usage.prompt)), "output_tokens": .number(Double(usage.completion)),
        ]
        return ["billed_units": counts, "tokens": counts, "cached_tokens": .number(Double(usage.cached))]
    }

    func finish(_ timing: AnswerTiming) -> FinishEvents {
        var delta: JSONValue = plan.reportsReason ? ["finish_reason": finishReason] : [:]
        if let usage { delta.merge("usage", usage) }
        return FinishEvents(
            finish: blockStop()
                + Self.event("message-end", ["id": .string(plan.identifier), "delta": delta]))
    }

    func failure(_ error: ServiceError) -> [UInt8] {
        Self.event(
            "message-end",
            [
                "id": .string(plan.identifier),
                "delta": ["finish_reason": "ERROR", "error": .string(error.message)],
            ])
    }

    func whole(_ texts: AnswerTexts, _ timing: AnswerTiming) -> JSONValue {
        var message: JSONValue = ["role": "assistant"]
        var content: [JSONValue] = []
        if plan.reasoningTokens > 0 {
            content.append(["type": "thinking", "thinking": .string(texts.reasoningString)])
        }
        if let name = plan.toolName {
            let function: JSONValue = ["name": .string(name), "arguments": .string(texts.argumentsString)]
            message.merge(
                "tool_calls",
                [["id": .string("call_\(plan.identifier)"), "type": "function", "function": function]])
        } else {
            content.append(["type": "text", "text": .string(texts.textString)])
        }
        message.merge("content", .array(content))
        var answer: JSONValue = [
            "id": .string(plan.identifier), "message": message, "finish_reason": finishReason,
        ]
        if let usage { answer.merge("usage", usage) }
        return answer
    }
}
