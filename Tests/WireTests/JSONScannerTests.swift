import Foundation
import Testing
import Timeline

@testable import Wire

struct JSONScannerTests {
    private static func isValid(_ text: [UInt8]) -> Bool {
        text.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            scanner.skip()
            return scanner.isComplete()
        }
    }

    private static func isValid(_ text: String) -> Bool { isValid(Array(text.utf8)) }

    private static func foundationAccepts(_ text: [UInt8]) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(text), options: [.fragmentsAllowed])) != nil
    }

    @Test(arguments: [
        "{}", "[]", "0", "-0", "1.5e+3", "\"\"", " [ 1 , 2 ] ", "{\"a\":{\"b\":[null,true,false]}}",
        "\"\\ud83d\\ude80\"",
        "\"\\ud83d\"", "1e400", "123456789012345678901234567890", "{\"a\":1,\"a\":2}", "\"\u{7f}é🚀\"",
    ])
    func `valid texts are valid`(_ text: String) { #expect(Self.isValid(text)) }

    @Test(arguments: [
        "", " ", "{", "}", "[1,]", "[,1]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "{\"a\":}", "01", "1.", ".5", "-", "+1",
        "1e",
        "tru", "truex", "nul", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\\u12\"", "\"a\nb\"", "[1 2]", "[1]]", "{} {}", "'a'",
        "NaN", "\"\\", "\"\u{1}\"", "[\"0123456\u{1}\"]", "\u{feff}{}", "{\"a\":1]", "[1}",
    ])
    func `invalid texts are invalid`(_ text: String) { #expect(!Self.isValid(text)) }

    @Test func `ten thousand levels fail without harm, and 512 are fine`() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let deep = String(repeating: open, count: 10_000) + "0" + String(repeating: close, count: 10_000)
            #expect(!Self.isValid(deep))
            let allowed = String(repeating: open, count: 512) + "0" + String(repeating: close, count: 512)
            #expect(Self.isValid(allowed))
            #expect(!Self.isValid(open + allowed + close))
        }
    }

    @Test func `random texts and their mutations are valid where Foundation says so`() {
        var generator = SeededGenerator(seed: 7)
        var valid = 0
        for _ in 0..<4000 {
            var text = Array(Self.value(depth: 0, &generator).utf8)
            if Bool.random(using: &generator) {
                let noise = Array("{}[]:,\"\\ 0-1.eEtrufalsn\nx".utf8)
                for _ in 0..<Int.random(in: 1...2, using: &generator) where !text.isEmpty {
                    let place = Int.random(in: 0..<text.count, using: &generator)
                    switch Int.random(in: 0..<3, using: &generator) {
                    case 0: text.remove(at: place)
                    case 1: text.insert(noise.randomElement(using: &generator) ?? 0, at: place)
                    default: text[place] = noise.randomElement(using: &generator) ?? 0
                    }
                }
            }
            // Whether a valid number is too great and a lone surrogate too odd is a matter of taste, not of grammar.
            guard String(validating: text, as: UTF8.self) != nil, !Self.isMatterOfTaste(text) else { continue }
            let expected = Self.foundationAccepts(text)
            if expected { valid += 1 }
            #expect(Self.isValid(text) == expected, "\(String(decoding: text, as: UTF8.self))")
        }
        #expect(valid > 1000)
    }

    private static func isMatterOfTaste(_ text: [UInt8]) -> Bool {
        let string = String(decoding: text, as: UTF8.self)
        return string.contains(/\\u[dD][89a-fA-F]/) || string.contains(/[eE][+-]?[0-9]{3}/) || text.first == 0x5c
    }

    private static func value(depth: Int, _ generator: inout SeededGenerator) -> String {
        let space = ["", "", " ", "\n", "\t "].randomElement(using: &generator) ?? ""
        let limit = depth > 3 ? 6 : 8
        switch Int.random(in: 0..<limit, using: &generator) {
        case 0: return space + "null"
        case 1: return "true" + space
        case 2: return String(Int.random(in: -1000...1000, using: &generator))
        case 3: return "-12.5e\(Int.random(in: -9...9, using: &generator))"
        case 4, 5: return string(&generator)
        case 6:
            let items = (0..<Int.random(in: 0...4, using: &generator)).map { _ in value(depth: depth + 1, &generator) }
            return "[" + space + items.joined(separator: space + ",") + "]"
        default:
            let members = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                string(&generator) + space + ":" + value(depth: depth + 1, &generator)
            }
            return "{" + members.joined(separator: "," + space) + space + "}"
        }
    }

    private static func string(_ generator: inout SeededGenerator) -> String {
        let pieces = [
            "a", "long enough for a word", "\\n", "\\\"", "\\\\", "\\u00e9", "\\u4e2d", "\\ud83d\\ude80", "é", "🚀", "/",
        ]
        let count = Int.random(in: 0...5, using: &generator)
        return "\"" + (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined() + "\""
    }

    @Test func `the text and size of strings are Foundation's`() throws {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<1000 {
            let json = Self.string(&generator)
            let expected = try JSONDecoder().decode(String.self, from: Data(json.utf8))
            try Array(json.utf8).withUnsafeBytes { bytes in
                var scanner = JSONScanner(bytes)
                let taken = scanner.string()
                let string = try #require(taken)
                #expect(Array(string.text.utf8) == Array(expected.utf8))
                #expect(string.size.characters == expected.unicodeScalars.count)
                #expect(string.size.bytes == expected.utf8.count)
            }
        }
    }

    @Test func `lone surrogates count as one replacement character each`() throws {
        try Array(#""\ud83dx\ude80\ud83d\ud83d\ude80""#.utf8).withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            let taken = scanner.string()
            let string = try #require(taken)
            #expect(string.text == "\u{fffd}x\u{fffd}\u{fffd}\u{1f680}")
            #expect(string.size.characters == 5)
            #expect(string.size.bytes == 3 + 1 + 3 + 3 + 4)
        }
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("42", 42), ("-7", -7), ("9223372036854775807", Int.max),
        ("-9223372036854775808", Int.min),
        ("9223372036854775808", nil), ("12345678901234567890", nil), ("1.0", nil), ("1e3", nil), ("\"1\"", nil),
        ("null", nil),
    ])
    func `whole numbers that fit are read, others are passed over`(_ text: String, _ expected: Int?) {
        Array(text.utf8).withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            let value = scanner.integer()
            #expect(value == expected)
            let isComplete = scanner.isComplete()
            #expect(isComplete)
        }
    }

    @Test func `members are walked in order, with escaped names understood and values skipped`() {
        Array(#"{"x":[1,{"y":2}],"\u0061":"v","n":null}"#.utf8).withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            var found: [String] = []
            guard scanner.beginObject() else { return }
            while let name = scanner.nextMember() {
                if name.equals("a") { found.append(scanner.string()?.text ?? "") } else { scanner.skip() }
            }
            let isComplete = scanner.isComplete()
            #expect(found == ["v"])
            #expect(isComplete)
        }
    }
}
