import Testing

@testable import Wire

/// A vocabulary small enough to work every expected value by hand.
struct BytePairTokenizerTests {
    /// Ranks 0 to 255 are the single bytes; then `ab` 256, `bc` 257, `abc` 258, two spaces 259.
    private static let file: [UInt8] = {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var lines: [UInt8] = []
        for byte in UInt8.min...UInt8.max {
            lines += [alphabet[Int(byte >> 2)], alphabet[Int(byte & 3) << 4]] + Array("== \(byte)\n".utf8)
        }
        return lines + Array("YWI= 256\nYmM= 257\nYWJj 258\nICA= 259\n".utf8)
    }()

    private func tokenizer(_ pattern: SplitPattern) throws -> BytePairTokenizer {
        BytePairTokenizer(ranks: try TokenRanks(file: Self.file, name: "small"), pattern: pattern)
    }

    private func pieces(_ text: String, _ pattern: SplitPattern) -> [String] {
        var splitter = TextSplitter(text, pattern: pattern)
        var rest = Array(text.utf8)[...]
        var pieces: [String] = []
        while let length = splitter.nextLength() {
            pieces.append(String(decoding: rest.prefix(length), as: UTF8.self))
            rest = rest.dropFirst(length)
        }
        return pieces
    }

    @Test func `the pair of lowest rank is merged first, of equals the leftmost`() throws {
        #expect(try tokenizer(.cl100k).encode("abc") == [258])
        #expect(try tokenizer(.cl100k).encode("abbc") == [256, 257])
        #expect(try tokenizer(.cl100k).encode("xbcab") == [120, 257, 256])
        #expect(try tokenizer(.o200k).encode("     ") == [259, 259, 32])
    }

    @Test func `a name of a special token is text`() throws {
        #expect(try tokenizer(.o200k).count("<|endoftext|>") == 13)
    }

    @Test func `each pattern cuts words, contractions, numbers and spaces its own way`() {
        #expect(pieces("camelCase's", .cl100k) == ["camelCase", "'s"])
        #expect(pieces("camelCase's", .o200k) == ["camel", "Case's"])
        #expect(pieces("a  b 1234\n\n  ", .cl100k) == ["a", " ", " b", " ", "123", "4", "\n\n  "])
        #expect(pieces("a  b 1234\n\n  ", .o200k) == ["a", " ", " b", " ", "123", "4", "\n\n", "  "])
        #expect(pieces("://x", .cl100k) == ["://", "x"])
        #expect(pieces("I'\u{17F}a", .cl100k) == ["I", "'\u{17F}", "a"])
    }

    @Test(arguments: [
        ("AA==0\n", 1, "no space"), ("AA== 0\n*A== 1\n", 2, "not base64"), ("AA== 0\nAQ== x\n", 2, "whole number"),
        ("AA== 0\nAQ== 0\n", 2, "rank 0"), ("AA== 0\nAA== 1\n", 2, "this token"), ("AA== 0\n", 1, "single byte 1"),
    ])
    func `a bad line is refused with its place`(text: String, line: Int, problem: String) {
        let error = #expect(throws: RankFileError.self) { try TokenRanks(file: Array(text.utf8), name: "bad.tiktoken") }
        #expect(error?.line == line)
        #expect(error?.description.hasPrefix("bad.tiktoken:\(line): ") == true)
        #expect(error?.problem.contains(problem) == true)
    }
}
