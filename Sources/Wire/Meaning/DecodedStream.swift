package import Timeline

/// One event of a stream as it was decoded; instants are joined to it by its read index.
package struct DecodedEvent: Sendable, Equatable {
    package var kind: StreamEvent.Kind
    /// The read that completed the event.
    package var readIndex: Int
    /// Tokens by the server's own count for this event; nil where it gives none.
    package var tokens: Int?
    /// Unicode scalars of content text.
    package var characters: Int
    /// Bytes of content text, in UTF-8.
    package var contentBytes: Int
    /// Bytes of the event on the wire; 0 for the further answers that one wire event carries.
    package var wireBytes: Int
    /// Which of several answers (`n` > 1) the event belongs to.
    package var choice: Int
    /// The content text, or a comment's, where text is kept.
    package var text: String?
    /// The same text of a tool event as pieces of calls, where text is kept.
    package var callPieces: [ToolCallPiece] = []

    package init(
        kind: StreamEvent.Kind, readIndex: Int = 0, tokens: Int? = nil, characters: Int = 0, contentBytes: Int = 0,
        wireBytes: Int = 0, choice: Int = 0, text: String? = nil
    ) {
        self.kind = kind
        self.readIndex = readIndex
        self.tokens = tokens
        self.characters = characters
        self.contentBytes = contentBytes
        self.wireBytes = wireBytes
        self.choice = choice
        self.text = text
    }
}

/// What one response said, decoded and judged.
package struct DecodedStream: Sendable, Equatable {
    package var events: [DecodedEvent] = []
    /// What stood on the wire, item by item, where that was asked to be kept.
    package var items: [WireItem] = []
    /// The index in `events` of the first event that the API defines as the end.
    package var terminalEvent: Int?
    package var finishReason: String?
    package var usage: TokenUsage?
    package var servedModel: String?
    package var systemFingerprint: String?
    /// Who served the answer behind a router, by the router's word.
    package var upstreamProvider: String?
    package var responseID: String?
    /// What the server said of its own timing: an object with one member for each field it said it in.
    package var serverTimings: JSONValue?
    /// Ids, rate limits, server timings, caches and content headers; never cookies or keys.
    package var keptHeaders: [HeaderField] = []
    /// What the headers said of the server's limits; nil where they said nothing.
    package var rateLimits: RateLimits?
    /// What the stream said for a client that has to come back; nil where it said nothing.
    package var reconnection: ReconnectionHints?
    /// Oddities that did not change the outcome, for people.
    package var warnings: [String] = []
    package var outcome: StreamOutcome

    package init(outcome: StreamOutcome) { self.outcome = outcome }
}
