import Glibc

/// How a piece of a stream differs from the one before it: a common beginning, new bytes, what both have as far from
/// their ends, new bytes again, and a common end.
struct PieceDifference {
    var prefix: Int
    var first: UnsafeRawBufferPointer
    var copied = 0
    /// As many bytes as stood in their place before.
    var second = UnsafeRawBufferPointer(start: nil, count: 0)
    var suffix: Int

    /// A piece that has nothing from the one before.
    init(whole piece: UnsafeRawBufferPointer) { self.init(prefix: 0, first: piece, suffix: 0) }

    init(prefix: Int, first: UnsafeRawBufferPointer, suffix: Int) {
        self.prefix = prefix
        self.first = first
        self.suffix = suffix
    }

    /// The bytes of the piece.
    var count: Int { prefix + first.count + copied + second.count + suffix }

    /// Makes two differences of the one.
    mutating func split(copied: Int, second: Int) {
        let end = first.count
        self.copied = copied
        self.second = UnsafeRawBufferPointer(rebasing: first[(end - second)...])
        first = UnsafeRawBufferPointer(rebasing: first[..<(end - second - copied)])
    }

    // In memory: the lengths, then the new bytes, without gaps.
    private static let lengthsSize = 12

    /// What writing a piece of so many bytes can take at most.
    static func largestSize(ofPiece count: Int) -> Int { lengthsSize + count }

    /// Writes it, and gives the bytes that it took.
    func write(to place: UnsafeMutableRawPointer) -> Int {
        place.storeBytes(of: UInt32(first.count), as: UInt32.self)
        place.storeBytes(of: UInt16(prefix), toByteOffset: 4, as: UInt16.self)
        place.storeBytes(of: UInt16(copied), toByteOffset: 6, as: UInt16.self)
        place.storeBytes(of: UInt16(second.count), toByteOffset: 8, as: UInt16.self)
        place.storeBytes(of: UInt16(suffix), toByteOffset: 10, as: UInt16.self)
        if let start = first.baseAddress { memcpy(place + Self.lengthsSize, start, first.count) }
        if let start = second.baseAddress { memcpy(place + Self.lengthsSize + first.count, start, second.count) }
        return Self.lengthsSize + first.count + second.count
    }

    /// Reads what was written, and moves on behind it.
    init(from place: inout UnsafeRawPointer) {
        let start = place
        let length = { (offset: Int) in Int(start.loadUnaligned(fromByteOffset: offset, as: UInt16.self)) }
        let count = Int(place.loadUnaligned(as: UInt32.self))
        (prefix, copied, suffix) = (length(4), length(6), length(10))
        first = UnsafeRawBufferPointer(start: place + Self.lengthsSize, count: count)
        second = UnsafeRawBufferPointer(start: place + Self.lengthsSize + count, count: length(8))
        place += Self.lengthsSize + count + second.count
    }
}
