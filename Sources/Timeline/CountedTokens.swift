/// Tokens that the scenario's tokenizer counted, whatever the server says of them.
package struct CountedTokens: Sendable, Equatable {
    /// Of the prompt's texts, without what a server wraps them in.
    package var input: Int
    /// Of the content that was streamed, reasoning and tool calls included.
    package var output: Int

    package init(input: Int, output: Int) {
        self.input = input
        self.output = output
    }
}

extension CountedTokens {
    /// Nil where a count can be none.
    package var plausible: Self? {
        let told = TokenUsage(input: input, output: output)
        return told.plausible == told ? self : nil
    }
}
