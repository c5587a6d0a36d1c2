import Timeline

/// Anthropic's Messages.
struct AnthropicInterface: Interface {
    let name = "anthropic"
    let routes = [InterfaceRoute("/v1/messages")]
    let identifierHeader = "request-id"

    func read(_ body: RequestBody, of call: InterfaceCall) throws(ServiceError) -> GenerationRequest {
        var request = GenerationRequest(
            model: body["model"]?.stringValue ?? call.target, streams: body.isTrue("stream"),
            prompt: try body.elements("messages"), system: body["system"])
        _ = try body.required("max_tokens")
        request.tokenCap = try body.count("max_tokens")
        request.toolName = body.toolName
        return request
    }

    func timingHeader(_ milliseconds: Int) -> HeaderField? {
        HeaderField("x-envoy-upstream-service-time", String(milliseconds))
    }

    func writer(of plan: AnswerPlan) -> any AnswerWriter { AnthropicWriter(plan: plan) }

    func body(of error: ServiceError) -> JSONValue {
        let type =
            switch error.kind {
            case .invalidRequest: "invalid_request_error"
            case .notFound: "not_found_error"
            case .unauthorized: "authentication_error"
            case .rateLimited: "rate_limit_error"
            case .overloaded, .unavailable: "overloaded_error"
            case .serverFailure: "api_error"
            }
        return ["type": "error", "error": ["type": .string(type), "message": .string(error.message)]]
    }

    func headers(of error: ServiceError) -> [HeaderField] {
        guard error.kind == .rateLimited else { return [] }
        return [
            HeaderField("anthropic-ratelimit-requests-limit", "50"),
            HeaderField("anthropic-ratelimit-requests-remaining", "0"),
            HeaderField("anthropic-ratelimit-requests-reset", "2026-01-01T00:00:01Z"),
        ]
    }
}

/// Writes Messages as Anthropic's API reference has them: a stream of content blocks with named events.
struct AnthropicWriter: AnswerWriter {
    private let plan: AnswerPlan
    /// The index of the block that is open; nil before the first.
    private var openBlock: Int?

    init(plan: AnswerPlan) {
        self.plan = plan
        // The opening starts the first block, unless that is a tool's: its start carries the name, which is a token.
        openBlock = plan.reasoningTokens > 0 || plan.toolName == nil ? 0 : nil
    }

    private static func event(_ name: String, _ data: JSONValue) -> [UInt8] {
        Array("event: \(name)\ndata: \(data.text)\n\n".utf8)
    }

    private var stopReason: JSONValue {
        guard plan.reportsReason else { return .null }
        switch plan.reason {
        case .stop: return "end_turn"
        case .length: return "max_tokens"
        case .tool: return "tool_use"
        }
    }

    private func message(content: JSONValue, stopReason: JSONValue, outputTokens: Int) -> JSONValue {
        var message: JSONValue = [
            "id": .string("msg_" + plan.identifier), "type": "message", "role": "assistant",
            "model": .string(plan.model), "content": content, "stop_reason": stopReason, "stop_sequence": nil,
        ]
        if let usage = plan.usage {
            // Anthropic counts the cached part of the prompt apart from the rest.
            message.merge(
                "usage",
                [
                    "input_tokens": .integer(usage.prompt - usage.cached), "cache_creation_input_tokens": 0,
                    "cache_read_input_tokens": .integer(usage.cached), "output_tokens": .integer(outputTokens),
                    "service_tier": "standard",
                ])
        }
        return message
    }

    func opening() -> [[UInt8]] {
        let start: JSONValue = [
            "type": "message_start", "message": message(content: [], stopReason: nil, outputTokens: 1),
        ]
        var events = [Self.event("message_start", start)]
        if openBlock != nil { events.append(blockStart(0, plan.reasoningTokens > 0 ? .reasoning : .text)) }
        events.append(Self.event("ping", ["type": "ping"]))
        return events
    }

    private func blockStart(_ index: Int, _ kind: TokenKind) -> [UInt8] {
        let block: JSONValue =
            switch kind {
            case .reasoning: ["type": "thinking", "thinking": "", "signature": ""]
            case .text: ["type": "text", "text": ""]
            case .tool:
                [
                    "type": "tool_use", "id": .string("toolu_\(plan.identifier)"),
                    "name": .string(plan.toolName ?? ""), "input": [:],
                ]
            }
        return Self.event(
            "content_block_start", ["type": "content_block_start", "index": .integer(index), "content_block": block])
    }

    /// Closes the open block; a block of thinking is signed first.
    private func blockStop() -> [UInt8] {
        guard let openBlock else { return [] }
        var bytes: [UInt8] = []
        if openBlock == 0, plan.reasoningTokens > 0 {
            bytes = Self.event(
                "content_block_delta",
                [
                    "type": "content_block_delta", "index": 0,
                    "delta": ["type": "signature_delta", "signature": "c2ltdWxhdGVk"],
                ])
        }
        return bytes
            + Self.event("content_block_stop", ["type": "content_block_stop", "index": .integer(openBlock)])
    }

    mutating func content(_ event: ContentEvent) -> [UInt8] {
        var bytes: [UInt8] = []
        let block = event.kind == .reasoning || plan.reasoningTokens == 0 ? 0 : 1
        if openBlock != block {
            bytes = blockStop() + blockStart(block, event.kind)
            openBlock = block
        }
        if event.kind == .tool, event.isFirstOfKind, event.text.isEmpty { return bytes }
        let (type, member): (StaticString, StaticString) =
            switch event.kind {
            case .reasoning: ("thinking_delta", "thinking")
            case .text: ("text_delta", "text")
            case .tool: ("input_json_delta", "partial_json")
            }
        bytes += Array("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":\(block),".utf8)
        bytes += Array("\"delta\":{\"type\":\"\(type)\",\"\(member)\":\"".utf8)
        bytes += event.escaped
        bytes += Array("\"}}\n\n".utf8)
        return bytes
    }

    var terminal: [UInt8] { Self.event("message_stop", ["type": "message_stop"]) }

    var brokenEvent: [UInt8] {
        Array(
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"te\n\n".utf8)
    }

    func finish(_ timing: AnswerTiming) -> FinishEvents {
        var delta: JSONValue = [
            "type": "message_delta", "delta": ["stop_reason": stopReason, "stop_sequence": nil],
        ]
        if let usage = plan.usage { delta.merge("usage", ["output_tokens": .integer(usage.completion)]) }
        return FinishEvents(finish: blockStop() + Self.event("message_delta", delta))
    }

    func failure(_ error: ServiceError) -> [UInt8] { Self.event("error", AnthropicInterface().body(of: error)) }

    func whole(_ texts: AnswerTexts, _ timing: AnswerTiming) -> JSONValue {
        var blocks: [JSONValue] = []
        if plan.reasoningTokens > 0 {
            blocks.append([
                "type": "thinking", "thinking": .string(texts.reasoningString), "signature": "c2ltdWxhdGVk",
            ])
        }
        if let name = plan.toolName {
            blocks.append([
                "type": "tool_use", "id": .string("toolu_\(plan.identifier)"), "name": .string(name),
                "input": texts.argumentsValue,
            ])
        } else {
            blocks.append(["type": "text", "text": .string(texts.textString)])
        }
        return message(content: .array(blocks), stopReason: stopReason, outputTokens: plan.usage?.completion ?? 0)
    }
}
