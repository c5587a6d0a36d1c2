import Timeline

/// Reads `prompts` and resolves them.
struct PromptReader {
    /// The most words that all synthetic prompts of an entry may have together.
    private static let wordLimit = 10_000_000

    /// What is asked where a scenario has no prompts.
    static let builtIn = Prompt(
        id: "default",
        text: "Explain in a few paragraphs why the time to the first token matters to a person who waits for an answer."
    )

    let seed: UInt64

    /// Reads a list of sources; nil where the scenario has none, which means the built-in prompt.
    func read(_ cursor: YAMLCursor?) -> (sources: [PromptSource], prompts: [Prompt]) {
        guard let cursor else { return ([], [Self.builtIn]) }
        var sources: [PromptSource] = []
        var prompts: [Prompt] = []
        var syntheticCount = 0
        for (position, element) in (cursor.elements("a list such as [{text: Hello}]") ?? []).enumerated() {
            guard let mapping = element.mapping(["text", "file", "synthetic"], example: "{text: Hello}"),
                let (key, value) = mapping.exactlyOne(of: ["text", "file", "synthetic"], example: "text: Hello")
            else { continue }
            guard let source = source(key, value) else { continue }
            sources.append(source)
            prompts += resolve(source, ordinal: position + 1, after: syntheticCount, at: value)
            if case .synthetic(_, let count) = source { syntheticCount += count }
        }
        return (sources, prompts)
    }

    private func source(_ key: String, _ value: YAMLCursor) -> PromptSource? {
        switch key {
        case "text": return value.text().map { .text($0) }
        case "file": return value.text().map { .file(value.context.path($0)) }
        default:
            guard let mapping = value.mapping(["words", "count"], example: "{words: 200, count: 50}") else {
                return nil
            }
            let words = mapping.required("words", example: "words: 200")?.integer(1...1_000_000)
            let count = mapping.required("count", example: "count: 50")?.integer(1...1_000_000)
            guard let words, let count else { return nil }
            guard words * count <= Self.wordLimit else {
                value.report(
                    "\(value.path): words times count must be at most \(Self.wordLimit); found \(words * count)")
                return nil
            }
            return .synthetic(words: words, count: count)
        }
    }

    /// Resolves a source; no two synthetic prompts of a scenario begin alike, since each counts on after the last.
    private func resolve(_ source: PromptSource, ordinal: Int, after earlier: Int, at cursor: YAMLCursor) -> [Prompt] {
        switch source {
        case .text(let text): return [Prompt(id: "text-\(ordinal)", text: text)]
        case .file(let path):
            let file = PromptFile(name: cursor.literal ?? path, path: path, context: cursor.context)
            return file.read(idPrefix: "file-\(ordinal)", from: cursor)
        case .synthetic(let words, let count):
            let texts = SyntheticPrompts(seed: seed, words: words)
            return (0..<count).map { Prompt(id: "synthetic-\(ordinal)-\($0 + 1)", text: texts.text(at: earlier + $0)) }
        }
    }
}
