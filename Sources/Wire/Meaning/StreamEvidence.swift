import Timeline

/// Everything that the outcome of a response depends on.
struct StreamEvidence {
    /// What the response's headers promised of its body.
    enum Body: Equatable {
        /// A stream of events, as asked.
        case events
        /// One JSON answer, as asked.
        case answer
        /// One JSON answer where a stream was asked for.
        case answerNotStreamed
        /// A content type that nobody asked for.
        case unexpectedType(String)
        /// A content encoding that nobody asked for.
        case encoded(String)
    }

    /// 0 where no response came.
    var status: Int
    var end: TransportEnd
    var body: Body = .events
    var bytesReceived = 1
    /// The error that the response or its stream told.
    var error: ServerError?
    /// The limit that an event or the whole answer exceeded.
    var exceededLimit: Int?
    var invalidEventCount = 0
    /// Whether the answer is one whole JSON text; true for streams.
    var isWhole = true
    /// Whether the API has no end marker.
    var endsWithBody = false
    var sawTerminal = false
    /// Whether the end marker came, but without the blank line that makes it an event.
    var sawTerminalInTail = false
    var hasTail = false
    /// Whether the body stopped inside an event, in a format that leaves no doubt of that.
    var isCut = false
    /// What is wrong with the division into events, where that has checks of its own.
    var brokenFraming: String?
    var contentEventCount = 0
    /// Whether content came behind the end marker.
    var hasLateContent = false
    var sawRefusal = false
    /// The reason by which the provider refused, in its own word.
    var refusalReason: String?
    /// Whether every answer that was begun has told how it ended.
    var isFinished = false
    var finishReasons: [String] = []
    /// The start of a body that is no stream, for people.
    var excerpt = ""
}
