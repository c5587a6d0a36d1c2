/// What a response's headers said of the server's limits, and of when to come back.
package struct RateLimits: Sendable, Equatable, Codable {
    /// One of the server's limits, such as that on tokens.
    package struct Allowance: Sendable, Equatable, Codable {
        /// What is limited, in the server's word: `requests`, `tokens`, `requests-day`; empty where it names nothing.
        package var name: String
        package var limit: Int?
        package var remaining: Int?
        /// How long after the response the allowance is whole again.
        package var reset: Nanoseconds?

        package init(name: String, limit: Int? = nil, remaining: Int? = nil, reset: Nanoseconds? = nil) {
            self.name = name
            self.limit = limit
            self.remaining = remaining
            self.reset = reset
        }
    }

    /// How long the server asked to wait before the next attempt; nil where it asked for nothing.
    package var retryAfter: Nanoseconds?
    /// Whether the server said that another attempt makes sense; nil where it said nothing.
    package var shouldRetry: Bool?
    /// In the order in which the headers name them.
    package var allowances: [Allowance]

    /// What lies further away than a year is taken for a year.
    package static let longestWait = Nanoseconds.seconds(365 * 86_400)

    package init(retryAfter: Nanoseconds? = nil, shouldRetry: Bool? = nil, allowances: [Allowance] = []) {
        self.retryAfter = retryAfter
        self.shouldRetry = shouldRetry
        self.allowances = allowances
    }
}
