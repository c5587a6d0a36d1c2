import CTransport
import Glibc
import Synchronization
package import Timeline

/// One delivery of body bytes, as it was stamped.
package struct Arrival {
    /// Valid until the call that was handed them returns.
    package var bytes: UnsafeRawBufferPointer
    /// Deliveries that came from one read share its index.
    package var readIndex: Int
    package var arrival: Instant
    package var reading: Instant
    package var lateBound: Nanoseconds
}

/// The raw bytes and instants of one transfer's response body, each chunk told from the one before it.
///
/// The measuring thread appends; any other thread may read what was published before it looked (`ArrivalReader`). Blocks
/// never move, so a reader needs no lock. Appending allocates once per block, not per chunk.
package final class ArrivalLog: @unchecked Sendable {
    // Invariant: only the measuring thread writes; a reader touches entries below `published` and no others.
    private static let firstBlock = 2 * 1024
    private static let furtherBlock = 4 * 1024
    /// More pieces of one delivery are told as one.
    private static let pieceLimit = 64

    /// Where the entries begin; for any thread.
    let start: UnsafeRawPointer
    private let published = Atomic<Int>(0)
    private var writtenCount = 0
    private var blocks: [UnsafeMutableRawPointer] = []
    private var next: UnsafeMutableRawPointer
    /// Bytes of the block from `next` on, without those that its end needs.
    private var remaining: Int
    private var latest = LatestPiece()
    private var latestReading = Instant(nanoseconds: 0)

    /// Body bytes so far; for the measuring thread, and for others after the transfer's end.
    package private(set) var byteCount = 0
    private var latestSequence: UInt32 = 0
    private var latestReadIndex = -1

    init() {
        next = .allocate(byteCount: Self.firstBlock, alignment: 8)
        remaining = Self.firstBlock - ArrivalRecord.largestSize
        start = UnsafeRawPointer(next)
        blocks.append(next)
    }

    deinit { for block in blocks { block.deallocate() } }

    /// The number of reads that delivered body bytes; for the measuring thread, and for others after the end.
    package var readCount: Int { latestReadIndex + 1 }

    /// The number of deliveries that were published so far; for any thread.
    package var publishedCount: Int { published.load(ordering: .acquiring) }

    /// Keeps a delivery; on the measuring thread.
    func append(_ source: UnsafeRawPointer, count: Int, sequence: UInt32, stamp: ArrivalStamp) {
        guard count > 0 else { return }
        let beginsRead = sequence != latestSequence || latestReadIndex < 0
        if beginsRead {
            latestSequence = sequence
            latestReadIndex += 1
        }
        let delivery = UnsafeRawBufferPointer(start: source, count: count)
        // One chunk of the stream nearly always; where several came at once each is told from the one before.
        let isOne =
            count > LatestPiece.longest * Self.pieceLimit || (latest.count > 0 && count < latest.count * 3 / 2 + 32)
        let limit = isOne ? 1 : min(Self.pieceLimit, count / 64 + 1)
        var record = ArrivalRecord(stamp, after: latestReading, beginsRead: beginsRead)
        latestReading = stamp.reading
        reserve(record.size + limit * PieceDifference.largestSize(ofPiece: 0) + count)
        let head = next
        next += record.size
        record.pieceCount = appendPieces(delivery, limit: limit)
        record.write(to: head)
        remaining -= next - head
        writtenCount += 1
        byteCount += count
        published.store(writtenCount, ordering: .releasing)
    }

    private func appendPieces(_ delivery: UnsafeRawBufferPointer, limit: Int) -> Int {
        var rest = delivery
        var count = 0
        while let start = rest.baseAddress, !rest.isEmpty {
            count += 1
            // Server-sent events end with a blank line; what has none is one piece.
            let length = count == limit ? rest.count : ct_piece_length(start, rest.count)
            appendPiece(UnsafeRawBufferPointer(rebasing: rest[..<length]))
            rest = UnsafeRawBufferPointer(rebasing: rest[length...])
        }
        return count
    }

    private func appendPiece(_ piece: UnsafeRawBufferPointer) {
        let difference = latest.difference(to: piece)
        latest.change(by: difference)
        next += difference.write(to: next)
    }

    /// Goes on in a new block where the current one has no room for so many bytes.
    private func reserve(_ size: Int) {
        guard remaining < size else { return }
        let capacity = max(Self.furtherBlock, size + ArrivalRecord.largestSize)
        let block = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
        ArrivalRecord.writeEnd(to: next, next: block)
        blocks.append(block)
        next = block
        remaining = capacity - ArrivalRecord.largestSize
    }
}
