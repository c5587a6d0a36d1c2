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
    /// Counts tokens whatever the server says; nil counts none.
    var tokenizer: BytePairTokenizer?
    /// The tokens of each prompt, by its id, where a tokenizer counts.
    var promptTokens: [String: Int] = [:]

    /// Whether events must carry their text while they are decoded.
    var needsText: Bool { keepsText || analysis.needsText || tokenizer != nil }

    /// The most of a response body that is kept.
    static let rawLimit = 16 << 20

    func record(of transfer: Transfer) -> StreamRecord {
        var stream = ReceivedStream(transfer, assembly: self)
        return record(of: &stream)
    }

    /// The record of a stream that has come to its end, over one connection or several.
    func record(of stream: inout ReceivedStream) -> StreamRecord {
        let transfer = stream.transfers[0]
        let decoded = stream.decoder.finish(stream.capture.end)
        var record = StreamRecord(
            requestIndex: transfer.request.plan.index, attempt: transfer.request.attempt, target: targetName,
            phase: transfer.request.plan.phase,
            promptID: transfer.request.plan.prompt.id, clientRequestID: transfer.request.clientRequestID,
            outputLength: settings.outputLength, planned: transfer.request.planned,
            retryWait: transfer.request.retryWait, pairIndex: transfer.request.plan.pairIndex)
        copyTransport(of: transfer, into: &record)
        record.closed = stream.closed
        record.readCount = stream.capture.reads.count
        record.bytesReceived = stream.byteCount
        record.breaks = stream.breaks
        record.take(decoded, reads: stream.capture.reads, analysis: analysis, keepsText: keepsText)
        record.warnings += stream.warnings
        // Why the rest did not come says more than how the first part ended.
        if !record.outcome.isComplete, let reason = stream.warnings.first { record.outcome.message = reason }
        if let tokenizer {
            record.counted = CountedTokens(
                input: promptTokens[record.promptID] ?? 0, output: tokenizer.count(of: decoded))
        }
        if record.outcome.outcomeClass == .cancelled {
            record.cancellation = stream.cancelled.map { Cancellation(instant: $0) }
        }
        let hasFailed = !record.outcome.isComplete && record.cancellation == nil
        if keepsRaw == .all || (keepsRaw == .failed && hasFailed) {
            record.rawBody = rawBody(of: stream)
            // What several connections brought is no one body that could be decoded again.
            record.bodyCapture = stream.breaks.isEmpty ? stream.capture : nil
        }
        return record
    }

    private func copyTransport(of transfer: Transfer, into record: inout StreamRecord) {
        record.dispatched = transfer.dispatched
        record.sent = transfer.sent
        record.firstByte = transfer.firstByte
        record.headersComplete = transfer.headersComplete
        record.connection = transfer.connection
        record.sendCount = transfer.sendCount
        record.httpStatus = transfer.status
        record.httpVersion = transfer.httpVersion
    }

    private func rawBody(of stream: ReceivedStream) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(min(stream.byteCount, Self.rawLimit))
        for transfer in stream.transfers {
            transfer.log.forEachArrival { arrival in
                body.append(contentsOf: arrival.bytes.prefix(Self.rawLimit - body.count))
            }
        }
        return body
    }
}
