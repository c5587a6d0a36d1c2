/// Byte-level BPE as tiktoken's `encode_ordinary` does it: words of special tokens are text like any other.
package struct BytePairTokenizer: Sendable {
    package let ranks: TokenRanks
    package let pattern: SplitPattern

    package init(ranks: TokenRanks, pattern: SplitPattern) {
        self.ranks = ranks
        self.pattern = pattern
    }

    /// The number of tokens of a text.
    package func count(_ text: String) -> Int {
        var count = 0
        forEachToken(of: text) { _ in count += 1 }
        return count
    }

    /// The tokens of a text, as their ranks.
    package func encode(_ text: String) -> [UInt32] {
        var tokens: [UInt32] = []
        forEachToken(of: text) { tokens.append($0) }
        return tokens
    }

    private func forEachToken(of text: String, _ body: (UInt32) -> Void) {
        let bytes = Array(text.utf8)
        var splitter = TextSplitter(text, pattern: pattern)
        var start = 0
        while let length = splitter.nextLength() {
            let piece = bytes[start..<(start + length)]
            start += length
            if let rank = ranks.rank(of: piece) {
                body(rank)
            } else {
                var merge = PairMerge(piece, ranks: ranks)
                merge.run()
                merge.forEachPart { part in
                    // Parts are single bytes or merges that have a rank, so each has one.
                    if let rank = ranks.rank(of: part) { body(rank) }
                }
            }
        }
    }
}
