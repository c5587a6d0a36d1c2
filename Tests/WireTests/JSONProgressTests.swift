import Testing
import Timeline

@testable import Wire

/// The reader of JSON that is still coming, held against the reader of whole texts.
@Suite struct JSONProgressTests {
    /// What is completed, with the number of bytes that it took.
    private func completions(_ text: String) -> [String] {
        var progress = JSONProgress()
        var found: [String] = []
        for (index, byte) in text.utf8.enumerated() {
            found += progress.take(byte).map { "\(index + 1) \($0)" }
        }
        found += progress.finish().map { "end \($0)" }
        return found + (progress.isValid ? [] : ["invalid"])
    }

    @Test(arguments: [
        (#"{"a":"x","b":1}"#, [#"8 field("a")"#, #"15 field("b")"#, "15 text"]),
        // Every further digit makes another number: it is whole with the byte behind it.
        (#"{"n":12 ,"m":[1,{"a":2}]}"#, [#"8 field("n")"#, #"24 field("m")"#, "25 text"]),
        (#"{"\u0061\"":true}"#, [#"16 field("a\"")"#, "17 text"]),
        (#"{"a":{"b":1},"a":null}"#, [#"12 field("a")"#, #"21 field("a")"#, "22 text"]),
        ("[{\"a\":1}]", ["9 text"]), ("{} x", ["2 text", "invalid"]), ("12", ["end text"]), ("{}", ["2 text"]),
        (#"{"a":"x""#, [#"8 field("a")"#]), (#"{"a":01}"#, ["invalid"]), (#"{"a":tru}"#, ["invalid"]),
        ("```json\n{}", ["invalid"]),
    ])
    func `each part is complete with the byte that leaves no doubt`(text: String, expected: [String]) {
        #expect(completions(text) == expected)
    }

    @Test func `it accepts what the reader of whole texts accepts, whatever was changed in it`() {
        let seeds = [
            #"{"title": "a \"b\" é \u00e9\n", "n": -12.5e+3, "l": [1, 0, true, null, {}], "o": {"x": ""}}"#,
            #"[0.5, 1E5, "🙂", {"a": [[]]}, false]"#, #"  {"k":""}  "#,
        ]
        let pieces = Array("{}[]\",:\\u0e+-.tfn 19\n".utf8)
        var generator = SeededGenerator(seed: 11)
        var accepted = 0
        for round in 0..<40_000 {
            var bytes = Array(seeds[round % seeds.count].utf8)
            for _ in 0..<Int.random(in: 0...2, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = pieces.randomElement(using: &generator) ?? 0
                default: bytes.insert(pieces.randomElement(using: &generator) ?? 0, at: place)
                }
            }
            // Both read text: what is no UTF-8 is none.
            guard String(validating: bytes, as: UTF8.self) != nil else { continue }
            var progress = JSONProgress()
            for byte in bytes { _ = progress.take(byte) }
            _ = progress.finish()
            let isWhole = bytes.withUnsafeBytes { text in
                var scanner = JSONScanner(text)
                scanner.skip()
                return scanner.isComplete()
            }
            #expect(progress.isComplete == isWhole, "\(String(decoding: bytes, as: UTF8.self))")
            if isWhole { accepted += 1 }
        }
        #expect(accepted > 5_000 && accepted < 35_000)
    }
}
