import Timeline

/// Names for runs: 12 characters, sortable by the time of their start, without letters that look like digits.
package enum RunIdentifier {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    /// Makes a name from milliseconds since 1970 (9 characters) and chance (3 characters).
    package static func make(wallClock nanoseconds: Int64, using generator: inout some RandomNumberGenerator) -> String
    {
        var value = UInt64(nanoseconds / 1_000_000) << 15 | UInt64(generator.next() & 0x7fff)
        var characters: [Character] = []
        for _ in 0..<12 {
            characters.append(alphabet[Int(value & 31)])
            value >>= 5
        }
        return String(characters.reversed())
    }
}
