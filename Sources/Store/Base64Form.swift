/// A text as base64 (RFC 4648) shows it inside whatever was encoded with it.
enum Base64Form {
    private static let shared = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let alphabets = [shared + Array("+/".utf8), shared + Array("-_".utf8)]

    /// The characters that a text alone determines, for each place at which it can begin in a group of three bytes and
    /// in both alphabets.
    static func all(of text: String) -> [String] {
        alphabets.flatMap { alphabet in (0..<3).map { form(of: Array(text.utf8), bytesBefore: $0, alphabet) } }
    }

    private static func form(of bytes: [UInt8], bytesBefore: Int, _ alphabet: [UInt8]) -> String {
        let group = [UInt8](repeating: 0, count: bytesBefore) + bytes
        // The characters at both ends depend on neighbours too where six bits lie across a boundary.
        let first = (bytesBefore * 8 + 5) / 6
        let end = group.count * 8 / 6
        let characters = (first..<max(first, end)).map { position -> UInt8 in
            let bit = position * 6
            let next = bit / 8 + 1 < group.count ? Int(group[bit / 8 + 1]) : 0
            return alphabet[(Int(group[bit / 8]) << 8 | next) >> (10 - bit % 8) & 63]
        }
        return String(decoding: characters, as: UTF8.self)
    }
}
