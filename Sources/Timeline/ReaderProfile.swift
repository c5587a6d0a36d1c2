/// Somebody who reads answers while they come: what counts as a start, and how fast they read.
package struct ReaderProfile: Sendable, Equatable, Codable {
    /// The words that `first_words` waits for.
    package var words: Int
    /// The tokens that `time_to_tokens` waits for.
    package var tokens: Int
    /// Tokens per second.
    package var speed: Double

    /// Creates a reader; by default of 5.3 tokens per second, which is silent reading of English.
    package init(words: Int = 10, tokens: Int = 50, speed: Double = 5.3) {
        self.words = words
        self.tokens = tokens
        self.speed = speed
    }
}
