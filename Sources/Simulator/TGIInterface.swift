import Timeline

/// Hugging Face's Text Generation Inference: one event a token, and errors of a stream always with status 200.
struct TGIInterface: Interface {
    let name = "tgi"
    let routes = [
        InterfaceRoute("/generate_stream", streams: true), InterfaceRoute("/generate", streams: false),
    ]
    let carriesReasoning = false
    let endsWithSpecialToken = true

    func read(_ body: RequestBody, of call: InterfaceCall) throws(ServiceError) -> GenerationRequest {
        var request = GenerationRequest(
            model: call.target, streams: call.streams == true, prompt: try body.required("inputs"))
        request.tokenCap = try body.count("parameters.max_new_tokens")
        request.includesUsage = body.isTrue("parameters.details")
        return request
    }

    func writer(of plan: AnswerPlan) -> any AnswerWriter { TGIWriter(plan: plan) }

    func body(of error: ServiceError) -> JSONValue {
        let type =
            switch error.kind {
            case .invalidRequest, .notFound, .unauthorized: "validation"
            case .rateLimited, .overloaded, .unavailable: "overloaded"
            case .serverFailure: "generation"
            }
        return ["error": .string(error.message), "error_type": .string(type)]
    }
}

/// Writes tokens; the last one, which is special where the model stopped by itself, carries the whole text.
struct TGIWriter: AnswerWriter {
    private let plan: AnswerPlan
    private var index = 0
    private var text: [UInt8] = []
    let finishesWithContent = true

    init(plan: AnswerPlan) { self.plan = plan }

    var brokenEvent: [UInt8] { EventFraming.serverSentEvents.event(nil, "{\"index\":1,\"token\":{\"id\":1,\"te") }

    mutating func content(_ event: ContentEvent) -> [UInt8] {
        var bytes: [UInt8] = []
        for (position, piece) in event.pieces.enumerated() {
            text += piece.text
            bytes += token(piece, isLast: event.isLast && position == event.pieces.count - 1)
        }
        return bytes
    }

    private mutating func token(_ piece: TextPiece, isLast: Bool) -> [UInt8] {
        index += 1
        let isSpecial = isLast && plan.endsWithSpecialToken
        let head = "{\"index\":\(index),\"token\":{\"id\":\(isSpecial ? 2 : 1000 + index),\"text\":\""
        let middle = "\",\"logprob\":-0.25,\"special\":\(isSpecial)},\"generated_text\":"
        let ending =
            isLast && plan.reportsEnd
            ? "\(JSONValue.string(String(decoding: text, as: UTF8.self)).text),\"details\":\(details.text)}"
            : "null,\"details\":null}"
        return EventFraming.serverSentEvents.event(
            nil, head, isSpecial ? Array("</s>".utf8) : piece.escaped, middle + ending)
    }

    private var details: JSONValue {
        guard plan.includesUsage else { return .null }
        var details: JSONValue = [:]
        if plan.reportsReason { details.merge("finish_reason", plan.reason == .length ? "length" : "eos_token") }
        if let usage = plan.usage {
            details.merge("generated_tokens", .integer(usage.completion))
            details.merge("input_length", .integer(usage.prompt))
        }
        details.merge("seed", .null)
        return details
    }

    func finish(_ timing: AnswerTiming) -> FinishEvents { FinishEvents(finish: []) }

    func failure(_ error: ServiceError) -> [UInt8] {
        EventFraming.serverSentEvents.event(nil, TGIInterface().body(of: error))
    }

    func whole(_ texts: AnswerTexts, _ timing: AnswerTiming) -> JSONValue {
        var answer: JSONValue = ["generated_text": .string(texts.textString)]
        guard plan.includesUsage else { return answer }
        var details = details
        details.merge("prefill", [])
        details.merge("tokens", [])
        answer.merge("details", details)
        return answer
    }
}
