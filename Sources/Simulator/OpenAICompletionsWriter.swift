import Timeline

/// Writes the older Completions of OpenAI, whose last chunk carries both text and the finish reason.
struct OpenAICompletionsWriter: AnswerWriter {
    private let plan: AnswerPlan
    private let prefix: [UInt8]
    private let suffix: [UInt8]
    private let lastSuffix: [UInt8]

    init(plan: AnswerPlan) {
        self.plan = plan
        let head = OpenAIChatWriter.head(plan, object: "text_completion")
        let noUsage = OpenAIChatWriter.noUsage(plan)
        prefix = Array("data: \(head)\"choices\":[{\"index\":0,\"text\":\"".utf8)
        suffix = Array("\",\"logprobs\":null,\"finish_reason\":null}]\(noUsage)}\n\n".utf8)
        let reason = OpenAIChatWriter.finishName(plan.reason)
        lastSuffix = Array("\",\"logprobs\":null,\"finish_reason\":\"\(reason)\"}]\(noUsage)}\n\n".utf8)
    }

    var opening: [[UInt8]] { [] }

    var terminal: [UInt8] { Array("data: [DONE]\n\n".utf8) }

    var brokenEvent: [UInt8] { prefix + Array(" bro\n\n".utf8) }

    func content(_ event: ContentEvent) -> [UInt8] {
        prefix + event.piece.escaped + (event.isLast ? lastSuffix : suffix)
    }

    func finish() -> [UInt8] {
        let usage = Array(OpenAIChatWriter.usageChunk(plan, object: "text_completion").utf8)
        return plan.tokens == 0 ? prefix + lastSuffix + usage : usage
    }

    func failure(_ error: ServiceError) -> [UInt8] { Array("data: \(error.json(.openAICompletions).text)\n\n".utf8) }

    func whole(_ texts: AnswerTexts) -> JSONValue {
        [
            "id": .string("cmpl-" + plan.identifier), "object": "text_completion",
            "created": .integer(Int(plan.created)), "model": .string(plan.model),
            "choices": [
                [
                    "index": 0, "text": .string(String(decoding: texts.text, as: UTF8.self)), "logprobs": nil,
                    "finish_reason": .string(OpenAIChatWriter.finishName(plan.reason)),
                ]
            ],
            "usage": plan.openAIUsage,
        ]
    }
}
