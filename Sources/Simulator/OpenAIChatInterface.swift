import Timeline

/// OpenAI's Chat Completions, and the servers that imitate them.
struct OpenAIChatInterface: Interface {
    let name = "openai-chat"
    let routes = [InterfaceRoute("/v1/chat/completions"), InterfaceRoute("/chat/completions")]

    func read(_ body: RequestBody, of call: InterfaceCall) throws(ServiceError) -> GenerationRequest {
        var request = GenerationRequest(
            model: body["model"]?.stringValue ?? call.target, streams: body.isTrue("stream"),
            prompt: try body.elements("messages"), system: body["system"])
        try OpenAIRequest.readLimits(of: body, into: &request)
        request.toolName = body.toolName
        return request
    }

    func timingHeader(_ milliseconds: Int) -> HeaderField? {
        HeaderField("openai-processing-ms", String(milliseconds))
    }

    func writer(of plan: AnswerPlan) -> any AnswerWriter { OpenAIChatWriter(plan: plan) }

    func body(of error: ServiceError) -> JSONValue { error.openAIBody }

    func headers(of error: ServiceError) -> [HeaderField] { error.openAIHeaders }
}

/// What OpenAI's older APIs and their imitators have in common.
enum OpenAIRequest {
    /// Reads the limits, with those of vLLM, and whether usage was asked for.
    static func readLimits(of body: RequestBody, into request: inout GenerationRequest) throws(ServiceError) {
        request.includesUsage = body.isTrue("stream_options.include_usage")
        request.tokenCap = try body.count("max_completion_tokens")
        if request.tokenCap == nil { request.tokenCap = try body.count("max_tokens") }
        request.minimumTokens = try body.count("min_tokens", atLeast: 0)
        request.ignoresEnd = body.isTrue("ignore_eos")
    }
}

extension AnswerPlan {
    /// The usage as OpenAI's older APIs have it; null where the answer reports none.
    var openAIUsage: JSONValue {
        guard let usage else { return .null }
        return [
            "prompt_tokens": .integer(usage.prompt), "completion_tokens": .integer(usage.completion),
            "total_tokens": .integer(usage.prompt + usage.completion),
            "prompt_tokens_details": ["cached_tokens": .integer(usage.cached)],
            "completion_tokens_details": ["reasoning_tokens": .integer(usage.reasoning)],
        ]
    }

    /// The finish reason as OpenAI's older APIs have it; null where the answer reports none.
    var openAIReason: JSONValue {
        guard reportsReason else { return .null }
        switch reason {
        case .stop: return "stop"
        case .length: return "length"
        case .tool: return "tool_calls"
        }
    }
}

/// Writes Chat Completions as OpenAI's API reference has them.
struct OpenAIChatWriter: AnswerWriter {
    private let plan: AnswerPlan
    private let prefix: [UInt8]
    private let suffix: [UInt8]

    init(plan: AnswerPlan) {
        self.plan = plan
        prefix = Array(
            "data: \(Self.head(plan, object: "chat.completion.chunk"))\"choices\":[{\"index\":0,\"delta\":{".utf8)
        suffix = Array("},\"logprobs\":null,\"finish_reason\":null}]\(Self.noUsage(plan))}\n\n".utf8)
    }

    /// The members that all chunks of an answer share, from the opening brace to a comma.
    static func head(_ plan: AnswerPlan, object: String) -> String {
        let identifier = (object == "text_completion" ? "cmpl-" : "chatcmpl-") + plan.identifier
        return "{\"id\":\(JSONValue.string(identifier).text),\"object\":\"\(object)\",\"created\":\(plan.created),"
            + "\"model\":\(JSONValue.string(plan.model).text),\"system_fingerprint\":\"\(plan.fingerprint)\","
    }

    /// With usage asked for, every chunk but the last says that it has none.
    static func noUsage(_ plan: AnswerPlan) -> String { plan.includesUsage ? ",\"usage\":null" : "" }

