import Glibc
import Timeline

/// The head of a delivery in a block of a log; its pieces (`PieceDifference`) follow without gaps.
///
/// In memory: three lengths of time as 32 bits each where they fit, the number of pieces, and flags; where they do not fit,
/// the lengths as 64 bits each behind that.
struct ArrivalRecord {
    private static let narrowSize = 16
    private static let beginsReadFlag: UInt16 = 1
    private static let isWideFlag: UInt16 = 2

    /// What a head takes at most, and the end of a block.
    static let largestSize = narrowSize + 24

    /// The reading instant since that of the delivery before, the arrival's age then, and by how much it may be late.
    private var lengths: (Int64, Int64, Int64)
    /// 0 stands for the end of a block.
    var pieceCount: Int
    /// Whether the delivery came with another read than the one before.
    var beginsRead: Bool

    init(_ stamp: ArrivalStamp, after previous: Instant, beginsRead: Bool) {
        lengths = (
            (stamp.reading - previous).count, (stamp.reading - stamp.arrival).count, stamp.lateBound.count
        )
        pieceCount = 0
        self.beginsRead = beginsRead
    }

    func stamp(after previous: Instant) -> ArrivalStamp {
        let reading = previous + Nanoseconds(lengths.0)
        return ArrivalStamp(
            arrival: reading - Nanoseconds(lengths.1), reading: reading, lateBound: Nanoseconds(lengths.2))
    }

    private var isWide: Bool {
        // No bit beyond the lower 32 is set in any of them, the sign's neither.
        (lengths.0 | lengths.1 | lengths.2) >> 32 != 0
    }

    /// The bytes that it takes.
    var size: Int { isWide ? Self.largestSize : Self.narrowSize }

    func write(to place: UnsafeMutableRawPointer) {
        let isWide = isWide
        place.storeBytes(of: UInt16(pieceCount), toByteOffset: 12, as: UInt16.self)
        let flags = (beginsRead ? Self.beginsReadFlag : 0) | (isWide ? Self.isWideFlag : 0)
        place.storeBytes(of: flags, toByteOffset: 14, as: UInt16.self)
        if isWide {
            place.storeBytes(of: lengths.0, toByteOffset: Self.narrowSize, as: Int64.self)
            place.storeBytes(of: lengths.1, toByteOffset: Self.narrowSize + 8, as: Int64.self)
            place.storeBytes(of: lengths.2, toByteOffset: Self.narrowSize + 16, as: Int64.self)
        } else {
            place.storeBytes(of: UInt32(truncatingIfNeeded: lengths.0), as: UInt32.self)
            place.storeBytes(of: UInt32(truncatingIfNeeded: lengths.1), toByteOffset: 4, as: UInt32.self)
            place.storeBytes(of: UInt32(truncatingIfNeeded: lengths.2), toByteOffset: 8, as: UInt32.self)
        }
    }

    /// Reads what was written, and moves on behind it, into further blocks where one is at its end.
    init(from place: inout UnsafeRawPointer) {
        var pieceCount = place.loadUnaligned(fromByteOffset: 12, as: UInt16.self)
        while pieceCount == 0, let next = UnsafeRawPointer(bitPattern: place.loadUnaligned(as: UInt.self)) {
            place = next
            pieceCount = place.loadUnaligned(fromByteOffset: 12, as: UInt16.self)
        }
        let flags = place.loadUnaligned(fromByteOffset: 14, as: UInt16.self)
        let isWide = flags & Self.isWideFlag != 0
        let start = place
        let length = { (index: Int) -> Int64 in
            isWide
                ? start.loadUnaligned(fromByteOffset: Self.narrowSize + 8 * index, as: Int64.self)
                : Int64(start.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
        }
        lengths = (length(0), length(1), length(2))
        self.pieceCount = Int(pieceCount)
        beginsRead = flags & Self.beginsReadFlag != 0
        place += isWide ? Self.largestSize : Self.narrowSize
    }

    /// Marks the end of a block behind its last delivery.
    static func writeEnd(to place: UnsafeMutableRawPointer, next: UnsafeMutableRawPointer) {
        place.storeBytes(of: UInt(bitPattern: next), as: UInt.self)
        place.storeBytes(of: 0, toByteOffset: 12, as: UInt16.self)
    }
}
