/// Follows a JSON text (RFC 8259) while it comes, and says what of it is complete.
///
/// It reads each byte once and never looks ahead, so that what is complete is known with the byte that completes it. A
/// number is complete with the byte behind it, since every further digit would have made another one. `JSONScanner` is the
/// faster reader of texts that are there as a whole.
struct JSONProgress {
    enum Completion: Equatable {
        /// A member of the outermost object has its whole value.
        case field(String)
        /// The text is one whole value, and nothing but white space may follow.
        case text
    }

    private enum Place {
        case value, elementOrEnd, nameOrEnd, name, colon, commaOrEnd, string, escape
        case digits(left: Int)
        case word(rest: Substring.UTF8View)
        case number(NumberPart)
        case end
    }

    private enum NumberPart {
        case minus, zero, integer, point, fraction, exponentMark, exponentSign, exponent

        var mayEnd: Bool {
            switch self {
            case .zero, .integer, .fraction, .exponent: true
            case .minus, .point, .exponentMark, .exponentSign: false
            }
        }
    }

    /// False for good once a byte came that no valid text has there.
    private(set) var isValid = true
    private var place = Place.value
    /// Of the arrays and objects that are open, whether each is an object.
    private var open: [Bool] = []
    private var isName = false
    private var name: [UInt8] = []
    private var hasEscapes = false
    private static let depthLimit = 512

    /// Whether the text is one whole value.
    var isComplete: Bool { if case .end = place { isValid } else { false } }

    /// Takes the next byte; what it completes, the outermost value after its last field.
    mutating func take(_ byte: UInt8) -> [Completion] {
        guard isValid else { return [] }
        if case .number(let part) = place { return takeNumber(byte, part) }
        return takeOther(byte)
    }

    /// Says that nothing follows; what that completes, which is a number that stands alone.
    mutating func finish() -> [Completion] {
        guard isValid, case .number(let part) = place, part.mayEnd, open.isEmpty else { return [] }
        return endValue()
    }

    private mutating func fail() -> [Completion] {
        isValid = false
        return []
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }

    private mutating func takeOther(_ byte: UInt8) -> [Completion] {
        switch place {
        case .string: return takeString(byte)
        case .escape: return takeEscape(byte)
        case .digits(let left): return takeDigit(byte, left)
        case .word(let rest): return takeWord(byte, rest)
        default: break
        }
        if Self.isSpace(byte) { return [] }
        switch place {
        case .value: return beginValue(byte)
        case .elementOrEnd: return byte == UInt8(ascii: "]") ? endContainer() : beginValue(byte)
        case .nameOrEnd where byte == UInt8(ascii: "}"): return endContainer()
        case .nameOrEnd, .name: return byte == UInt8(ascii: "\"") ? beginString(isName: true) : fail()
        case .colon where byte == UInt8(ascii: ":"): place = .value
        case .commaOrEnd: return takeSeparator(byte)
        default: return fail()
        }
        return []
    }

    private mutating func takeSeparator(_ byte: UInt8) -> [Completion] {
        guard let isObject = open.last else { return fail() }
        if byte == UInt8(ascii: ",") {
            place = isObject ? .name : .value
            return []
        }
        return byte == UInt8(ascii: isObject ? "}" : "]") ? endContainer() : fail()
    }

    private mutating func beginValue(_ byte: UInt8) -> [Completion] {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard open.count < Self.depthLimit else { return fail() }
            open.append(byte == UInt8(ascii: "{"))
            place = byte == UInt8(ascii: "{") ? .nameOrEnd : .elementOrEnd
        case UInt8(ascii: "\""): return beginString(isName: false)
        case UInt8(ascii: "t"): place = .word(rest: "rue"[...].utf8)
        case UInt8(ascii: "f"): place = .word(rest: "alse"[...].utf8)
        case UInt8(ascii: "n"): place = .word(rest: "ull"[...].utf8)
        case UInt8(ascii: "-"): place = .number(.minus)
        case UInt8(ascii: "0"): place = .number(.zero)
        case UInt8(ascii: "1")...UInt8(ascii: "9"): place = .number(.integer)
        default: return fail()
        }
        return []
    }

    private mutating func endContainer() -> [Completion] {
        open.removeLast()
        return endValue()
    }

    private mutating func endValue() -> [Completion] {
        place = open.isEmpty ? .end : .commaOrEnd
        if open.isEmpty { return [.text] }
        guard open.count == 1, open[0] else { return [] }
        return name.withUnsafeBytes { [.field(JSONString(bytes: $0, hasEscapes: hasEscapes).text)] }
    }
}

// Strings, words and numbers.
extension JSONProgress {
    private mutating func beginString(isName: Bool) -> [Completion] {
        self.isName = isName
        if isName, open.count == 1 {
            name.removeAll(keepingCapacity: true)
            hasEscapes = false
        }
        place = .string
        return []
    }

    private mutating func keep(_ byte: UInt8) {
        if isName, open.count == 1 { name.append(byte) }
    }

    private mutating func takeString(_ byte: UInt8) -> [Completion] {
        switch byte {
        case UInt8(ascii: "\""):
            guard isName else { return endValue() }
            place = .colon
        case UInt8(ascii: "\\"):
            keep(byte)
            if isName, open.count == 1 { hasEscapes = true }
            place = .escape
        case 0..<0x20: return fail()
        default: keep(byte)
        }
        return []
    }

    private mutating func takeEscape(_ byte: UInt8) -> [Completion] {
        keep(byte)
        if byte == UInt8(ascii: "u") {
            place = .digits(left: 4)
        } else if "\"\\/bfnrt".utf8.contains(byte) {
            place = .string
        } else {
            return fail()
        }
        return []
    }

    private mutating func takeDigit(_ byte: UInt8, _ left: Int) -> [Completion] {
        guard (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte) else {
            return fail()
        }
        keep(byte)
        place = left == 1 ? .string : .digits(left: left - 1)
        return []
    }

    private mutating func takeWord(_ byte: UInt8, _ rest: Substring.UTF8View) -> [Completion] {
        guard rest.first == byte else { return fail() }
        let left = rest.dropFirst()
        if left.isEmpty { return endValue() }
        place = .word(rest: left)
        return []
    }

    private mutating func takeNumber(_ byte: UInt8, _ part: NumberPart) -> [Completion] {
        if let next = Self.next(part, byte) {
            place = .number(next)
            return []
        }
        let isDelimiter = Self.isSpace(byte) || ",]}".utf8.contains(byte)
        guard part.mayEnd, isDelimiter else { return fail() }
        let completed = endValue()
        return completed + takeOther(byte)
    }

    /// The part of a number that a byte leads to; nil where it is none of the number's.
    private static func next(_ part: NumberPart, _ byte: UInt8) -> NumberPart? {
        let isDigit = (0x30...0x39).contains(byte)
        switch part {
        case .minus: return isDigit ? (byte == 0x30 ? .zero : .integer) : nil
        case .zero, .integer:
            if isDigit { return part == .integer ? .integer : nil }
            if byte == UInt8(ascii: ".") { return .point }
            return byte | 0x20 == UInt8(ascii: "e") ? .exponentMark : nil
        case .point: return isDigit ? .fraction : nil
        case .fraction: return isDigit ? .fraction : byte | 0x20 == UInt8(ascii: "e") ? .exponentMark : nil
        case .exponentMark:
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { return .exponentSign }
            return isDigit ? .exponent : nil
        case .exponentSign, .exponent: return isDigit ? .exponent : nil
        }
    }
}
