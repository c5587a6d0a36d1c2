/// Divides an event's tokens among its parts by their bytes, in whole numbers whose sum is the event's count.
struct TokenShares {
    private let tokens: Int?
    private let bytes: Int
    private var bytesBefore = 0
    private var tokensBefore = 0

    init(tokens: Int?, bytes: Int) {
        self.tokens = tokens
        self.bytes = bytes
    }

    /// The tokens of the next part; nil where the event has no count.
    mutating func take(_ partBytes: Int) -> Int? {
        guard let tokens else { return nil }
        bytesBefore += partBytes
        // Rounding the running sum, and not each share, keeps the sum exact.
        let upToHere =
            bytesBefore == bytes ? tokens : Int((Double(tokens) * Double(bytesBefore) / Double(bytes)).rounded())
        defer { tokensBefore = upToHere }
        return upToHere - tokensBefore
    }
}
