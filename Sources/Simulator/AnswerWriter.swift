import Timeline

/// One API's way to write an answer; every array of bytes is one or more whole events.
protocol AnswerWriter {
    /// The end of a good stream; empty where the finish reason's event ends it.
    var terminal: [UInt8] { get }
    /// An event whose JSON is cut.
    var brokenEvent: [UInt8] { get }
    /// Whether the last content carries the finish reason.
    var finishesWithContent: Bool { get }

    /// Writes the events that are sent as soon as the request is read, before there is any token.
    mutating func opening() -> [[UInt8]]

    /// Writes the tokens of one event; empty where they wait for later ones, as a call that is sent whole.
    mutating func content(_ event: ContentEvent) -> [UInt8]

    /// Writes the finish reason and the usage.
    mutating func finish(_ timing: AnswerTiming) -> FinishEvents

    /// Writes an error inside a stream.
    mutating func failure(_ error: ServiceError) -> [UInt8]

    /// Writes the answer of a request that asked for no stream.
    func whole(_ texts: AnswerTexts, _ timing: AnswerTiming) -> JSONValue
}

extension AnswerWriter {
    var terminal: [UInt8] { [] }
    var finishesWithContent: Bool { false }
    mutating func opening() -> [[UInt8]] { [] }
}

/// The events after the last token.
struct FinishEvents {
    var finish: [UInt8]
    /// The usage, where an event of its own carries it.
    var usage: [UInt8] = []
}

/// How long the parts of an answer took, as servers report it.
struct AnswerTiming {
    /// From the request's last byte to the first token.
    var prompt: Nanoseconds
    /// From the first token to the last.
    var generation: Nanoseconds

    var total: Nanoseconds { prompt + generation }
}

/// All that an answer said, for answers in one piece and for the send log.
struct AnswerTexts {
    var reasoning: [UInt8] = []
    var text: [UInt8] = []
    var toolArguments: [UInt8] = []

    mutating func append(_ event: ContentEvent) {
        switch event.kind {
        case .reasoning: reasoning += event.text
        case .text: text += event.text
        case .tool: toolArguments += event.text
        }
    }

    var reasoningString: String { String(decoding: reasoning, as: UTF8.self) }
    var textString: String { String(decoding: text, as: UTF8.self) }
    var argumentsString: String { String(decoding: toolArguments, as: UTF8.self) }
    /// The arguments as an object, for APIs that send them so.
    var argumentsValue: JSONValue { (try? JSONValue(parsing: toolArguments)) ?? [:] }
}
