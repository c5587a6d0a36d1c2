/// What one line of a tiktoken rank file says.
enum RankLine {
    case blank
    case token([UInt8], rank: UInt32)
    case malformed(String)

    init(_ line: ArraySlice<UInt8>) {
        let line = line.last == 0x0D ? line.dropLast() : line
        guard !line.isEmpty else {
            self = .blank
            return
        }
        guard let space = line.firstIndex(of: 0x20) else {
            self = .malformed("no space between a token and its rank")
            return
        }
        guard let token = Self.decodedBase64(line[..<space]), !token.isEmpty else {
            self = .malformed("the token is not base64")
            return
        }
        guard let rank = Self.number(line[(space + 1)...]) else {
            self = .malformed("the rank is not a whole number under 4294967296")
            return
        }
        self = .token(token, rank: rank)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
        guard !digits.isEmpty, digits.count <= 10 else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + UInt64(digit - 0x30)
        }
        return UInt32(exactly: value)
    }

    /// Base64 of RFC 4648 section 4, padded.
    private static func decodedBase64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padding = text.suffix(2).reversed().prefix { $0 == 0x3D }.count
        var decoded: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for character in text.dropLast(padding) {
            guard let sextet = sextet(character) else { return nil }
            buffer = (buffer << 6 | UInt32(sextet)) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                decoded.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return decoded
    }

    private static func sextet(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x41...0x5A: character - 0x41
        case 0x61...0x7A: character - 0x61 + 26
        case 0x30...0x39: character - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
