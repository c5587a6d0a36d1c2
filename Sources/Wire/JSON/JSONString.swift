import Timeline

/// A string of a JSON text as it stands there: between its quotes, with its escapes.
package struct JSONString {
    package let bytes: UnsafeRawBufferPointer
    package let hasEscapes: Bool

    package var isEmpty: Bool { bytes.isEmpty }

    /// The string itself; lone surrogates become U+FFFD.
    package var text: String {
        guard hasEscapes else { return String(decoding: bytes, as: UTF8.self) }
        let quote = [UInt8(ascii: "\"")]
        return (try? JSONValue(parsing: quote + bytes + quote))?.stringValue ?? ""
    }

    /// Whether the string is exactly an ASCII name.
    @inline(__always)
    package func equals(_ name: StaticString) -> Bool {
        hasEscapes ? text == "\(name)" : bytes.equals(name)
    }

    /// The Unicode scalars of the string and its bytes in UTF-8, without building it.
    package var size: (characters: Int, bytes: Int) {
        hasEscapes ? escapedSize : (Self.scalars(in: bytes), bytes.count)
    }

    private static func scalars(in bytes: UnsafeRawBufferPointer) -> Int {
        var count = 0
        for byte in bytes where byte & 0xc0 != 0x80 { count += 1 }
        return count
    }

    private var escapedSize: (characters: Int, bytes: Int) {
        var characters = 0
        var length = 0
        var index = 0
        while index < bytes.count {
            if bytes[index] != UInt8(ascii: "\\") {
                if bytes[index] & 0xc0 != 0x80 { characters += 1 }
                length += 1
                index += 1
                continue
            }
            characters += 1
            guard bytes[index + 1] == UInt8(ascii: "u"), let unit = Self.codeUnit(in: bytes, at: index + 2) else {
                length += 1
                index += 2
                continue
            }
            index += 6
            if UTF16.isLeadSurrogate(unit), isTrailSurrogate(at: index) {
                index += 6
                length += 4
            } else {
                length += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3
            }
        }
        return (characters, length)
    }

    private func isTrailSurrogate(at index: Int) -> Bool {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u"),
            let unit = Self.codeUnit(in: bytes, at: index + 2)
        else { return false }
        return UTF16.isTrailSurrogate(unit)
    }

    /// The value of four hexadecimal digits; nil where they are none.
    static func codeUnit(in bytes: UnsafeRawBufferPointer, at index: Int) -> UInt16? {
        var unit: UInt16 = 0
        for offset in 0..<4 {
            let byte = bytes[index + offset]
            switch byte {
            case 0x30...0x39: unit = unit << 4 | UInt16(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: unit = unit << 4 | UInt16((byte | 0x20) - 0x57)
            default: return nil
            }
        }
        return unit
    }
}
