import CTransport
import Glibc

/// The latest piece of a stream, from which the next one is told: chunks of one answer differ in few bytes.
///
/// Whoever writes a log and whoever reads it keep one each, and change it alike.
struct LatestPiece: ~Copyable {
    /// Longer pieces are told in full, and nothing is told from them.
    static let longest = 4096
    private static let firstCapacity = 512
    /// A second difference is looked for within so many bytes before the common end, such as a counter's digits.
    private static let reach = 32
    /// Less in common between two differences is not worth telling.
    private static let leastCopy = 16

    private var bytes: UnsafeMutableRawPointer
    private var capacity = Self.firstCapacity
    private(set) var count = 0

    init() { bytes = .allocate(byteCount: Self.firstCapacity, alignment: 8) }

    deinit { bytes.deallocate() }

    /// Valid until the piece changes.
    var text: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes, count: count) }

    /// How a further piece differs from this one.
    func difference(to piece: UnsafeRawBufferPointer) -> PieceDifference {
        guard let start = piece.baseAddress, piece.count <= Self.longest else { return PieceDifference(whole: piece) }
        let common = min(count, piece.count)
        let prefix = ct_common_prefix(bytes, start, common)
        let suffix = ct_common_suffix(bytes + count, start + piece.count, common - prefix)
        var difference = PieceDifference(
            prefix: prefix, first: UnsafeRawBufferPointer(rebasing: piece[prefix..<piece.count - suffix]),
            suffix: suffix)
        let rest = common - prefix - suffix
        guard rest > Self.leastCopy else { return difference }
        let (end, pieceEnd) = (bytes + (count - suffix), start + (piece.count - suffix))
        for skipped in 1...min(Self.reach, rest - Self.leastCopy) {
            let copied = ct_common_suffix(end - skipped, pieceEnd - skipped, rest - skipped)
            guard copied >= Self.leastCopy else { continue }
            difference.split(copied: copied, second: skipped)
            break
        }
        return difference
    }

    /// Becomes the piece that differs like this.
    mutating func change(by difference: PieceDifference) {
        let length = difference.count
        guard length <= Self.longest else { return count = 0 }
        if length > capacity { grow(to: length) }
        // What both end with, and what is copied between the differences, keep their distance from the end.
        let kept = difference.copied + difference.second.count + difference.suffix
        if length != count { memmove(bytes + (length - kept), bytes + (count - kept), kept) }
        if let start = difference.first.baseAddress { memcpy(bytes + difference.prefix, start, difference.first.count) }
        if let start = difference.second.baseAddress {
            memcpy(bytes + (length - difference.suffix - difference.second.count), start, difference.second.count)
        }
        count = length
    }

    private mutating func grow(to length: Int) {
        capacity = max(length, min(2 * capacity, Self.longest))
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
        memcpy(larger, bytes, count)
        bytes.deallocate()
        bytes = larger
    }
}
