/// The vocabulary of a byte-level BPE tokenizer: every token's bytes with its rank, as a tiktoken rank file lists them.
package struct TokenRanks: Sendable {
    private var bytes: [UInt8] = []
    private var starts: [UInt32] = [0]
    private var ranks: [UInt32] = []
    /// Open addressing over the tokens' bytes: an entry's index plus one, 0 where a slot is free.
    private var slots: [UInt32]
    private var longest = 0

    /// The number of tokens.
    package var count: Int { ranks.count }

    /// Reads a rank file: one token a line, its bytes in base64, a space, and its rank.
    ///
    /// - Parameters:
    ///   - file: The file's bytes.
    ///   - name: What errors call the file.
    /// - Throws: ``RankFileError``, which names the line.
    package init(file: [UInt8], name: String) throws(RankFileError) {
        // A line holds nine bytes and more, so the table stays half empty at least.
        var capacity = 1024
        while capacity < file.count / 4 { capacity *= 2 }
        slots = [UInt32](repeating: 0, count: capacity)
        bytes.reserveCapacity(file.count / 2)
        var seen = Set<UInt32>(minimumCapacity: file.count / 9)
        var line = 0
        var position = 0
        while position < file.count {
            line += 1
            let end = file[position...].firstIndex(of: 0x0A) ?? file.count
            defer { position = end + 1 }
            let reading = RankLine(file[position..<end])
            switch reading {
            case .blank: continue
            case .malformed(let found):
                throw RankFileError(file: name, line: line, problem: found)
            case .token(let token, let rank):
                if !seen.insert(rank).inserted {
                    throw RankFileError(file: name, line: line, problem: "rank \(rank) stands in an earlier line too")
                }
                if !insert(token, rank: rank) {
                    throw RankFileError(file: name, line: line, problem: "this token stands in an earlier line too")
                }
            }
        }
        for byte in UInt8.min...UInt8.max where rank(of: [byte][...]) == nil {
            throw RankFileError(
                file: name, line: max(line, 1),
                problem: "the file ends and the single byte \(byte) has no rank; a byte-level vocabulary ranks all 256")
        }
    }

    /// The rank of a token, nil where these bytes are none.
    package func rank(of token: ArraySlice<UInt8>) -> UInt32? {
        guard token.count <= longest, !token.isEmpty else { return nil }
        let slot = slots[slot(of: token)]
        return slot == 0 ? nil : ranks[Int(slot) - 1]
    }

    private mutating func insert(_ token: [UInt8], rank: UInt32) -> Bool {
        let slot = slot(of: token[...])
        guard slots[slot] == 0 else { return false }
        bytes += token
        starts.append(UInt32(bytes.count))
        ranks.append(rank)
        longest = max(longest, token.count)
        slots[slot] = UInt32(ranks.count)
        return true
    }

    /// The slot that holds the token, or the free one where it belongs.
    private func slot(of token: ArraySlice<UInt8>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a, 64 bits
        for byte in token { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var slot = Int(truncatingIfNeeded: hash ^ (hash >> 29)) & (slots.count - 1)
        while slots[slot] != 0, !isEntry(Int(slots[slot]) - 1, token) { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    private func isEntry(_ entry: Int, _ token: ArraySlice<UInt8>) -> Bool {
        let start = Int(starts[entry])
        guard Int(starts[entry + 1]) - start == token.count else { return false }
        for offset in 0..<token.count where bytes[start + offset] != token[token.startIndex + offset] { return false }
        return true
    }
}
