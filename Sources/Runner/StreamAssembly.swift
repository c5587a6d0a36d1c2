import Scenarios
import Timeline
import Transport
import Wire

/// Makes a record of an ended transfer.
struct StreamAssembly {
    let dialect: any Dialect
    let targetName: String
    let settings: RequestSettings
    let keepsText: Bool
    let keepsRaw: Scenario.RawStorage
    var analysis = AnswerAnalysis()

    /// The most of a response body that is kept.
    static let rawLimit = 16 << 20

    func record(of transfer: Transfer) -> StreamRecord {
        var decoder = StreamDecoder(
            dialect: dialect, status: transfer.status ?? 0, headers: transfer.headers,
            expectsStream: settings.stream, keepsText: keepsText || analysis.needsText)
        var capture = BodyCapture(
            reads: [], end: transfer.end, expectsStream: settings.stream, keepsText: keepsText)
        capture.reads.reserveCapacity(transfer.log.readCount)
        var byteCount = 0
        _ = transfer.log.forEachArrival { arrival in
            decoder.receive(arrival.bytes, readIndex: arrival.readIndex)
            byteCount += arrival.bytes.count
            // Deliveries of one read share its stamp; the last one was handed over last.
            let read = BodyCapture.Read(arrival, end: byteCount)
            if arrival.readIndex < capture.reads.count {
                capture.reads[arrival.readIndex] = read
            } else {
                capture.reads.append(read)
            }
        }
        let decoded = decoder.finish(transfer.end)
        var record = StreamRecord(
            requestIndex: transfer.request.plan.index, attempt: transfer.request.attempt, target: targetName,
            phase: transfer.request.plan.phase,
            promptID: transfer.request.plan.prompt.id, clientRequestID: transfer.request.clientRequestID,
            outputLength: settings.outputLength, planned: transfer.request.planned,
            retryWait: transfer.request.retryWait, pairIndex: transfer.request.plan.pairIndex)
        copyTransport(of: transfer, into: &record)
        record.take(decoded, reads: capture.reads, analysis: analysis, keepsText: keepsText)
        if record.outcome.outcomeClass == .cancelled {
            record.cancellation = transfer.cancelled.map { Cancellation(instant: $0) }
        }
        let hasFailed = !record.outcome.isComplete && record.cancellation == nil
        if keepsRaw == .all || (keepsRaw == .failed && hasFailed) {
            record.rawBody = rawBody(of: transfer)
            record.bodyCapture = capture
        }
        return record
    }

    private func copyTransport(of transfer: Transfer, into record: inout StreamRecord) {
        record.dispatched = transfer.dispatched
        record.sent = transfer.sent
        record.firstByte = transfer.firstByte
        record.headersComplete = transfer.headersComplete
        record.closed = transfer.closed
        record.connection = transfer.connection
        record.sendCount = transfer.sendCount
        record.httpStatus = transfer.status
        record.httpVersion = transfer.httpVersion
        record.readCount = transfer.log.readCount
        record.bytesReceived = transfer.log.byteCount
    }

    private func rawBody(of transfer: Transfer) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(min(transfer.log.byteCount, Self.rawLimit))
        _ = transfer.log.forEachArrival { arrival in
            body.append(contentsOf: arrival.bytes.prefix(Self.rawLimit - body.count))
        }
        return body
    }
}

extension BodyCapture.Read {
    fileprivate init(_ arrival: Arrival, end: Int) {
        self.init(end: end, arrival: arrival.arrival, reading: arrival.reading, lateBound: arrival.lateBound)
    }
}
