/// Reads integers and punctuation, and nothing else, from bytes.
///
/// Nearly all of the time in which a run is read back goes into this: it has a dozen integers for each of its events.
struct IntegerReader {
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    func failure(_ expectation: String) -> MalformedEvents {
        MalformedEvents(offset: position, expectation: expectation)
    }

    // Inlined, all that reads an event: so the position stays in a register.
    @inline(__always)
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position &+= 1
        return true
    }

    @inline(__always)
    mutating func expect(_ character: Unicode.Scalar) throws(MalformedEvents) {
        guard skip(character) else { throw failure("'\(character)'") }
    }

    /// Reads a comma and an integer.
    @inline(__always)
    mutating func next() throws(MalformedEvents) -> Int {
        try expect(",")
        return try integer()
    }

    mutating func optionalInteger() throws(MalformedEvents) -> Int? {
        guard skip("n") else { return try integer() }
        for character in "ull".unicodeScalars { try expect(character) }
        return nil
    }

    @inline(__always)
    mutating func integer() throws(MalformedEvents) -> Int {
        let isNegative = skip("-")
        let start = position
        let value = shortInteger()
        // Counted downwards for negative numbers, since the least integer has no positive counterpart.
        let signed = isNegative ? -value : value
        let isWhole = position > start && (position == bytes.count || digit(at: position) == nil)
        return isWhole ? signed : try longInteger(after: signed, isNegative: isNegative, start: start)
    }

    private func digit(at position: Int) -> Int? {
        let digit = bytes[position] &- 0x30
        return digit <= 9 ? Int(digit) : nil
    }

    /// Reads the digits that follow on the first ones of a number.
    @inline(never)
    private mutating func longInteger(
        after value: Int, isNegative: Bool, start: Int
    ) throws(MalformedEvents) -> Int {
        var value = value
        while position < bytes.count, let digit = digit(at: position) {
            let step = isNegative ? -digit : digit
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowAgain) = product.addingReportingOverflow(step)
            guard !overflow, !overflowAgain else { throw failure("an integer of 64 bits") }
            value = sum
            position &+= 1
        }
        guard position > start else { throw failure("an integer") }
        return value
    }

    /// Reads up to eight digits at once, and none where fewer than eight bytes are left.
    ///
    /// One by one, the processor would guess at each digit whether another one follows, and guess wrong at the end of
    /// nearly every number, which takes longer than reading it.
    @inline(__always)
    private mutating func shortInteger() -> Int {
        guard bytes.count &- position >= 8, let start = bytes.baseAddress else { return 0 }
        let word = UInt64(littleEndian: UnsafeRawPointer(start + position).loadUnaligned(as: UInt64.self))
        // The highest bit of a byte below "0", or above "9"; bytes after the first such one may be told wrong.
        let others = ((word &- Self.ones &* 0x30) | (word &+ Self.ones &* 0x46)) & (Self.ones &* 0x80)
        let digitBits = others.trailingZeroBitCount & ~7
        guard digitBits > 0 else { return 0 }
        position &+= digitBits / 8
        // The digits move up, and zeros come before them; then neighbours are added to pairs, to fours and to eight.
        var digits = (word &<< UInt64(64 - digitBits)) & (Self.ones &* 0x0F)
        digits = (digits &* 10 &+ digits >> 8) & 0x00FF_00FF_00FF_00FF
        digits = (digits &* 100 &+ digits >> 16) & 0x0000_FFFF_0000_FFFF
        digits = (digits &* 10_000 &+ digits >> 32) & 0xFFFF_FFFF
        return Int(truncatingIfNeeded: digits)
    }
}
