/// Cuts text into the pieces that tiktoken's patterns match, one after the other, by hand and in linear time.
///
/// Written over Unicode scalars, since Swift's `Regex` matches grapheme clusters unless told otherwise and is slow.
struct TextSplitter {
    let scalars: [Unicode.Scalar]
    let classes: [ScalarClass]
    private let pattern: SplitPattern
    private var position = 0

    init(_ text: String, pattern: SplitPattern) {
        scalars = Array(text.unicodeScalars)
        classes = scalars.map(ScalarClass.init)
        self.pattern = pattern
    }

    /// The length of the next piece in bytes of UTF-8, nil at the end.
    mutating func nextLength() -> Int? {
        guard position < scalars.count else { return nil }
        let start = position
        position = end(from: start)
        return scalars[start..<position].reduce(0) { $0 + UTF8.width($1) }
    }

    private func end(from start: Int) -> Int {
        let word =
            switch pattern {
            case .cl100k: contraction(at: start) ?? plainWord(from: start)
            case .o200k: casedWord(from: start)
            }
        return word ?? number(from: start) ?? symbols(from: start) ?? spaces(from: start)
    }

    // `'(?i:[sdmt]|ll|ve|re)`
    func contraction(at start: Int) -> Int? {
        guard scalar(start) == 0x27, let first = letter(start + 1) else { return nil }
        switch first {
        case "s", "d", "m", "t": return start + 2
        case "l" where letter(start + 2) == "l", "v" where letter(start + 2) == "e",
            "r" where letter(start + 2) == "e":
            return start + 3
        default: return nil
        }
    }

    // `[^\r\n\p{L}\p{N}]?+\p{L}++`
    private func plainWord(from start: Int) -> Int? {
        let first = isPrefix(start) ? start + 1 : start
        let end = run(from: first) { $0.contains(.letter) }
        return end > first ? end : nil
    }

    // `\p{N}{1,3}`
    private func number(from start: Int) -> Int? {
        var end = start
        while end < classes.count, end < start + 3, classes[end].contains(.number) { end += 1 }
        return end > start ? end : nil
    }

    // ` ?[^\s\p{L}\p{N}]+[\r\n]*`, the last class with `/` too in o200k.
    private func symbols(from start: Int) -> Int? {
        let first = scalar(start) == 0x20 ? start + 1 : start
        var end = run(from: first) { $0.isDisjoint(with: [.space, .letter, .number]) }
        guard end > first else { return nil }
        while end < classes.count, classes[end].contains(.newline) || pattern == .o200k && scalar(end) == 0x2F {
            end += 1
        }
        return end
    }

    // `\s*[\r\n]+|\s+(?!\S)|\s+`, before which cl100k takes spaces at the text's end whole.
    private func spaces(from start: Int) -> Int {
        let end = run(from: start) { $0.contains(.space) }
        if pattern == .cl100k, end == classes.count { return end }
        if let newline = classes[start..<end].lastIndex(where: { $0.contains(.newline) }) { return newline + 1 }
        // The last space before a word belongs to the word.
        return end == classes.count || end == start + 1 ? end : end - 1
    }

    // `[^\r\n\p{L}\p{N}]`
    func isPrefix(_ index: Int) -> Bool {
        index < classes.count && classes[index].isDisjoint(with: [.newline, .letter, .number])
    }

    func run(from start: Int, while holds: (ScalarClass) -> Bool) -> Int {
        var end = start
        while end < classes.count, holds(classes[end]) { end += 1 }
        return end
    }

    private func scalar(_ index: Int) -> UInt32? { index < scalars.count ? scalars[index].value : nil }

    /// The letter of a contraction without its case; U+017F is an s to a pattern that ignores case.
    private func letter(_ index: Int) -> Unicode.Scalar? {
        guard let value = scalar(index) else { return nil }
        if value == 0x17F { return "s" }
        return (0x41...0x5A).contains(value) ? Unicode.Scalar(value + 0x20) : Unicode.Scalar(value)
    }
}
