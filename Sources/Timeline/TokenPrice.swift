/// What a provider asks for tokens, in its currency per million.
package struct TokenPrice: Sendable, Equatable, Codable {
    package var input: Double
    /// Of input that came from the provider's cache; nil is as other input.
    package var cachedInput: Double?
    package var output: Double

    package init(input: Double, cachedInput: Double? = nil, output: Double) {
        self.input = input
        self.cachedInput = cachedInput
        self.output = output
    }

    /// The price of so many tokens; the cached ones are among the input.
    package func cost(input inputTokens: Int, cached: Int, output outputTokens: Int) -> Double {
        let cached = min(max(0, cached), inputTokens)
        let millionths =
            Double(inputTokens - cached) * input + Double(cached) * (cachedInput ?? input)
            + Double(outputTokens) * output
        return millionths / 1_000_000
    }
}
