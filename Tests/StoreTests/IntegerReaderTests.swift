import Testing

@testable import Store

struct IntegerReaderTests {
    /// Reads an integer from the start of a text, and tells where it ended.
    private func read(_ text: String) throws(MalformedEvents) -> (value: Int, rest: String) {
        let bytes = Array(text.utf8)
        let found = bytes.withUnsafeBufferPointer { bytes -> Result<(value: Int, rest: String), MalformedEvents> in
            do throws(MalformedEvents) {
                var reader = IntegerReader(bytes: bytes)
                let value = try reader.integer()
                let end = reader.failure("").offset
                return .success((value, String(decoding: bytes.dropFirst(end), as: UTF8.self)))
            } catch {
                return .failure(error)
            }
        }
        return try found.get()
    }

    @Test(arguments: ["", ",", "]", ",1", "],[0,0", ",12345678901234567890", "\u{0}", "/9", ":9", "n", "\u{ba}\u{ff}"])
    func `an integer of any length ends where its digits end`(rest: String) throws {
        let digits = "9081726354435261708"
        for length in 1...digits.count {
            for sign in ["", "-"] {
                let number = sign + digits.prefix(length)
                let found = try read(number + rest)
                #expect(found.value == Int(number))
                #expect(found.rest == rest)
            }
        }
    }

    @Test func `the greatest and the least integer are read, and none beyond them`() throws {
        #expect(try read("9223372036854775807,").value == .max)
        #expect(try read("-9223372036854775808").value == .min)
        #expect(try read("00000000000000000000000000012,").value == 12)
        let tooLong = MalformedEvents(offset: 18, expectation: "an integer of 64 bits")
        #expect(throws: tooLong) { try read("9223372036854775808,") }
        #expect(throws: MalformedEvents(offset: 19, expectation: "an integer of 64 bits")) {
            try read("-9223372036854775809")
        }
        #expect(throws: MalformedEvents(offset: 19, expectation: "an integer of 64 bits")) {
            try read("12345678901234567890123,")
        }
    }

    @Test(arguments: ["", "-", ",12345678", "null", "-]", " 1234567", "+1234567", "\u{ff}1234567"])
    func `what is no integer is told with its place`(text: String) {
        let place = text.hasPrefix("-") ? 1 : 0
        #expect(throws: MalformedEvents(offset: place, expectation: "an integer")) { try read(text) }
    }
}
