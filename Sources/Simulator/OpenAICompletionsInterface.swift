import Timeline

/// OpenAI's older Completions, which have neither reasoning nor tools.
struct OpenAICompletionsInterface: Interface {
    let name = "openai-completions"
    let routes = [InterfaceRoute("/v1/completions"), InterfaceRoute("/completions")]
    let carriesReasoning = false

    func read(_ body: RequestBody, of call: InterfaceCall) throws(ServiceError) -> GenerationRequest {
        var request = GenerationRequest(
            model: body["model"]?.stringValue ?? call.target, streams: body.isTrue("stream"),
            prompt: try body.required("prompt"))
        try OpenAIRequest.readLimits(of: body, into: &request)
        return request
    }

    func timingHeader(_ milliseconds: Int) -> HeaderField? {
        HeaderField("openai-processing-ms", String(milliseconds))
    }

    func writer(of plan: AnswerPlan) -> any AnswerWriter { OpenAICompletionsWriter(plan: plan) }

    func body(of error: ServiceError) -> JSONValue { error.openAIBody }

    func headers(of error: ServiceError) -> [HeaderField] { error.openAIHeaders }
}

/// Writes the older Completions of OpenAI, whose last chunk carries both text and the finish reason.
struct OpenAICompletionsWriter: AnswerWriter {
    private let plan: AnswerPlan
    private let prefix: [UInt8]
    private let suffix: [UInt8]
    private let lastSuffix: [UInt8]
    let finishesWithContent = true

    init(plan: AnswerPlan) {
        self.plan = plan
        let head = OpenAIChatWriter.head(plan, object: "text_completion")
        let noUsage = OpenAIChatWriter.noUsage(plan)
        prefix = Array("data: \(head)\"choices\":[{\"index\":0,\"text\":\"".utf8)
        suffix = Array("\",\"logprobs\":null,\"finish_reason\":null}]\(noUsage)}\n\n".utf8)
        lastSuffix = Array(
            "\",\"logprobs\":null,\"finish_reason\":\(plan.openAIReason.text)}]\(noUsage)}\n\n".utf8)
    }

    var terminal: [UInt8] { Array("data: [DONE]\n\n".utf8) }

    var brokenEvent: [UInt8] { prefix + Array(" bro\n\n".utf8) }

    func content(_ event: ContentEvent) -> [UInt8] {
        prefix + event.escaped + (event.isLast ? lastSuffix : suffix)
    }

    func finish(_ timing: AnswerTiming) -> FinishEvents {
        FinishEvents(
            finish: plan.tokens == 0 ? prefix + lastSuffix : [],
            usage: OpenAIChatWriter.usageChunk(plan, object: "text_completion", timing))
    }

    func failure(_ error: ServiceError) -> [UInt8] { Array("data: \(error.openAIBody.text)\n\n".utf8) }

    func whole(_ texts: AnswerTexts, _ timing: AnswerTiming) -> JSONValue {
        [
            "id": .string("cmpl-" + plan.identifier), "object": "text_completion",
            "created": .integer(Int(plan.created)), "model": .string(plan.model),
            "system_fingerprint": .string(plan.fingerprint),
            "choices": [
                [
                    "index": 0, "text": .string(texts.textString), "logprobs": nil,
                    "finish_reason": plan.openAIReason,
                ]
            ],
            "usage": plan.openAIUsage,
        ]
    }
}
