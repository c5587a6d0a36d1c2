import Timeline

/// The own API of llama.cpp's server.
struct LlamaInterface: Interface {
    let name = "llama-cpp"
    let routes = [InterfaceRoute("/completion")]
    let carriesReasoning = false

    func read(_ body: RequestBody, of call: InterfaceCall) throws(ServiceError) -> GenerationRequest {
        var request = GenerationRequest(
            model: body["model"]?.stringValue ?? call.target, streams: body.isTrue("stream"),
            prompt: try body.required("prompt"))
        request.tokenCap = try body.count("n_predict", endless: -1)
        request.ignoresEnd = body.isTrue("ignore_eos")
        return request
    }

    func writer(of plan: AnswerPlan) -> any AnswerWriter { LlamaWriter(plan: plan) }

    func body(of error: ServiceError) -> JSONValue {
        let type =
            switch error.kind {
            case .invalidRequest: "invalid_request_error"
            case .notFound: "not_found_error"
            case .unauthorized: "authentication_error"
            case .rateLimited, .overloaded, .unavailable: "unavailable_error"
            case .serverFailure: "server_error"
            }
        return [
            "error": [
                "code": .integer(error.status), "message": .string(error.message), "type": .string(type),
            ]
        ]
    }
}

/// Writes fragments with the numbers of their tokens; the last event carries counts and times, and no text.
struct LlamaWriter: AnswerWriter {
    private let plan: AnswerPlan
    private var written = 0

    init(plan: AnswerPlan) { self.plan = plan }

    var brokenEvent: [UInt8] { EventFraming.serverSentEvents.event(nil, "{\"index\":0,\"cont") }

    mutating func content(_ event: ContentEvent) -> [UInt8] {
        let numbers = (0..<event.tokens).map { String(1000 + written + $0) }.joined(separator: ",")
        written += event.tokens
        return EventFraming.serverSentEvents.event(
            nil, "{\"index\":0,\"content\":\"", event.escaped,
            "\",\"tokens\":[\(numbers)],\"stop\":false,\"id_slot\":0,\"tokens_predicted\":\(written),"
                + "\"tokens_evaluated\":\(plan.promptTokens)}")
    }

    /// The members that say that the answer is complete.
    private func ending(_ timing: AnswerTiming) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("id_slot", 0), .init("stop", true), .init("model", .string(plan.model)),
        ]
        if plan.reportsReason { members.append(.init("stop_type", plan.reason == .length ? "limit" : "eos")) }
        members += [.init("stopping_word", ""), .init("truncated", false)]
        if let usage = plan.usage {
            members += [
                .init("tokens_predicted", .integer(usage.completion)),
                .init("tokens_evaluated", .integer(usage.prompt)),
                .init("tokens_cached", .integer(usage.prompt + usage.completion)),
                .init("timings", timings(usage, timing)),
            ]
        }
        return members
    }

    private func timings(_ usage: AnswerPlan.Usage, _ timing: AnswerTiming) -> JSONValue {
        let evaluated = usage.prompt - usage.cached
        let milliseconds = timing.generation.milliseconds
        return [
            "cache_n": .integer(usage.cached), "prompt_n": .integer(evaluated),
            "prompt_ms": .number(timing.prompt.milliseconds), "predicted_n": .integer(usage.completion),
            "predicted_ms": .number(milliseconds),
            "predicted_per_token_ms": .number(milliseconds / Double(max(1, usage.completion))),
        ]
    }

    func finish(_ timing: AnswerTiming) -> FinishEvents {
        let json = JSONValue.object([.init("index", 0), .init("content", ""), .init("tokens", [])] + ending(timing))
        return FinishEvents(finish: EventFraming.serverSentEvents.event(nil, json))
    }

    func failure(_ error: ServiceError) -> [UInt8] {
        EventFraming.serverSentEvents.event(nil, LlamaInterface().body(of: error))
    }

    func whole(_ texts: AnswerTexts, _ timing: AnswerTiming) -> JSONValue {
        .object([.init("index", 0), .init("content", .string(texts.textString)), .init("tokens", [])] + ending(timing))
    }
}
