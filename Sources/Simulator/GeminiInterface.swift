import Timeline

/// Google's Gemini API and the same models on Vertex AI: the model stands in the path, and so does what is asked of it.
struct GeminiInterface: Interface {
    let name = "gemini"
    let routes = ["/v1beta/models/", "/v1/models/", vertexFolder("v1"), vertexFolder("v1beta1")].flatMap { folder in
        [
            InterfaceRoute(folder + "*:streamGenerateContent", streams: true),
            InterfaceRoute(folder + "*:generateContent", streams: false),
        ]
    }
    let framing = EventFraming.serverSentEventsCRLF

    private static func vertexFolder(_ version: String) -> String {
        "/\(version)/projects/*/locations/*/publishers/google/models/"
    }

    func timingHeader(_ milliseconds: Int) -> HeaderField? {
        HeaderField("server-timing", "gfet4t7; dur=\(milliseconds)")
    }

    func read(_ body: RequestBody, of call: InterfaceCall) throws(ServiceError) -> GenerationRequest {
        let isStream = call.streams == true
        if isStream, !call.query.split(separator: "&").contains("alt=sse") {
            throw .badRequest("The stream of JSON without alt=sse is not simulated; add ?alt=sse")
        }
        var request = GenerationRequest(
            model: call.names.last ?? call.target, streams: isStream, prompt: try body.elements("contents"),
            system: body["systemInstruction"])
        request.tokenCap = try body.count("generationConfig.maxOutputTokens")
        if body["toolConfig.functionCallingConfig.mode"] != "NONE" {
            let declarations = body["tools"]?.arrayValue?.first?["functionDeclarations"]
            request.toolName = declarations?.arrayValue?.first?["name"]?.stringValue
        }
        return request
    }

    func writer(of plan: AnswerPlan) -> any AnswerWriter { GeminiWriter(plan: plan) }

    func body(of error: ServiceError) -> JSONValue {
        let status =
            switch error.kind {
            case .invalidRequest: "INVALID_ARGUMENT"
            case .notFound: "NOT_FOUND"
            case .unauthorized: "UNAUTHENTICATED"
            case .rateLimited: "RESOURCE_EXHAUSTED"
            case .overloaded, .unavailable: "UNAVAILABLE"
            case .serverFailure: "INTERNAL"
            }
        var details: [JSONValue] = []
        if error.kind == .rateLimited {
            details.append(["@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"])
        }
        return [
            "error": [
                "code": .integer(error.status), "message": .string(error.message), "status": .string(status),
                "details": .array(details),
            ]
        ]
    }
}

/// Writes fragments of a response, each with the usage so far; a function call comes whole, and nothing marks the end.
struct GeminiWriter: AnswerWriter {
    private let plan: AnswerPlan
    private let framing = EventFraming.serverSentEventsCRLF
    private var spoken = 0
    private var thought = 0
    private var arguments: [UInt8] = []

    init(plan: AnswerPlan) { self.plan = plan }

    /// The usage after the tokens so far; at the end that of the whole answer, as the plan has it.
    private func usage(isFinal: Bool) -> JSONValue? {
        guard let usage = plan.usage else { return nil }
        let spoken = isFinal ? usage.completion - usage.reasoning : spoken
        let thought = isFinal ? usage.reasoning : thought
        var json: JSONValue = ["promptTokenCount": .integer(usage.prompt)]
        if spoken > 0 { json.merge("candidatesTokenCount", .integer(spoken)) }
        json.merge("totalTokenCount", .integer(usage.prompt + spoken + thought))
        if usage.cached > 0 { json.merge("cachedContentTokenCount", .integer(usage.cached)) }
        if thought > 0 { json.merge("thoughtsTokenCount", .integer(thought)) }
        return json
    }

    /// The members after the candidates.
    private func tail(isFinal: Bool) -> String {
        let usage = usage(isFinal: isFinal).map { "\"usageMetadata\":\($0.text)," } ?? ""
        let identity = "\"modelVersion\":\(JSONValue.string(plan.model).text),\"responseId\":\"\(plan.identifier)\"}"
        return ",\(usage)\(identity)"
    }

    private var finishReason: JSONValue {
        guard plan.reportsReason else { return .null }
        return plan.reason == .length ? "MAX_TOKENS" : "STOP"
    }

    var brokenEvent: [UInt8] { framing.event(nil, "{\"candidates\":[{\"content\":{\"par") }

    mutating func content(_ event: ContentEvent) -> [UInt8] {
        if event.kind == .reasoning { thought += event.tokens } else { spoken += event.tokens }
        let before = "{\"candidates\":[{\"content\":{\"parts\":[{"
        let after = "}],\"role\":\"model\"},\"index\":0}]\(tail(isFinal: false))"
        switch event.kind {
        case .text: return framing.event(nil, before + "\"text\":\"", event.escaped, "\"" + after)
        case .reasoning:
            return framing.event(nil, before + "\"text\":\"", event.escaped, "\",\"thought\":true" + after)
        case .tool:
            arguments += event.text
            guard event.isLast else { return [] }
            let name = JSONValue.string(plan.toolName ?? "").text
            return framing.event(nil, before + "\"functionCall\":{\"name\":\(name),\"args\":", arguments, "}" + after)
        }
    }

    func finish(_ timing: AnswerTiming) -> FinishEvents {
        var candidate: JSONValue = ["content": ["parts": [["text": ""]], "role": "model"], "index": 0]
        if plan.reportsReason { candidate.merge("finishReason", finishReason) }
        return FinishEvents(finish: framing.event(nil, "{\"candidates\":[\(candidate.text)]\(tail(isFinal: true))"))
    }

    func failure(_ error: ServiceError) -> [UInt8] { framing.event(nil, GeminiInterface().body(of: error)) }

    func whole(_ texts: AnswerTexts, _ timing: AnswerTiming) -> JSONValue {
        var parts: [JSONValue] = []
        if plan.reasoningTokens > 0 { parts.append(["text": .string(texts.reasoningString), "thought": true]) }
        if let name = plan.toolName {
            parts.append(["functionCall": ["name": .string(name), "args": texts.argumentsValue]])
        } else {
            parts.append(["text": .string(texts.textString)])
        }
        var response: JSONValue = [
            "candidates": [
                ["content": ["parts": .array(parts), "role": "model"], "finishReason": finishReason, "index": 0]
            ],
            "modelVersion": .string(plan.model), "responseId": .string(plan.identifier),
        ]
        if let usage = usage(isFinal: true) { response.merge("usageMetadata", usage) }
        return response
    }
}
