extension TextSplitter {
    /// The words of o200k: upper case before lower case, so that `camelCase` is two, with a contraction at the end.
    ///
    /// Tried in the pattern's order, each with the character before the word and then without:
    /// `[^\r\n\p{L}\p{N}]?U*L+(contraction)?`, then `[^\r\n\p{L}\p{N}]?U+L*(contraction)?`,
    /// where U is `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]` and L is `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`.
    func casedWord(from start: Int) -> Int? {
        let firsts = isPrefix(start) ? [start + 1, start] : [start]
        let found =
            firsts.lazy.compactMap { endingLower(from: $0) }.first
            ?? firsts.lazy.compactMap { beginningUpper(from: $0) }.first
        return found.map { contraction(at: $0) ?? $0 }
    }

    // `U*L+`
    private func endingLower(from first: Int) -> Int? {
        let upperEnd = run(from: first) { $0.contains(.upper) }
        let lowerEnd = run(from: upperEnd) { $0.contains(.lower) }
        if lowerEnd > upperEnd { return lowerEnd }
        // U* gives back until L+ has one: the last of its run that is in both.
        guard first < upperEnd else { return nil }
        return classes[first..<upperEnd].lastIndex { $0.contains(.lower) }.map { $0 + 1 }
    }

    // `U+L*`
    private func beginningUpper(from first: Int) -> Int? {
        let upperEnd = run(from: first) { $0.contains(.upper) }
        return upperEnd > first ? run(from: upperEnd) { $0.contains(.lower) } : nil
    }
}
