/// One event of a stream as it happened: a wire event, or a comment between events.
///
/// It is made and looked at in other modules without a call, since a run has millions of them.
@usableFromInline package struct StreamEvent: Sendable, Equatable {
    @usableFromInline package enum Kind: String, Sendable, Codable, CaseIterable {
        /// Answer text.
        case text
        /// Reasoning or thinking text, or a summary of it.
        case reasoning
        /// A tool call's name or a fragment of its arguments.
        case tool
        /// Refusal text.
        case refusal
        /// An event that proves no token: a role, a start, a usage total, a finish, a ping with a name.
        case control
        /// The event that the API defines as the end.
        case terminal
        /// An error told inside the stream.
        case error
        /// An SSE comment, as servers send to keep a connection alive.
        case comment

        /// Whether an event of this kind proves that a token was decoded.
        @inlinable package var isContent: Bool {
            switch self {
            case .text, .reasoning, .tool, .refusal: true
            case .control, .terminal, .error, .comment: false
            }
        }

        /// Whether an event of this kind shows a part of the answer, not only reasoning.
        @inlinable package var isAnswer: Bool {
            switch self {
            case .text, .tool, .refusal: true
            case .reasoning, .control, .terminal, .error, .comment: false
            }
        }
    }

    /// Counts from 0 through all events of the attempt.
    @usableFromInline package var index: Int
    /// The read that completed the event; events with one read index came together, and the gap between them is unknown.
    @usableFromInline package var readIndex: Int
    /// When the event's last byte arrived, by the run's clock source.
    @usableFromInline package var arrival: Instant
    /// When the tool had read that byte.
    @usableFromInline package var reading: Instant
    /// The most by which `arrival` can be later than the true arrival.
    @usableFromInline package var lateBound: Nanoseconds
    @usableFromInline package var kind: Kind
    /// Tokens by the server's own count for this event; nil where it gives none.
    @usableFromInline package var tokens: Int?
    /// Unicode scalars of content text.
    @usableFromInline package var characters: Int
    /// Bytes of content text, in UTF-8.
    @usableFromInline package var contentBytes: Int
    /// Bytes of the whole event on the wire, after HTTP chunking was removed.
    @usableFromInline package var wireBytes: Int
    /// Which of several answers (`n` > 1) the event belongs to.
    @usableFromInline package var choice: Int
    /// The content text, where it was asked to be kept.
    @usableFromInline package var text: String?

    @inlinable package init(
        index: Int, readIndex: Int, arrival: Instant, reading: Instant, lateBound: Nanoseconds, kind: Kind,
        tokens: Int? = nil, characters: Int = 0, contentBytes: Int = 0, wireBytes: Int = 0, choice: Int = 0,
        text: String? = nil
    ) {
        self.index = index
        self.readIndex = readIndex
        self.arrival = arrival
        self.reading = reading
        self.lateBound = lateBound
        self.kind = kind
        self.tokens = tokens
        self.characters = characters
        self.contentBytes = contentBytes
        self.wireBytes = wireBytes
        self.choice = choice
        self.text = text
    }
}
