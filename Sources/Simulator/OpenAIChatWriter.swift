import Timeline

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
            + "\"model\":\(JSONValue.string(plan.model).text),\"system_fingerprint\":\"fp_simulated\","
    }

    /// With usage asked for, every chunk but the last says that it has none.
    static func noUsage(_ plan: AnswerPlan) -> String { plan.includesUsage ? ",\"usage\":null" : "" }

    /// The chunk that carries the usage alone; empty where none was asked for.
    static func usageChunk(_ plan: AnswerPlan, object: String) -> String {
        guard plan.includesUsage else { return "" }
        return "data: \(head(plan, object: object))\"choices\":[],\"usage\":\(plan.openAIUsage.text)}\n\n"
    }

    static func finishName(_ reason: FinishReason) -> String {
        switch reason {
        case .stop: "stop"
        case .length: "length"
        case .tool: "tool_calls"
        }
    }

    var opening: [[UInt8]] { [chunk("\"role\":\"assistant\",\"content\":\"\"", [], "")] }

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
        case .text: return chunk("\"content\":\"", event.piece.escaped, "\"")
        case .reasoning: return chunk("\"reasoning_content\":\"", event.piece.escaped, "\"")
        case .tool where event.isFirstOfKind: return chunk("\"tool_calls\":[", toolOpening(event), "]")
        case .tool:
            return chunk("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"", event.piece.escaped, "\"}}]")
        }
    }

    private func toolOpening(_ event: ContentEvent) -> [UInt8] {
        let call: JSONValue = [
            "index": 0, "id": .string("call_\(plan.identifier)"), "type": "function",
            "function": [
                "name": .string(plan.toolName ?? ""),
                "arguments": .string(String(decoding: event.piece.text, as: UTF8.self)),
            ],
        ]
        return Array(call.text.utf8)
    }

    func finish() -> [UInt8] {
        let head = Self.head(plan, object: "chat.completion.chunk")
        let reason = Self.finishName(plan.reason)
        let chunk =
            "data: \(head)\"choices\":[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"\(reason)\"}]"
            + "\(Self.noUsage(plan))}\n\n"
        return Array((chunk + Self.usageChunk(plan, object: "chat.completion.chunk")).utf8)
    }

    func failure(_ error: ServiceError) -> [UInt8] { Array("data: \(error.json(.openAIChat).text)\n\n".utf8) }

    func whole(_ texts: AnswerTexts) -> JSONValue {
        var message: JSONValue = ["role": "assistant"]
        message.merge("content", plan.toolName == nil ? .string(String(decoding: texts.text, as: UTF8.self)) : .null)
        if plan.reasoningTokens > 0 {
            message.merge("reasoning_content", .string(String(decoding: texts.reasoning, as: UTF8.self)))
        }
        if let name = plan.toolName {
            let arguments = String(decoding: texts.toolArguments, as: UTF8.self)
            message.merge(
                "tool_calls",
                [
                    [
                        "id": .string("call_\(plan.identifier)"), "type": "function",
                        "function": ["name": .string(name), "arguments": .string(arguments)],
                    ]
                ])
        }
        return [
            "id": .string("chatcmpl-" + plan.identifier), "object": "chat.completion",
            "created": .integer(Int(plan.created)), "model": .string(plan.model),
            "choices": [
                [
                    "index": 0, "message": message, "logprobs": nil,
                    "finish_reason": .string(Self.finishName(plan.reason)),
                ]
            ],
            "usage": plan.openAIUsage,
        ]
    }
}
