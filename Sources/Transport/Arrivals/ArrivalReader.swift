import Glibc
import Timeline

/// Reads a log from its start on, each time as far as it has come; one thread uses it.
package final class ArrivalReader {
    private let log: ArrivalLog
    private var next: UnsafeRawPointer
    private var latest = LatestPiece()
    private var latestReading = Instant(nanoseconds: 0)
    /// A delivery of several pieces, put together.
    private var joined: [UInt8] = []
    private var readIndex = -1
    /// The deliveries that were read so far.
    package private(set) var count = 0

    package init(_ log: ArrivalLog) {
        self.log = log
        next = log.start
    }

    /// Calls `body` with every delivery that was published since the last call, in order, from the given position on.
    package func readOn(from position: Int = 0, _ body: (Arrival) -> Void) {
        let published = log.publishedCount
        while count < published {
            let record = ArrivalRecord(from: &next)
            if record.beginsRead { readIndex += 1 }
            let stamp = record.stamp(after: latestReading)
            latestReading = stamp.reading
            let isWanted = count >= position
            count += 1
            withBytes(of: record) { bytes in
                guard isWanted else { return }
                body(
                    Arrival(
                        bytes: bytes, readIndex: readIndex, arrival: stamp.arrival, reading: stamp.reading,
                        lateBound: stamp.lateBound))
            }
        }
    }

    private func withBytes(of record: ArrivalRecord, _ body: (UnsafeRawBufferPointer) -> Void) {
        guard record.pieceCount > 1 else { return body(nextPiece()) }
        joined.removeAll(keepingCapacity: true)
        for _ in 0..<record.pieceCount { joined.append(contentsOf: nextPiece()) }
        joined.withUnsafeBytes(body)
    }

    private func nextPiece() -> UnsafeRawBufferPointer {
        let difference = PieceDifference(from: &next)
        latest.change(by: difference)
        // One that is too long to be kept stands in the log as it was.
        return difference.count > LatestPiece.longest ? difference.first : latest.text
    }
}

extension ArrivalLog {
    /// Calls `body` with every published delivery, in order.
    package func forEachArrival(_ body: (Arrival) -> Void) { ArrivalReader(self).readOn(body) }
}
