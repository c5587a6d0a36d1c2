import FoundationEssentials
import Scenarios
import Wire

/// A scenario's tokenizer, read from its rank file.
struct LoadedTokenizer {
    let tokenizer: BytePairTokenizer
    /// Such as `o200k.tiktoken (o200k_base)`.
    let name: String

    /// Nil where the scenario names no file.
    init?(_ file: TokenizerFile?) throws {
        guard let file else { return nil }
        guard let data = FileManager.default.contents(atPath: file.path) else {
            throw Complaint("tokenizer: '\(file.name)' cannot be read", ExitStatus.badScenario)
        }
        let ranks: TokenRanks
        do {
            ranks = try TokenRanks(file: Array(data), name: file.name)
        } catch {
            throw Complaint("\(error)", ExitStatus.badScenario)
        }
        guard let pattern = file.pattern.flatMap(SplitPattern.init) ?? SplitPattern(vocabularySize: ranks.count) else {
            let patterns = TokenizerFile.patterns.joined(separator: " or ")
            throw Complaint(
                "tokenizer: '\(file.name)' has \(ranks.count) tokens, as no published encoding has, so that its pattern is "
                    + "not known; write tokenizer: {file: \(file.name), pattern: \(patterns)}", ExitStatus.badScenario)
        }
        tokenizer = BytePairTokenizer(ranks: ranks, pattern: pattern)
        name = "\(file.name) (\(pattern.rawValue))"
    }
}
