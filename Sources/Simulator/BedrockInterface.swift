import Timeline

/// Amazon Bedrock's Converse: binary frames, and the model in the path.
struct BedrockInterface: Interface {
    let name = "bedrock"
    let routes = [
        InterfaceRoute("/model/*/converse-stream", streams: true), InterfaceRoute("/model/*/converse", streams: false),
    ]
    let framing = EventFraming.amazonEventStream
    let identifierHeader = "x-amzn-requestid"

    func read(_ body: RequestBody, of call: InterfaceCall) throws(ServiceError) -> GenerationRequest {
        var request = GenerationRequest(
            model: call.names.last ?? call.target, streams: call.streams == true,
            prompt: try body.elements("messages"), system: body["system"])
        request.tokenCap = try body.count("inferenceConfig.maxTokens")
        request.toolName = body["toolConfig.tools"]?.arrayValue?.first?["toolSpec"]?["name"]?.stringValue
        return request
    }

    func writer(of plan: AnswerPlan) -> any AnswerWriter { BedrockWriter(plan: plan) }

    func body(of error: ServiceError) -> JSONValue { ["message": .string(error.message)] }

    func headers(of error: ServiceError) -> [HeaderField] {
        [HeaderField("x-amzn-errortype", Self.exception(error.kind) + ":http://internal.amazon.com/coral/")]
    }

    /// The exception's name in an answer of its own; in a stream it begins in lower case.
    static func exception(_ kind: ServiceError.Kind) -> String {
        switch kind {
        case .invalidRequest: "ValidationException"
        case .notFound: "ResourceNotFoundException"
        case .unauthorized: "AccessDeniedException"
        case .rateLimited: "ThrottlingException"
        case .overloaded, .unavailable: "ServiceUnavailableException"
        case .serverFailure: "InternalServerException"
        }
    }
}

/// Writes a message block by block; only a tool's block has a start, which carries the name.
struct BedrockWriter: AnswerWriter {
    private let plan: AnswerPlan
    /// The block that is open; nil before the first.
    private var openBlock: Int?

    init(plan: AnswerPlan) { self.plan = plan }

    private static func frame(_ name: String, _ payload: JSONValue) -> [UInt8] {
        EventFraming.amazonEventStream.event(name, payload)
    }

    func opening() -> [[UInt8]] { [Self.frame("messageStart", ["role": "assistant"])] }

    var brokenEvent: [UInt8] {
        EventFraming.amazonEventStream.event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"te")
    }

    mutating func content(_ event: ContentEvent) -> [UInt8] {
        let block = event.kind == .reasoning || plan.reasoningTokens == 0 ? 0 : 1
        var bytes: [UInt8] = []
        if openBlock != block {
            bytes = blockStop()
            openBlock = block
            if event.kind == .tool { bytes += toolStart(block) }
        }
        if event.kind == .tool, event.text.isEmpty { return bytes }
        let (before, after) =
            switch event.kind {
            case .text: ("\"text\":\"", "\"")
            case .reasoning: ("\"reasoningContent\":{\"text\":\"", "\"}")
            case .tool: ("\"toolUse\":{\"input\":\"", "\"}")
            }
        return bytes
            + EventFraming.amazonEventStream.event(
                "contentBlockDelta", "{\"contentBlockIndex\":\(block),\"delta\":{\(before)", event.escaped,
                "\(after)}}")
    }

    private func toolStart(_ block: Int) -> [UInt8] {
        let use: JSONValue = [
            "toolUseId": .string("tooluse_\(plan.identifier)"), "name": .string(plan.toolName ?? ""),
        ]
        return Self.frame("contentBlockStart", ["contentBlockIndex": .integer(block), "start": ["toolUse": use]])
    }

    /// Closes the open block; a block of reasoning is signed first.
    private func blockStop() -> [UInt8] {
        guard let openBlock else { return [] }
        var bytes: [UInt8] = []
        if openBlock == 0, plan.reasoningTokens > 0 {
            bytes = Self.frame(
                "contentBlockDelta",
                ["contentBlockIndex": 0, "delta": ["reasoningContent": ["signature": "c2ltdWxhdGVk"]]])
        }
        return bytes + Self.frame("contentBlockStop", ["contentBlockIndex": .integer(openBlock)])
    }

    private var stopReason: JSONValue {
        guard plan.reportsReason else { return .null }
        switch plan.reason {
        case .stop: return "end_turn"
        case .length: return "max_tokens"
        case .tool: return "tool_use"
        }
    }

    private var usage: JSONValue? {
        guard let usage = plan.usage else { return nil }
        return [
            "inputTokens": .integer(usage.prompt - usage.cached), "outputTokens": .integer(usage.completion),
            "totalTokens": .integer(usage.prompt + usage.completion),
            "cacheReadInputTokens": .integer(usage.cached), "cacheWriteInputTokens": 0,
        ]
    }

    func finish(_ timing: AnswerTiming) -> FinishEvents {
        let stop: JSONValue = plan.reportsReason ? ["stopReason": stopReason] : [:]
        var metadata: JSONValue = [:]
        if let usage { metadata.merge("usage", usage) }
        metadata.merge("metrics", ["latencyMs": .integer(Int(timing.total.milliseconds))])
        return FinishEvents(
            finish: blockStop() + Self.frame("messageStop", stop), usage: Self.frame("metadata", metadata))
    }

    func failure(_ error: ServiceError) -> [UInt8] {
        let name = BedrockInterface.exception(error.kind)
        return AmazonEventFrame.exception(
            name.prefix(1).lowercased() + name.dropFirst(),
            payload: Array(BedrockInterface().body(of: error).text.utf8))
    }

    func whole(_ texts: AnswerTexts, _ timing: AnswerTiming) -> JSONValue {
        var blocks: [JSONValue] = []
        if plan.reasoningTokens > 0 {
            let reasoning: JSONValue = ["text": .string(texts.reasoningString), "signature": "c2ltdWxhdGVk"]
            blocks.append(["reasoningContent": ["reasoningText": reasoning]])
        }
        if let name = plan.toolName {
            blocks.append([
                "toolUse": [
                    "toolUseId": .string("tooluse_\(plan.identifier)"), "name": .string(name),
                    "input": texts.argumentsValue,
                ]
            ])
        } else {
            blocks.append(["text": .string(texts.textString)])
        }
        var answer: JSONValue = [
            "output": ["message": ["role": "assistant", "content": .array(blocks)]], "stopReason": stopReason,
        ]
        if let usage { answer.merge("usage", usage) }
        answer.merge("metrics", ["latencyMs": .integer(Int(timing.total.milliseconds))])
        return answer
    }
}
