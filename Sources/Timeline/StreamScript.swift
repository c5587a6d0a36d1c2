/// What the simulator plays: the tempo of a stream, independent of the API that carries it.
package struct StreamScript: Sendable, Equatable, Codable {
    /// From the request's last byte to the first content event; the mean where there is jitter.
    package var timeToFirstToken: Nanoseconds
    /// Between two tokens; the mean where there is jitter.
    package var gap: Nanoseconds
    /// Output tokens of an answer, unless the request asks for fewer or for an exact number.
    package var tokens: Int
    package var tokensPerEvent: Int
    /// The relative standard deviation of times to first token and of gaps, drawn log-normally; 0 is exact.
    package var jitter: Double
    /// Reasoning tokens that come before the answer, out of `tokens`.
    package var reasoningTokens: Int
    /// Whether reasoning takes its time and is counted, but not sent.
    package var hidesReasoning: Bool
    /// A pause of `stallLength` after every so many events; 0 is none.
    package var stallEvery: Int
    package var stallLength: Nanoseconds
    /// Keep-alive comments at this interval until the first content; nil sends none.
    package var commentInterval: Nanoseconds?
    /// The name of a fault to play, or of an oddity, as the simulator's list has it; nil is none.
    package var fault: String?
    /// Plays the fault in every so-manieth request; 1 is every one.
    package var faultEvery: Int
    /// Content events that are released together, as a content filter does: held until so many are ready; 0 is none.
    package var burst: Int
    /// How long what is to be sent is held and joined, as by a proxy; nil is not at all.
    package var buffering: Nanoseconds?
    /// Tokens of the prompt that the answer reports as read from a cache; at most the prompt has.
    package var cachedTokens: Int
    /// The served model's name and fingerprint change after every so many requests; 0 is never.
    package var modelChangesEvery: Int
    /// Whether the answer reports the server's times in headers and fields, where that is a server's choice.
    package var reportsTiming: Bool
    /// Whether events of text streams carry ids, as of a server that a client can come back to.
    package var sendsEventIDs: Bool
    /// The pause before coming back that text streams ask for; nil is none.
    package var reconnectAfter: Nanoseconds?
    /// How long the server goes on making tokens for a client that has left; nil stops once it notices.
    package var disconnectDelay: Nanoseconds?
    /// The API that the target speaks, as scenarios name it, for the paths that several APIs share; nil leaves the
    /// choice to the path.
    package var api: String?

    package init(
        timeToFirstToken: Nanoseconds = .milliseconds(200), gap: Nanoseconds = .milliseconds(10), tokens: Int = 200,
        tokensPerEvent: Int = 1, jitter: Double = 0, reasoningTokens: Int = 0, stallEvery: Int = 0,
        stallLength: Nanoseconds = .zero, commentInterval: Nanoseconds? = nil, fault: String? = nil,
        faultEvery: Int = 1,
        burst: Int = 0, buffering: Nanoseconds? = nil, cachedTokens: Int = 0, modelChangesEvery: Int = 0,
        reportsTiming: Bool = false, disconnectDelay: Nanoseconds? = nil, hidesReasoning: Bool = false,
        sendsEventIDs: Bool = false,
        reconnectAfter: Nanoseconds? = nil, api: String? = nil
    ) {
        self.timeToFirstToken = timeToFirstToken
        self.gap = gap
        self.tokens = tokens
        self.tokensPerEvent = tokensPerEvent
        self.jitter = jitter
        self.reasoningTokens = reasoningTokens
        self.stallEvery = stallEvery
        self.stallLength = stallLength
        self.commentInterval = commentInterval
        self.fault = fault
        self.faultEvery = faultEvery
        self.burst = burst
        self.buffering = buffering
        self.cachedTokens = cachedTokens
        self.modelChangesEvery = modelChangesEvery
        self.reportsTiming = reportsTiming
        self.disconnectDelay = disconnectDelay
        self.hidesReasoning = hidesReasoning
        self.sendsEventIDs = sendsEventIDs
        self.reconnectAfter = reconnectAfter
        self.api = api
    }

    /// The tempos of six hosted models: time to first token in milliseconds and tokens per second.
    package static let profiles: [(name: String, timeToFirstToken: Double, tokensPerSecond: Double)] = [
        ("gpt-4o", 450, 145),
        ("gpt-4o-mini", 350, 200),
        ("claude-4.5-sonnet", 1240, 71),
        ("claude-sonnet-4.6", 850, 54),
        ("gemini-2.0-flash", 340, 300),
        ("llama-4-scout", 330, 2600),
    ]

    /// Creates the script of a named profile; nil where there is no such profile.
    package init?(profile name: String) {
        guard let profile = Self.profiles.first(where: { $0.name == name }) else { return nil }
        self.init(
            timeToFirstToken: .milliseconds(profile.timeToFirstToken), gap: .seconds(1 / profile.tokensPerSecond))
    }

    /// The faults that the simulator can play, by the names that scenarios use.
    package static let faults: [String] = [
        "truncated", "truncated-mid-json", "reset", "error-event", "error-then-done", "no-done", "http-401",
        "http-429", "http-500", "html", "stall", "comments-forever", "invalid-json",
        "reset-before-headers", "close-before-headers", "close-on-reuse", "stall-before-headers", "no-status-line",
        "tls-bytes",
        "http-204", "http-302", "http-307", "http-503", "http-529", "http-429-ms", "http-429-date", "http-429-float",
        "http-429-negative", "http-429-far", "http-429-retry", "http-429-no-retry", "http-429-html", "json-error",
        "not-streamed", "empty-body",
        "early-hints", "huge-headers", "wrong-content-type", "gzip", "gzip-truncated", "unknown-encoding",
        "same-answer",
        "truncated-in-chunk", "truncated-with-length", "short-body", "long-body", "bad-chunk-size",
        "chunk-size-overflow", "chunk-without-crlf", "chunk-extensions", "late-close",
        "stall-before-token", "stall-with-comments", "error-first", "bare-json-error", "no-finish", "finish-twice",
        "done-twice", "done-without-blank-line", "content-after-finish", "content-after-done", "usage-before-finish",
        "usage-twice", "no-usage", "usage-zero", "usage-wrong", "two-choices", "odd-choices", "unknown-event",
        "invalid-utf8", "nul-in-text", "split-surrogates", "odd-json", "deep-json", "huge-event", "bom", "crlf", "cr",
        "bad-crc", "bad-frame-length",
        "byte-by-byte", "one-segment", "two-per-segment",
    ]
}
