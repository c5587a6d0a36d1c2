import Scenarios
import Timeline
import Transport
import Wire

/// Makes a record of an ended transfer: each event gets the instants of the read that completed it.
struct StreamAssembly {
    let dialect: any Dialect
    let targetName: String
    let settings: RequestSettings
    let keepsText: Bool
    let keepsRaw: Scenario.RawStorage

    /// The most of a response body that is kept.
    static let rawLimit = 16 << 20

    func record(of transfer: Transfer) -> StreamRecord {
        var decoder = StreamDecoder(
            dialect: dialect, status: transfer.status ?? 0, headers: transfer.headers,
            expectsStream: settings.stream, keepsText: keepsText)
        var reads: [ReadStamp] = []
        reads.reserveCapacity(transfer.log.readCount)
        _ = transfer.log.forEachArrival { arrival in
            decoder.receive(arrival.bytes, readIndex: arrival.readIndex)
            // Deliveries of one read share its stamp; the last one was handed over last.
            let stamp = ReadStamp(arrival)
            if arrival.readIndex < reads.count { reads[arrival.readIndex] = stamp } else { reads.append(stamp) }
        }
        let decoded = decoder.finish(transfer.end)
        var record = StreamRecord(
            requestIndex: transfer.request.plan.index, attempt: transfer.request.attempt, target: targetName,
            phase: transfer.request.plan.phase,
            promptID: transfer.request.plan.prompt.id, clientRequestID: transfer.request.clientRequestID,
            outputLength: settings.outputLength, planned: transfer.request.planned,
            retryWait: transfer.request.retryWait)
        copyTransport(of: transfer, into: &record)
        copyMeaning(of: decoded, reads: ReadStamp.numbered(reads), into: &record)
        if keepsRaw == .all || (keepsRaw == .failed && !record.outcome.isComplete) {
            record.rawBody = rawBody(of: transfer)
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

    private func copyMeaning(of decoded: DecodedStream, reads: [ReadStamp], into record: inout StreamRecord) {
        record.events = decoded.events.enumerated().compactMap { index, event in
            guard reads.indices.contains(event.readIndex) else { return nil }
            let stamp = reads[event.readIndex]
            return StreamEvent(
                index: index, readIndex: stamp.number, arrival: stamp.arrival, reading: stamp.reading,
                lateBound: stamp.lateBound, kind: event.kind, tokens: event.tokens, characters: event.characters,
                contentBytes: event.contentBytes, wireBytes: event.wireBytes, choice: event.choice, text: event.text)
        }
        if let terminal = decoded.terminalEvent, record.events.indices.contains(terminal) {
            record.terminal = record.events[terminal].arrival
        }
        record.responseHeaders = decoded.keptHeaders
        record.rateLimits = decoded.rateLimits
        record.finishReason = decoded.finishReason
        record.usage = decoded.usage
        record.servedModel = decoded.servedModel
        record.systemFingerprint = decoded.systemFingerprint
        record.upstreamProvider = decoded.upstreamProvider
        record.responseID = decoded.responseID
        record.serverTimings = decoded.serverTimings
        record.outcome = decoded.outcome
        record.warnings = decoded.warnings
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
