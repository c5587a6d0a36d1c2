/// A reader of JSON text (RFC 8259) that walks bytes once and allocates nothing.
///
/// The caller drives it along the shape it expects; what it does not expect, it skips, and everything skipped is checked
/// all the same. The first mistake makes `isValid` false for good, and from then on every call returns at once.
/// The bytes must be valid UTF-8 and stay in place while the scanner or a string of it is used.
package struct JSONScanner {
    /// How many arrays and objects may stand inside one another, so that hostile input cannot exhaust the stack.
    package static let depthLimit = 512

    package private(set) var isValid = true
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var depth = 0
    /// Whether an array or object was just opened, so that no comma comes before its next element.
    private var isAtFirst = false

    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next byte that is no white space, without taking it; 0 at the end.
    private var next: UInt8 {
        mutating get {
            while position < bytes.count {
                let byte = bytes[position]
                if byte > 0x20 || !(byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09) { return byte }
                position += 1
            }
            return 0
        }
    }

    private mutating func fail() {
        isValid = false
        position = bytes.count
    }

    /// Whether the text was one valid value and nothing else; call it last.
    package mutating func isComplete() -> Bool { next == 0 && position == bytes.count && isValid && !bytes.isEmpty }

    /// Enters an object; anything else is skipped, and false is returned.
    package mutating func beginObject() -> Bool { begin(UInt8(ascii: "{")) }

    /// Enters an array; anything else is skipped, and false is returned.
    package mutating func beginArray() -> Bool { begin(UInt8(ascii: "[")) }

    private mutating func begin(_ bracket: UInt8) -> Bool {
        guard next == bracket else {
            skip()
            return false
        }
        return open()
    }

    private mutating func open() -> Bool {
        guard depth < Self.depthLimit else {
            fail()
            return false
        }
        depth += 1
        position += 1
        isAtFirst = true
        return true
    }

    /// The name of the object's next member, whose value must be taken next; nil at the object's end.
    package mutating func nextMember() -> JSONString? {
        guard advance(to: UInt8(ascii: "}")) else { return nil }
        guard next == UInt8(ascii: "\""), let name = takeString(), next == UInt8(ascii: ":") else {
            fail()
            return nil
        }
        position += 1
        return name
    }

    /// Whether the array has a next element, which must be taken next.
    package mutating func nextElement() -> Bool { advance(to: UInt8(ascii: "]")) }

    private mutating func advance(to close: UInt8) -> Bool {
        let byte = next
        let wasAtFirst = isAtFirst
        isAtFirst = false
        if byte == close {
            position += 1
            depth -= 1
            return false
        }
        if wasAtFirst { return isValid }
        guard byte == UInt8(ascii: ",") else {
            fail()
            return false
        }
        position += 1
        return true
    }

    /// Takes a string; anything else is skipped, and nil is returned.
    package mutating func string() -> JSONString? {
        guard next == UInt8(ascii: "\"") else {
            skip()
            return nil
        }
        return takeString()
    }

    /// Takes a whole number that fits; anything else is skipped, and nil is returned.
    package mutating func integer() -> Int? {
        let byte = next
        guard byte == UInt8(ascii: "-") || (byte >= 0x30 && byte <= 0x39) else {
            skip()
            return nil
        }
        return takeNumber()
    }

    /// Takes any value and returns its text.
    package mutating func raw() -> UnsafeRawBufferPointer {
        _ = next
        let start = position
        skip()
        return UnsafeRawBufferPointer(rebasing: bytes[start..<max(start, position)])
    }

    /// Whether the next value is an object, without taking it.
    package mutating func isAtObject() -> Bool { next == UInt8(ascii: "{") }

    /// Whether the next value is an array, without taking it.
    package mutating func isAtArray() -> Bool { next == UInt8(ascii: "[") }

    /// Whether the next value is null, without taking it.
    package mutating func isAtNull() -> Bool { next == UInt8(ascii: "n") }

    /// Whether the next value is true, without taking it.
    package mutating func isAtTrue() -> Bool { next == UInt8(ascii: "t") }

    /// Takes an array and returns how many elements it has; anything else is skipped, and 0 is returned.
    package mutating func countElements() -> Int {
        guard beginArray() else { return 0 }
        var count = 0
        while nextElement() {
            skip()
            count += 1
        }
        return count
    }

    /// Takes any value and checks it.
    package mutating func skip() {
        switch next {
        case UInt8(ascii: "\""): _ = takeString()
        case UInt8(ascii: "{"):
            guard open() else { return }
            while nextMember() != nil { skip() }
        case UInt8(ascii: "["):
            guard open() else { return }
            while nextElement() { skip() }
        case UInt8(ascii: "t"): takeWord("true")
        case UInt8(ascii: "f"): takeWord("false")
        case UInt8(ascii: "n"): takeWord("null")
        default: _ = takeNumber()
        }
    }

    private mutating func takeWord(_ word: StaticString) {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count,
            UnsafeRawBufferPointer(rebasing: bytes[position..<position + length]).equals(word)
        else { return fail() }
        position += length
    }

    private mutating func takeNumber() -> Int? {
        let isNegative = position < bytes.count && bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let start = position
        var value = 0
        var fits = true
        while let digit = takeDigit() {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowToo) = product.subtractingReportingOverflow(digit)
            value = sum
            if overflow || overflowToo { fits = false }
        }
        let digits = position - start
        guard digits == 1 || (digits > 1 && bytes[start] != 0x30) else {
            fail()
            return nil
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            fits = false
            guard takeDigits() else { return nil }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            fits = false
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard takeDigits() else { return nil }
        }
        // The value was gathered below zero, where one more number fits.
        guard fits, isNegative || value != .min else { return nil }
        return isNegative ? value : -value
    }

    private mutating func takeDigit() -> Int? {
        guard position < bytes.count, bytes[position] >= 0x30, bytes[position] <= 0x39 else { return nil }
        defer { position += 1 }
        return Int(bytes[position]) - 0x30
    }

    private mutating func takeDigits() -> Bool {
        guard takeDigit() != nil else {
            fail()
            return false
        }
        while takeDigit() != nil {}
        return true
    }

    private mutating func takeString() -> JSONString? {
        position += 1
        let start = position
        var hasEscapes = false
        while true {
            skipPlain()
            guard position < bytes.count else { break }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let content = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
                position += 1
                return JSONString(bytes: content, hasEscapes: hasEscapes)
            }
            guard byte == UInt8(ascii: "\\"), takeEscape() else { break }
            hasEscapes = true
        }
        fail()
        return nil
    }

    /// Passes over bytes that need no attention, eight at a time where it can.
    private mutating func skipPlain() {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        while position + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5c)
            // The lowest bit that is set marks the first quote, backslash or control character of the eight bytes.
            let special =
                ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word) & highs
            if special != 0 {
                position += special.trailingZeroBitCount >> 3
                return
            }
            position += 8
        }
        while position < bytes.count {
            let byte = bytes[position]
            if byte == 0x22 || byte == 0x5c || byte < 0x20 { return }
            position += 1
        }
    }

    private mutating func takeEscape() -> Bool {
        guard position + 1 < bytes.count else { return false }
        switch bytes[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
            return true
        case UInt8(ascii: "u"):
            guard position + 6 <= bytes.count, JSONString.codeUnit(in: bytes, at: position + 2) != nil else {
                return false
            }
            position += 6
            return true
        default: return false
        }
    }
}
