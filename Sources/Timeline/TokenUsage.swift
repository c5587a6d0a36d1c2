/// Token counts as the server gave them; nil where it gave none.
package struct TokenUsage: Sendable, Equatable, Codable {
    /// All input tokens, cached ones included.
    package var input: Int?
    /// All output tokens, reasoning ones included.
    package var output: Int?
    package var reasoning: Int?
    package var cached: Int?

    package init(input: Int? = nil, output: Int? = nil, reasoning: Int? = nil, cached: Int? = nil) {
        self.input = input
        self.output = output
        self.reasoning = reasoning
        self.cached = cached
    }

    /// The counts that can be counts.
    package var withoutNegativeCounts: Self {
        func checked(_ count: Int?) -> Int? { count.flatMap { $0 < 0 ? nil : $0 } }
        return Self(
            input: checked(input), output: checked(output), reasoning: checked(reasoning), cached: checked(cached))
    }
}
