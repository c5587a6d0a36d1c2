extension UnsafeRawBufferPointer {
    /// Whether the bytes are exactly those of an ASCII name.
    @inline(__always)
    func equals(_ name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount else { return false }
        for index in 0..<count where self[index] != name.utf8Start[index] { return false }
        return true
    }

    /// Whether the bytes are valid UTF-8; eight bytes at a time as long as they are ASCII.
    var isValidUTF8: Bool {
        var index = 0
        while index + 8 <= count {
            let word = loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if word & 0x8080_8080_8080_8080 != 0 { break }
            index += 8
        }
        while index < count {
            if self[index] < 0x80 {
                index += 1
            } else {
                let length = multibyteLength(at: index)
                guard length > 0 else { return false }
                index += length
            }
        }
        return true
    }

    /// The length of the well-formed sequence of two to four bytes at an index (Unicode, table 3-7); 0 where it is none.
    private func multibyteLength(at index: Int) -> Int {
        let first = self[index]
        let length: Int
        var lowest: UInt8 = 0x80
        var highest: UInt8 = 0xbf
        switch first {
        case 0xc2...0xdf: length = 2
        case 0xe0...0xef:
            length = 3
            if first == 0xe0 { lowest = 0xa0 }
            if first == 0xed { highest = 0x9f }
        case 0xf0...0xf4:
            length = 4
            if first == 0xf0 { lowest = 0x90 }
            if first == 0xf4 { highest = 0x8f }
        default: return 0
        }
        guard index + length <= count, self[index + 1] >= lowest, self[index + 1] <= highest else { return 0 }
        for offset in 2..<Swift.max(length, 2) where self[index + offset] & 0xc0 != 0x80 { return 0 }
        return length
    }
}
