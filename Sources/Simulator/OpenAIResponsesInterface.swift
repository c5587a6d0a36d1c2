import Timeline

/// OpenAI's Responses: typed and numbered events, of which the last repeats the state of the whole response.
struct OpenAIResponsesInterface: Interface {
    let name = "openai-responses"
    let routes = [InterfaceRoute("/v1/responses"), InterfaceRoute("/openai/v1/responses")]

    func read(_ body: RequestBody, of call: InterfaceCall) throws(ServiceError) -> GenerationRequest {
        var request = GenerationRequest(
            model: body["model"]?.stringValue ?? call.target, streams: body.isTrue("stream"),
            prompt: try body.required("input"), system: body["instructions"])
        request.tokenCap = try body.count("max_output_tokens")
        request.toolName = body.toolName
        return request
    }

    func timingHeader(_ milliseconds: Int) -> HeaderField? {
        HeaderField("openai-processing-ms", String(milliseconds))
    }

    func writer(of plan: AnswerPlan) -> any AnswerWriter { OpenAIResponsesWriter(plan: plan) }

    func body(of error: ServiceError) -> JSONValue { error.openAIBody }

    func headers(of error: ServiceError) -> [HeaderField] { error.openAIHeaders }
}

/// Writes a response item by item: reasoning as a summary, then a message or a function call.
struct OpenAIResponsesWriter: AnswerWriter {
    private let plan: AnswerPlan
    /// The number of the next event.
    private var sequence = 0
    /// The item that is open; nil before the first.
    private var openItem: TokenKind?
    private var items: [JSONValue] = []
    private var openText: [UInt8] = []

    init(plan: AnswerPlan) { self.plan = plan }

    private mutating func event(_ type: String, _ members: JSONValue = [:]) -> [UInt8] {
        var data: JSONValue = ["type": .string(type), "sequence_number": .integer(sequence)]
        if case .object(let members) = members { for member in members { data.merge(member.name, member.value) } }
        sequence += 1
        return EventFraming.serverSentEvents.event(type, data)
    }

    private func identifier(_ kind: TokenKind) -> String {
        switch kind {
        case .reasoning: "rs_\(plan.identifier)"
        case .text: "msg_\(plan.identifier)"
        case .tool: "fc_\(plan.identifier)"
        }
    }

    /// The members that say which item an event belongs to.
    private func place(_ kind: TokenKind) -> String {
        "\"item_id\":\"\(identifier(kind))\",\"output_index\":\(items.count)"
            + (kind == .text ? ",\"content_index\":0" : kind == .reasoning ? ",\"summary_index\":0" : "")
    }

    private func item(_ kind: TokenKind, text: String, status: String) -> JSONValue {
        let isDone = status == "completed"
        switch kind {
        case .reasoning:
            let part: JSONValue = ["type": "summary_text", "text": .string(text)]
            return ["id": .string(identifier(kind)), "type": "reasoning", "summary": isDone ? [part] : []]
        case .text:
            let part: JSONValue = ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
            return [
                "id": .string(identifier(kind)), "type": "message", "status": .string(status), "role": "assistant",
                "content": isDone ? [part] : [],
            ]
        case .tool:
            return [
                "id": .string(identifier(kind)), "type": "function_call", "status": .string(status),
                "call_id": .string("call_\(plan.identifier)"), "name": .string(plan.toolName ?? ""),
                "arguments": .string(isDone ? text : ""),
            ]
        }
    }

    private func response(_ status: String, output: [JSONValue]) -> JSONValue {
        var incomplete = JSONValue.null
        if status == "incomplete", plan.reportsReason { incomplete = ["reason": "max_output_tokens"] }
        let isDone = status != "in_progress"
        return [
            "id": .string("resp_" + plan.identifier), "object": "response",
            "created_at": .integer(Int(plan.created)), "status": .string(status), "error": nil,
            "incomplete_details": incomplete, "model": .string(plan.model), "output": .array(output),
            "parallel_tool_calls": true, "tool_choice": "auto", "tools": [],
            "usage": isDone ? usage : .null,
        ]
    }

    private var usage: JSONValue {
        guard let usage = plan.usage else { return .null }
        return [
            "input_tokens": .integer(usage.prompt),
            "input_tokens_details": ["cached_tokens": .integer(usage.cached)],
            "output_tokens": .integer(usage.completion),
            "output_tokens_details": ["reasoning_tokens": .integer(usage.reasoning)],
            "total_tokens": .integer(usage.prompt + usage.completion),
        ]
    }

