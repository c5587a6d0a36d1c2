import CTransport
import Glibc
import Synchronization
package import Timeline

/// One attempt to have one request answered, from dispatch to its end.
///
/// The measuring thread owns it until it hands it over as ended; meanwhile others may look at the request and the log of
/// a transfer that was handed to them in a question, and at nothing else.
package final class Transfer: @unchecked Sendable {
    package let request: TransportRequest
    package let log = ArrivalLog()
    package let dispatched: Instant

    /// The send that was answered: the last one, where libcurl sent the request again by itself.
    package internal(set) var sent: Instant?
    package internal(set) var sendCount = 0
    package internal(set) var firstByte: Instant?
    package internal(set) var headersComplete: Instant?
    package internal(set) var closed: Instant?
    /// When it was cancelled on purpose; nil where it was not.
    package internal(set) var cancelled: Instant?
    package internal(set) var end = TransportEnd.clean
    package internal(set) var status: Int?
    package internal(set) var httpVersion: String?
    package internal(set) var connection = ConnectionPhases()
    /// The final response's header lines as received, trailers included.
    package internal(set) var headerLines: [UInt8] = []

    /// The send hook writes here, through the address alone.
    let sendStamp: UnsafeMutablePointer<ct_send_stamp>
    /// Why the loop ended the transfer itself, where it did.
    var ownEnd: TransportEnd?
    /// When progress has to be looked at next, as the reader of the log has found; nil before it was asked.
    var progressDeadline: Instant?
    var isQuestionOpen = false
    /// Whether the reader of the log was told that more has come, and has not looked since.
    private let isNoted = Atomic<Bool>(false)
    /// Whether the response came over HTTP/2, among others on its connection.
    private var sharesConnection = false
    private var latestSequence: UInt32 = 0
    private var latestReading: Instant
    /// The last reading of the read before the latest one.
    private var readingBefore: Instant
    private unowned let loop: TransferLoop

    /// More body than any answer has; a stream beyond it is cut off so that memory stays bounded.
    static let bodyLimit = 64 << 20
    static let headerLimit = 1 << 20

    init(request: TransportRequest, dispatched: Instant, loop: TransferLoop) {
        self.request = request
        self.dispatched = dispatched
        self.loop = loop
        latestReading = dispatched
        readingBefore = dispatched
        sendStamp = .allocate(capacity: 1)
        sendStamp.initialize(to: ct_send_stamp())
        sendStamp.pointee.mode = request.target.socketMode(for: loop.clock.source)
    }

    deinit { sendStamp.deallocate() }

    /// Takes over what the send hook has written; nil where nothing was sent so far.
    func updateSent() {
        guard sendStamp.pointee.count > 0 else { return }
        sent = Instant(nanoseconds: sendStamp.pointee.send_ns)
        sendCount = Int(sendStamp.pointee.count)
    }

    /// What is known of the latest read on the connection that the request went to.
    private func latestRead() -> ct_read_stamp {
        var read = sendStamp.pointee.count > 0 ? ct_latest_read(sendStamp.pointee.descriptor) : ct_read_stamp()
        // Without the hook, what libcurl delivers in one go was read in one go.
        if read.sequence == 0 { read.sequence = loop.actionCount }
        return read
    }

    /// Stamps what libcurl is delivering.
    private func stampDelivery() -> (stamp: ArrivalStamp, sequence: UInt32) {
        let read = latestRead()
        let reading = MonotonicClock.now()
        if read.sequence != latestSequence {
            latestSequence = read.sequence
            readingBefore = latestReading
        }
        latestReading = reading
        let stamp = loop.clock.stamp(read, reading: reading, previous: readingBefore)
        return (sharesConnection ? reachingBack(stamp, from: read, reading: reading) : stamp, read.sequence)
    }

    /// The stamp of bytes that an earlier read may have brought.
    ///
    /// Over HTTP/2 libcurl reads for one stream and keeps what belongs to others until their turn comes, and it may read on
    /// before that: what it delivers came with the latest read, or with one since it last held nothing back.
    private func reachingBack(_ stamp: ArrivalStamp, from latest: ct_read_stamp, reading: Instant) -> ArrivalStamp {
        let oldest = ct_oldest_read(sendStamp.pointee.descriptor)
        guard oldest.sequence != 0, oldest.sequence != latest.sequence else { return stamp }
        let first = loop.clock.stamp(oldest, reading: reading, previous: readingBefore)
        var stamp = stamp
        stamp.lateBound = max(stamp.lateBound, stamp.arrival - (first.arrival - first.lateBound))
        return stamp
    }

    /// Stamps and keeps body bytes; returns fewer than `count` to make libcurl end the transfer.
    func receiveBody(_ bytes: UnsafePointer<CChar>, count: Int) -> Int {
        guard log.byteCount + count <= Self.bodyLimit else {
            ownEnd = .tooLarge(limit: Self.bodyLimit)
            return 0
        }
        let (stamp, sequence) = stampDelivery()
        log.append(bytes, count: count, sequence: sequence, stamp: stamp)
        if request.isFollowed { tellReader() }
        return count
    }

    /// Has the reader of the log look, unless it is going to look anyway.
    private func tellReader() {
        guard !isNoted.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let stream = WatchedStream(
            transfer: self, status: status ?? 0, headers: HeaderLines(bytes: headerLines))
        loop.ended.put(.watched(stream))
    }

    /// Says that the log is going to be looked at now; for its reader, before it looks.
    package func beginLook() { isNoted.store(false, ordering: .releasing) }

    /// Keeps one header line; a new status line starts over, so that the final response's lines remain.
    func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
        guard headerLines.count + line.count <= Self.headerLimit else {
            ownEnd = .malformedHTTP(message: "more than \(Self.headerLimit) bytes of response headers")
            return 0
        }
        if line.starts(with: "HTTP/2".utf8) { sharesConnection = true }
        let stamp = stampDelivery().stamp
        if line.starts(with: "HTTP/".utf8) {
            if firstByte == nil { firstByte = stamp.arrival }
            headerLines.removeAll(keepingCapacity: true)
            headersComplete = nil
            status = Self.status(ofLine: line)
        } else if line.count <= 2, headersComplete == nil {
            if (status ?? 0) >= 200 { headersComplete = stamp.arrival }
        } else {
            headerLines.append(contentsOf: line)
        }
        return line.count
    }

    private static func status(ofLine line: UnsafeRawBufferPointer) -> Int? {
        let parts = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: true)
        return parts.count < 2 ? nil : Int(String(decoding: parts[1].prefix(3), as: UTF8.self))
    }

    /// The response's header fields, without the status line.
    package var headers: [HeaderField] { HeaderLines(bytes: headerLines).fields }
}
