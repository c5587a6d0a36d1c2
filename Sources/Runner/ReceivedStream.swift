import Timeline
import Transport
import Wire

/// What came of one request's stream: over one connection, or over further ones where it broke off and went on.
struct ReceivedStream {
    /// The connections that brought some of the stream, in order.
    private(set) var transfers: [Transfer]
    var decoder: StreamDecoder
    /// The reads of all connections, one after the other.
    private(set) var capture: BodyCapture
    private(set) var byteCount = 0
    private(set) var closed: Instant?
    private(set) var cancelled: Instant?
    private(set) var breaks: [StreamBreak] = []
    private(set) var warnings: [String] = []

    /// A stream that breaks more often is given up.
    static let connectionLimit = 5
    /// The pause before coming back of a server that names none, as Chromium has it.
    private static let usualWait = Nanoseconds.seconds(3)
    private static let longestWait = Nanoseconds.seconds(60)

    /// Decodes what the first connection brought.
    init(_ transfer: Transfer, assembly: StreamAssembly) {
        transfers = [transfer]
        decoder = StreamDecoder(
            dialect: assembly.dialect, status: transfer.status ?? 0, headers: transfer.headers,
            expectsStream: assembly.settings.stream, keepsText: assembly.needsText)
        capture = BodyCapture(
            reads: [], end: transfer.end, expectsStream: assembly.settings.stream, keepsText: assembly.keepsText)
        capture.reads.reserveCapacity(transfer.log.readCount)
        read(transfer)
    }

    private mutating func read(_ transfer: Transfer) {
        let before = capture.reads.count
        transfer.log.forEachArrival { arrival in
            let index = before + arrival.readIndex
            decoder.receive(arrival.bytes, readIndex: index)
            byteCount += arrival.bytes.count
            // Deliveries of one read share its stamp; the last one was handed over last.
            let read = BodyCapture.Read(
                end: byteCount, arrival: arrival.arrival, reading: arrival.reading, lateBound: arrival.lateBound)
            if index < capture.reads.count { capture.reads[index] = read } else { capture.reads.append(read) }
        }
        capture.end = transfer.end
        closed = transfer.closed
        cancelled = transfer.cancelled
    }

    /// How the stream is to go on after its latest connection; nil where it is at its end, good or bad.
    var next: NextConnection? {
        guard breaks.count < Self.connectionLimit, warnings.isEmpty, cancelled == nil,
            let hints = decoder.resumption(after: capture.end), let identifier = hints.lastEventID
        else { return nil }
        return NextConnection(
            lastEventID: identifier, wait: min(hints.retry ?? Self.usualWait, Self.longestWait),
            begun: transfers[0].sent ?? transfers[0].dispatched)
    }

    /// Notes that the stream is asked for again; what comes then is told by `goOn`.
    mutating func breakOff(before next: NextConnection) {
        breaks.append(StreamBreak(lastEventID: next.lastEventID, broken: closed ?? transfers[0].dispatched))
    }

    /// Takes what a further connection brought, if that is the rest of the stream.
    mutating func goOn(_ transfer: Transfer, assembly: StreamAssembly) {
        guard var latest = breaks.popLast() else { return }
        latest.sent = transfer.sent
        latest.status = transfer.status
        defer { breaks.append(latest) }
        cancelled = transfer.cancelled
        // Nothing that a server could have sent: it is asked again, until it has been asked too often.
        guard let status = transfer.status else { return closed = transfer.closed }
        guard status == 200 else {
            // The standard lets 204 and all else but 200 end it for good.
            return warnings.append("the stream broke off, and HTTP \(status) came in place of its rest")
        }
        guard !beginsAnew(transfer, assembly) else {
            return warnings.append("the stream broke off, and the server began anew in place of going on: not taken")
        }
        guard isEventStream(transfer) else {
            return warnings.append("the stream broke off, and what came in place of its rest is no event stream")
        }
        latest.resumed = transfer.headersComplete
        let before = decoder.repeatedEventCount
        decoder.reconnect(after: knownEvents)
        transfers.append(transfer)
        read(transfer)
        latest.repeated = decoder.repeatedEventCount - before
    }

    /// Its decoder, ready for what a further connection brings.
    var resumedDecoder: StreamDecoder {
        var decoder = decoder
        decoder.reconnect(after: knownEvents)
        return decoder
    }

    private func isEventStream(_ transfer: Transfer) -> Bool {
        let type = transfer.headers.last { $0.name.lowercased() == "content-type" }?.value ?? ""
        return type.lowercased().hasPrefix("text/event-stream")
    }

    /// The events of the connections so far that bear an id.
    private var knownEvents: KnownEvents {
        var known = KnownEvents()
        for transfer in transfers {
            known.addConnection { take in transfer.log.forEachArrival { take($0.bytes) } }
        }
        return known
    }

    /// Whether a further connection brings another answer: with another id than the answer that broke off.
    private func beginsAnew(_ transfer: Transfer, _ assembly: StreamAssembly) -> Bool {
        var trial = StreamDecoder(
            dialect: assembly.dialect, status: transfer.status ?? 0, headers: transfer.headers, expectsStream: true,
            keepsText: false)
        transfer.log.forEachArrival { trial.receive($0.bytes, readIndex: $0.readIndex) }
        guard let known = decoder.responseID, let told = trial.responseID else { return false }
        return known != told
    }
}
