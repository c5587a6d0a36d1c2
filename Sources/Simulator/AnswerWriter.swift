import Timeline

/// One API's way to write an answer; every array of bytes is one or more whole server-sent events.
protocol AnswerWriter {
    /// The events that are sent as soon as the request is read, before there is any token.
    var opening: [[UInt8]] { get }
    /// The end of a good stream.
    var terminal: [UInt8] { get }
    /// An event whose data is cut inside its JSON.
    var brokenEvent: [UInt8] { get }

    /// Writes the tokens of one event.
    mutating func content(_ event: ContentEvent) -> [UInt8]

    /// Writes the finish reason and the usage; empty where the last content carried them.
    mutating func finish() -> [UInt8]

    /// Writes an error inside a stream.
    func failure(_ error: ServiceError) -> [UInt8]

    /// Writes the answer of a request that asked for no stream.
    func whole(_ texts: AnswerTexts) -> JSONValue
}

/// All that an answer said, for answers in one piece and for the send log.
struct AnswerTexts {
    var reasoning: [UInt8] = []
    var text: [UInt8] = []
    var toolArguments: [UInt8] = []

    mutating func append(_ event: ContentEvent) {
        switch event.kind {
        case .reasoning: reasoning += event.piece.text
        case .text: text += event.piece.text
        case .tool: toolArguments += event.piece.text
        }
    }
}

extension AnswerPlan {
    /// Creates the writer of an API.
    func writer(_ interface: Interface) -> any AnswerWriter {
        switch interface {
        case .openAIChat: OpenAIChatWriter(plan: self)
        case .openAICompletions: OpenAICompletionsWriter(plan: self)
        case .anthropicMessages: AnthropicWriter(plan: self)
        }
    }

    /// The usage as OpenAI's APIs have it.
    var openAIUsage: JSONValue {
        [
            "prompt_tokens": .integer(promptTokens), "completion_tokens": .integer(tokens),
            "total_tokens": .integer(promptTokens + tokens),
            "completion_tokens_details": ["reasoning_tokens": .integer(reasoningTokens)],
        ]
    }
}
