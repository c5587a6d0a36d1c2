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
    /// A pause of `stallLength` after every so many events; 0 is none.
    package var stallEvery: Int
    package var stallLength: Nanoseconds
    /// Keep-alive comments at this interval until the first content; nil sends none.
    package var commentInterval: Nanoseconds?
    /// The name of a fault to play in place of a good end, as the simulator's list has it; nil is none.
    package var fault: String?
    /// Plays the fault in every so-manieth request; 1 is every one.
    package var faultEvery: Int

    package init(
        timeToFirstToken: Nanoseconds = .milliseconds(200), gap: Nanoseconds = .milliseconds(10), tokens: Int = 200,
        tokensPerEvent: Int = 1, jitter: Double = 0, reasoningTokens: Int = 0, stallEvery: Int = 0,
        stallLength: Nanoseconds = .zero, commentInterval: Nanoseconds? = nil, fault: String? = nil, faultEvery: Int = 1
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
    ]
}