    private var status: String { plan.reason == .length ? "incomplete" : "completed" }

    mutating func opening() -> [[UInt8]] {
        let started = response("in_progress", output: [])
        return [
            event("response.created", ["response": started]), event("response.in_progress", ["response": started]),
        ]
    }

    var brokenEvent: [UInt8] {
        EventFraming.serverSentEvents.event(
            "response.output_text.delta", "{\"type\":\"response.output_text.delta\",\"del")
    }

    private mutating func open(_ kind: TokenKind) -> [UInt8] {
        openItem = kind
        openText = []
        let added: JSONValue = [
            "output_index": .integer(items.count), "item": item(kind, text: "", status: "in_progress"),
        ]
        let bytes = event("response.output_item.added", added)
        let part = kind == .reasoning ? "response.reasoning_summary_part.added" : "response.content_part.added"
        return kind == .tool ? bytes : bytes + partEvent(part, kind, text: "")
    }

    private mutating func partEvent(_ type: String, _ kind: TokenKind, text: String) -> [UInt8] {
        let part: JSONValue =
            kind == .reasoning
            ? ["type": "summary_text", "text": .string(text)]
            : ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
        let bytes = "{\"type\":\"\(type)\",\"sequence_number\":\(sequence),\(place(kind)),\"part\":\(part.text)}"
        sequence += 1
        return EventFraming.serverSentEvents.event(type, bytes)
    }

    mutating func content(_ event: ContentEvent) -> [UInt8] {
        var bytes: [UInt8] = []
        if openItem != event.kind { bytes = close() + open(event.kind) }
        openText += event.text
        if event.kind == .tool, event.text.isEmpty { return bytes }
        let type = Self.delta(event.kind) + ".delta"
        let head = "{\"type\":\"\(type)\",\"sequence_number\":\(sequence),\(place(event.kind)),\"delta\":\""
        sequence += 1
        return bytes
            + EventFraming.serverSentEvents.event(
                type, head, event.escaped, event.kind == .text ? "\",\"logprobs\":[]}" : "\"}")
    }

    private static func delta(_ kind: TokenKind) -> String {
        switch kind {
        case .reasoning: "response.reasoning_summary_text"
        case .text: "response.output_text"
        case .tool: "response.function_call_arguments"
        }
    }

    /// Ends the open item with events that repeat all of its text.
    private mutating func close() -> [UInt8] {
        guard let kind = openItem else { return [] }
        let text = String(decoding: openText, as: UTF8.self)
        let type = Self.delta(kind) + ".done"
        let member = kind == .tool ? "arguments" : "text"
        var bytes = EventFraming.serverSentEvents.event(
            type,
            "{\"type\":\"\(type)\",\"sequence_number\":\(sequence),\(place(kind)),"
                + "\"\(member)\":\(JSONValue.string(text).text)}")
        sequence += 1
        if kind != .tool {
            let part = kind == .reasoning ? "response.reasoning_summary_part.done" : "response.content_part.done"
            bytes += partEvent(part, kind, text: text)
        }
        let done = item(kind, text: text, status: "completed")
        bytes += event("response.output_item.done", ["output_index": .integer(items.count), "item": done])
        items.append(done)
        openItem = nil
        return bytes
    }

    mutating func finish(_ timing: AnswerTiming) -> FinishEvents {
        let bytes = close()
        return FinishEvents(finish: bytes + event("response.\(status)", ["response": response(status, output: items)]))
    }

    mutating func failure(_ error: ServiceError) -> [UInt8] {
        event(
            "error",
            [
                "code": .string(error.openAICode ?? "server_error"), "message": .string(error.message), "param": nil,
            ])
    }

    func whole(_ texts: AnswerTexts, _ timing: AnswerTiming) -> JSONValue {
        var output: [JSONValue] = []
        if plan.reasoningTokens > 0 {
            output.append(item(.reasoning, text: texts.reasoningString, status: "completed"))
        }
        let isTool = plan.toolName != nil
        output.append(
            item(
                isTool ? .tool : .text, text: isTool ? texts.argumentsString : texts.textString, status: "completed"))
        return response(status, output: output)
    }
}
