import Foundation
import Testing
import Timeline

@Suite("JSON values")
struct JSONValueTests {
    @Test(arguments: [
        #"{"a":[1,-2.5,1e3,true,false,null],"b":{"c":"x\ny\"\\\/"}}"#, #"["\u00e9","\ud83d\ude80",""]"#, "[]", "{}",
        #"  {"a" : 1 , "a2":[ ] } "#, "0", #""text""#,
    ])
    func `what Foundation reads is read alike, and written so that Foundation reads it back`(text: String) throws {
        let expected = try Self.sorted(text)
        let value = try JSONValue(parsing: text)
        for written in [value.text, value.indentedText] { #expect(try Self.sorted(written) == expected) }
    }

    /// What Foundation makes of a text, written by Foundation with its members in order.
    private static func sorted(_ text: String) throws -> Data {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
        return try JSONSerialization.data(withJSONObject: object, options: [.fragmentsAllowed, .sortedKeys])
    }

    @Test(arguments: [
        ("", 0), ("{", 1), ("[1,]", 3), ("{\"a\" 1}", 5), ("tru", 0), ("01", 0), ("1.", 2), ("\"a\nb\"", 2),
        ("[1] x", 4), ("\"\\x\"", 2), ("{'a':1}", 1),
    ])
    func `what is no JSON is refused at its place`(text: String, offset: Int) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
        #expect(error?.offset == offset)
    }

    @Test func `lone surrogates, endless numbers and deep nesting do no harm`() throws {
        #expect(try JSONValue(parsing: #""\ud83d""#) == .string("\u{fffd}"))
        #expect(try JSONValue(parsing: #""\ud83dx\udc00""#) == .string("\u{fffd}x\u{fffd}"))
        #expect(try JSONValue(parsing: "1e400").text == "null")
        #expect(try JSONValue(parsing: "123456789012345678901").doubleValue == 123_456_789_012_345_683_968)
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: String(repeating: "[", count: 100_000)) }
    }

    @Test func `merging replaces members in place and goes into objects`() {
        var value: JSONValue = ["a": 1, "b": ["c": 2, "d": 3]]
        value.merge("a", 9)
        value.merge("b", ["d": 4, "e": 5])
        value.merge("z", nil)
        #expect(value.text == #"{"a":9,"b":{"c":2,"d":4,"e":5},"z":null}"#)
    }
}
