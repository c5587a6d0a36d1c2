/// The pattern by which a tokenizer cuts text into pieces before it merges bytes, by tiktoken's name of the encoding.
package enum SplitPattern: String, Sendable, CaseIterable {
    case cl100k = "cl100k_base"
    case o200k = "o200k_base"

    /// The pattern that belongs to a vocabulary of so many tokens, nil where it is neither of the published ones.
    package init?(vocabularySize: Int) {
        switch vocabularySize {
        case 100_256: self = .cl100k
        case 199_998: self = .o200k
        default: return nil
        }
    }
}
