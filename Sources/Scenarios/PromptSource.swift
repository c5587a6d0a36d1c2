/// Where prompts come from, as a scenario writes it.
package enum PromptSource: Sendable, Equatable {
    case text(String)
    /// The absolute path of a file with one JSON object a line.
    case file(String)
    /// Seeded English-like words; no two prompts share their first word.
    case synthetic(words: Int, count: Int)
}
