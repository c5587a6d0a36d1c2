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

    /// More tokens than this no answer has, and no sum over a run of them overflows.
    package static let greatestCount = 1_000_000_000

    /// The counts that can be counts.
    package var plausible: Self {
        func checked(_ count: Int?) -> Int? { count.flatMap { 0...Self.greatestCount ~= $0 ? $0 : nil } }
        return Self(
            input: checked(input), output: checked(output), reasoning: checked(reasoning), cached: checked(cached))
    }
}
