import Timeline

/// Ollama's own API: a JSON object a line, with times in nanoseconds in the last one.
struct OllamaInterface: Interface {
    let name = "ollama"
    let routes = [InterfaceRoute("/api/chat"), InterfaceRoute("/api/generate")]
    let framing = EventFraming.jsonLines

    func read(_ body: RequestBody, of call: InterfaceCall) throws(ServiceError) -> GenerationRequest {
        let isChat = body["messages"] != nil
        var request = GenerationRequest(
            model: body["model"]?.stringValue ?? call.target, streams: body["stream"] != .bool(false),
            prompt: isChat ? try body.elements("messages") : try body.required("prompt"), system: body["system"])
        request.tokenCap = try body.count("options.num_predict", endless: -1)
        request.toolName = isChat ? body.toolName : nil
        request.hasMessages = isChat
        return request
    }

    func writer(of plan: AnswerPlan) -> any AnswerWriter { OllamaWriter(plan: plan) }

    func body(of error: ServiceError) -> JSONValue { ["error": .string(error.message)] }
}

/// Writes lines of `/api/chat`, or of `/api/generate` where the request had no messages.
struct OllamaWriter: AnswerWriter {
    private let plan: AnswerPlan
    private let head: String
    private var arguments: [UInt8] = []

    init(plan: AnswerPlan) {
        self.plan = plan
        head =
            "{\"model\":\(JSONValue.string(plan.model).text),"
            + "\"created_at\":\"\(CalendarDate(secondsSince1970: plan.created).internetText)\","
    }

    var brokenEvent: [UInt8] { EventFraming.jsonLines.event(nil, head + "\"mess") }

    private func line(_ before: String, _ escaped: [UInt8], _ after: String) -> [UInt8] {
        EventFraming.jsonLines.event(nil, head + before, escaped, after + ",\"done\":false}")
    }

    mutating func content(_ event: ContentEvent) -> [UInt8] {
        let isThinking = event.kind == .reasoning
        if event.kind == .tool {
            arguments += event.text
            guard event.isLast else { return [] }
            let name = JSONValue.string(plan.toolName ?? "").text
            return line(
                "\"message\":{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"function\":{\"name\":\(name),"
                    + "\"arguments\":", arguments, "}}]}")
        }
        if plan.hasMessages {
            let member = isThinking ? "\"content\":\"\",\"thinking\":\"" : "\"content\":\""
            return line("\"message\":{\"role\":\"assistant\",\(member)", event.escaped, "\"}")
        }
        return line(isThinking ? "\"response\":\"\",\"thinking\":\"" : "\"response\":\"", event.escaped, "\"")
    }

    private func ending(_ timing: AnswerTiming) -> JSONValue {
        var members: JSONValue = ["done": true]
        if plan.reportsReason { members.merge("done_reason", plan.reason == .length ? "length" : "stop") }
        members.merge("total_duration", .integer(Int(timing.total.count)))
        // Ollama leaves out what is 0, as the evaluated part of a prompt that came from the cache.
        if let usage = plan.usage, usage.prompt > usage.cached {
            members.merge("prompt_eval_count", .integer(usage.prompt - usage.cached))
        }
        members.merge("prompt_eval_duration", .integer(Int(timing.prompt.count)))
        if let usage = plan.usage { members.merge("eval_count", .integer(usage.completion)) }
        members.merge("eval_duration", .integer(Int(timing.generation.count)))
        return members
    }

    func finish(_ timing: AnswerTiming) -> FinishEvents {
        let empty = plan.hasMessages ? "\"message\":{\"role\":\"assistant\",\"content\":\"\"}" : "\"response\":\"\""
        return FinishEvents(
            finish: EventFraming.jsonLines.event(nil, head + empty + "," + ending(timing).text.dropFirst()))
    }

    func failure(_ error: ServiceError) -> [UInt8] {
        EventFraming.jsonLines.event(nil, OllamaInterface().body(of: error))
    }

    func whole(_ texts: AnswerTexts, _ timing: AnswerTiming) -> JSONValue {
        var answer: JSONValue = [
            "model": .string(plan.model),
            "created_at": .string(CalendarDate(secondsSince1970: plan.created).internetText),
        ]
        if plan.hasMessages {
            var message: JSONValue = ["role": "assistant", "content": .string(texts.textString)]
            if plan.reasoningTokens > 0 { message.merge("thinking", .string(texts.reasoningString)) }
            if let name = plan.toolName {
                let call: JSONValue = ["function": ["name": .string(name), "arguments": texts.argumentsValue]]
                message.merge("tool_calls", [call])
            }
            answer.merge("message", message)
        } else {
            answer.merge("response", .string(texts.textString))
            if plan.reasoningTokens > 0 { answer.merge("thinking", .string(texts.reasoningString)) }
        }
        if case .object(let members) = ending(timing) {
            for member in members { answer.merge(member.name, member.value) }
        }
        return answer
    }
}