    /// The chunk that carries the usage alone; empty where none was asked for.
    static func usageChunk(_ plan: AnswerPlan, object: String, _ timing: AnswerTiming) -> [UInt8] {
        guard plan.includesUsage, plan.usage != nil else { return [] }
        let metrics = plan.reportsTiming ? ",\"metrics\":\(Self.metrics(timing, tokens: plan.tokens).text)" : ""
        let chunk =
            "data: \(head(plan, object: object))\"choices\":[],\"usage\":\(plan.openAIUsage.text)\(metrics)}\n\n"
        return Array(chunk.utf8)
    }

    /// What vLLM reports of a request's times.
    private static func metrics(_ timing: AnswerTiming, tokens: Int) -> JSONValue {
        let gap = tokens > 1 ? timing.generation.milliseconds / Double(tokens - 1) : 0
        return [
            "time_to_first_token_ms": .number(timing.prompt.milliseconds), "queue_time_ms": 0,
            "generation_time_ms": .number(timing.generation.milliseconds), "mean_itl_ms": .number(gap),
        ]
    }

    func opening() -> [[UInt8]] { [chunk("\"role\":\"assistant\",\"content\":\"\"", [], "")] }

    var terminal: [UInt8] { Array("data: [DONE]\n\n".utf8) }

    var brokenEvent: [UInt8] { prefix + Array("\"content\":\" bro\n\n".utf8) }

    private func chunk(_ before: StaticString, _ escaped: [UInt8], _ after: StaticString) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(prefix.count + before.utf8CodeUnitCount + escaped.count + 8 + suffix.count)
        bytes += prefix
        before.withUTF8Buffer { bytes += $0 }
        bytes += escaped
        after.withUTF8Buffer { bytes += $0 }
        bytes += suffix
        return bytes
    }

    func content(_ event: ContentEvent) -> [UInt8] {
        switch event.kind {
        case .text: return chunk("\"content\":\"", event.escaped, "\"")
        case .reasoning: return chunk("\"reasoning_content\":\"", event.escaped, "\"")
        case .tool where event.isFirstOfKind: return chunk("\"tool_calls\":[", toolOpening(event), "]")
        case .tool:
            return chunk("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"", event.escaped, "\"}}]")
        }
    }

    private func toolOpening(_ event: ContentEvent) -> [UInt8] {
        let call: JSONValue = [
            "index": 0, "id": .string("call_\(plan.identifier)"), "type": "function",
            "function": [
                "name": .string(plan.toolName ?? ""),
                "arguments": .string(String(decoding: event.text, as: UTF8.self)),
            ],
        ]
        return Array(call.text.utf8)
    }

    func finish(_ timing: AnswerTiming) -> FinishEvents {
        let head = Self.head(plan, object: "chat.completion.chunk")
        let choice = "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\(plan.openAIReason.text)}"
        let chunk = "data: \(head)\"choices\":[\(choice)]\(Self.noUsage(plan))}\n\n"
        return FinishEvents(
            finish: Array(chunk.utf8), usage: Self.usageChunk(plan, object: "chat.completion.chunk", timing))
    }

    func failure(_ error: ServiceError) -> [UInt8] { Array("data: \(error.openAIBody.text)\n\n".utf8) }

    func whole(_ texts: AnswerTexts, _ timing: AnswerTiming) -> JSONValue {
        var message: JSONValue = ["role": "assistant"]
        message.merge("content", plan.toolName == nil ? .string(texts.textString) : .null)
        if plan.reasoningTokens > 0 { message.merge("reasoning_content", .string(texts.reasoningString)) }
        if let name = plan.toolName {
            let function: JSONValue = ["name": .string(name), "arguments": .string(texts.argumentsString)]
            message.merge(
                "tool_calls",
                [["id": .string("call_\(plan.identifier)"), "type": "function", "function": function]])
        }
        return [
            "id": .string("chatcmpl-" + plan.identifier), "object": "chat.completion",
            "created": .integer(Int(plan.created)), "model": .string(plan.model),
            "system_fingerprint": .string(plan.fingerprint),
            "choices": [["index": 0, "message": message, "logprobs": nil, "finish_reason": plan.openAIReason]],
            "usage": plan.openAIUsage,
        ]
    }
}
