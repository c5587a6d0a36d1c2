import CTransport
import Glibc
import Synchronization
package import Timeline

/// One delivery of body bytes, as it was stamped.
package struct Arrival {
    /// Valid as long as the log lives.
    package var bytes: UnsafeRawBufferPointer
    /// Deliveries that came from one read share its index.
    package var readIndex: Int
    package var arrival: Instant
    package var reading: Instant
    package var lateBound: Nanoseconds
}

/// The raw bytes and instants of one transfer's response body.
///
/// The measuring thread appends; any other thread may read what was published before it looked. Blocks never move, so
/// a reader needs no lock. Appending allocates once per block, not per chunk.
package final class ArrivalLog: @unchecked Sendable {
    // Invariant: only the measuring thread writes; a reader touches entries below `published` and no others.
    private static let arrivalsPerBlock = 128
    private static let bytesPerBlock = 16 * 1024

    private var arrivalBlocks: UnsafeMutablePointer<UnsafeMutablePointer<Arrival>?>
    private var tableCapacity = 64
    private var retiredTables: [UnsafeMutablePointer<UnsafeMutablePointer<Arrival>?>] = []
    private let tableAddress: Atomic<UInt>
    private let published = Atomic<Int>(0)
    private var writtenCount = 0
    private var byteBlocks: [UnsafeMutableRawPointer] = []
    private var blockRemaining = 0
    private var blockNext: UnsafeMutableRawPointer?

    /// Body bytes so far; for the measuring thread, and for others after the transfer's end.
    package private(set) var byteCount = 0
    private var latestSequence: UInt32 = 0
    private var latestReadIndex = -1

    init() {
        arrivalBlocks = .allocate(capacity: tableCapacity)
        arrivalBlocks.initialize(repeating: nil, count: tableCapacity)
        tableAddress = Atomic(UInt(bitPattern: arrivalBlocks))
    }

    deinit {
        let blockCount = (writtenCount + Self.arrivalsPerBlock - 1) / Self.arrivalsPerBlock
        for index in 0..<blockCount { arrivalBlocks[index]?.deallocate() }
        arrivalBlocks.deallocate()
        for table in retiredTables { table.deallocate() }
        for block in byteBlocks { block.deallocate() }
    }

    /// The number of reads that delivered body bytes; for the measuring thread, and for others after the end.
    package var readCount: Int { latestReadIndex + 1 }

    /// Copies a delivery into the log; on the measuring thread.
    func append(_ source: UnsafeRawPointer, count: Int, sequence: UInt32, stamp: ArrivalStamp) {
        if sequence != latestSequence || latestReadIndex < 0 {
            latestSequence = sequence
            latestReadIndex += 1
        }
        let bytes = copy(source, count: count)
        let slot = writtenCount % Self.arrivalsPerBlock
        if slot == 0 { addArrivalBlock() }
        let block = arrivalBlocks[writtenCount / Self.arrivalsPerBlock]
        block?.advanced(by: slot).initialize(
            to: Arrival(
                bytes: bytes, readIndex: latestReadIndex, arrival: stamp.arrival, reading: stamp.reading,
                lateBound: stamp.lateBound))
        writtenCount += 1
        byteCount += count
        published.store(writtenCount, ordering: .releasing)
    }

    /// The number of deliveries that were published so far; for any thread.
    package var publishedCount: Int { published.load(ordering: .acquiring) }

    /// Calls `body` with every published delivery from position `start` on, in order, and returns the next position.
    package func forEachArrival(from start: Int = 0, _ body: (Arrival) -> Void) -> Int {
        let count = published.load(ordering: .acquiring)
        let address = tableAddress.load(ordering: .acquiring)
        guard start < count,
            let table = UnsafeMutablePointer<UnsafeMutablePointer<Arrival>?>(bitPattern: address)
        else { return start }
        for position in start..<count {
            guard let block = table[position / Self.arrivalsPerBlock] else { break }
            body(block[position % Self.arrivalsPerBlock])
        }
        return count
    }

    private func copy(_ source: UnsafeRawPointer, count: Int) -> UnsafeRawBufferPointer {
        if count > blockRemaining {
            let size = max(count, byteBlocks.isEmpty ? Self.bytesPerBlock / 4 : Self.bytesPerBlock)
            let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
            byteBlocks.append(block)
            blockNext = block
            blockRemaining = size
        }
        guard let destination = blockNext else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        memcpy(destination, source, count)
        blockNext = destination + count
        blockRemaining -= count
        return UnsafeRawBufferPointer(start: destination, count: count)
    }

    private func addArrivalBlock() {
        let index = writtenCount / Self.arrivalsPerBlock
        if index == tableCapacity { growTable() }
        arrivalBlocks[index] = .allocate(capacity: Self.arrivalsPerBlock)
    }

    // Readers may hold the old table, so it lives until the log dies.
    private func growTable() {
        let larger = UnsafeMutablePointer<UnsafeMutablePointer<Arrival>?>.allocate(capacity: tableCapacity * 4)
        larger.initialize(repeating: nil, count: tableCapacity * 4)
        larger.update(from: arrivalBlocks, count: tableCapacity)
        retiredTables.append(arrivalBlocks)
        arrivalBlocks = larger
        tableCapacity *= 4
        tableAddress.store(UInt(bitPattern: larger), ordering: .releasing)
    }
}
