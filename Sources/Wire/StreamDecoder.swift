package import Timeline

/// Decodes one response, read by read, and says at its end what it was.
///
/// It keeps no clock: each event carries the index of the read that completed it.
package struct StreamDecoder: Sendable {
    /// How much of a body that is no stream is kept for its message.
    private static let excerptLimit = 64 << 10
    private static let answerLimit = 16 << 20

    private enum Framing {
        case events
        /// The body is gathered up to a limit.
        case gathered(limit: Int)
        /// The body means nothing, since it is encoded.
        case discarded
    }

    private let dialect: any Dialect
    let headers: [HeaderField]
    private let body: StreamEvidence.Body
    private let status: Int
    private let framing: Framing
    private var sse = SSEDecoder()
    private(set) var reading: StreamReading
    private var gathered: [UInt8] = []
    private var bytesReceived = 0
    private var exceededLimit: Int?

    /// Creates a decoder for a response of the given status and headers.
    ///
    /// - Parameters:
    ///   - dialect: The API that the request was made by.
    ///   - status: The HTTP status; 0 where no response came.
    ///   - headers: The final response headers.
    ///   - expectsStream: Whether the request asked for a stream.
    ///   - keepsText: Whether events are to carry their text.
    package init(dialect: any Dialect, status: Int, headers: [HeaderField], expectsStream: Bool, keepsText: Bool) {
        self.dialect = dialect
        self.status = status
        self.headers = headers
        body = Self.body(promisedBy: headers, expectsStream: expectsStream)
        reading = StreamReading(keepsText: keepsText)
        if (200...299).contains(status) {
            switch body {
            case .events: framing = .events
            case .answer: framing = .gathered(limit: Self.answerLimit)
            case .answerNotStreamed: framing = .gathered(limit: Self.answerLimit)
            case .unexpectedType: framing = .gathered(limit: Self.excerptLimit)
            case .encoded: framing = .discarded
            }
        } else {
            framing = .gathered(limit: Self.excerptLimit)
        }
    }

    /// The read that completed the latest content event so far; nil before the first.
    package var contentReadIndex: Int? { reading.contentReadIndex }
    package var contentEventCount: Int { reading.contentEventCount }
    package var sawTerminal: Bool { reading.sawTerminal }

    /// Takes the bytes of one read of the body, or of a part of it; indices must not decrease.
    package mutating func receive(_ bytes: UnsafeRawBufferPointer, readIndex: Int) {
        guard !bytes.isEmpty else { return }
        bytesReceived += bytes.count
        reading.readIndex = readIndex
        switch framing {
        case .discarded: break
        case .gathered(let limit):
            gathered.append(contentsOf: bytes.prefix(limit - gathered.count))
            if bytesReceived > limit, body == .answer || body == .answerNotStreamed { exceededLimit = limit }
        case .events:
            let dialect = dialect
            sse.receive(bytes, into: &reading) { item, reading in Self.take(item, dialect, &reading) }
        }
    }

    private static func take(_ item: SSEDecoder.Item, _ dialect: any Dialect, _ reading: inout StreamReading) {
        switch item {
        case .event(let event):
            reading.wireBytes = event.wireBytes
            dialect.read(event, into: &reading)
        case .comment(let text, let wireBytes):
            reading.wireBytes = wireBytes
            reading.append(.comment, text: reading.keepsText ? String(decoding: text, as: UTF8.self) : nil)
        case .ignoredLine(let line): reading.ignore(line)
        }
    }

    /// Says what the response was, now that the transfer has ended in the given way.
    package mutating func finish(_ end: TransportEnd) -> DecodedStream {
        var evidence = StreamEvidence(status: status, end: end, body: body, bytesReceived: bytesReceived)
        evidence.exceededLimit = exceededLimit
        if !(200...299).contains(status) {
            if status != 0 { evidence.error = ServerError(status: status, body: gathered) }
        } else {
            switch body {
            case .events: finishEvents(&evidence)
            case .answer, .answerNotStreamed: finishAnswer(&evidence)
            case .unexpectedType: finishUnexpected(&evidence)
            case .encoded: break
            }
        }
        return decoded(evidence)
    }

    private mutating func finishEvents(_ evidence: inout StreamEvidence) {
        if case .eventTooLarge(let limit) = sse.failure { evidence.exceededLimit = limit }
        if sse.repairedLines > 0 { reading.warn("invalid UTF-8 was replaced by U+FFFD") }
        var loose = reading.ignoredText
        if let tail = sse.tail {
            evidence.hasTail = true
            if !tail.line.starts(with: SSEFields.dataPrefix) { loose += tail.line }
            evidence.sawTerminalInTail = readTail(tail)
        }
        if reading.ignoredLineCount > 0 {
            reading.warn("\(reading.ignoredLineCount) lines of the stream are no fields of server-sent events")
        }
        guard let value = try? JSONValue(parsing: loose), let error = ServerError(in: value) else { return }
        reading.append(error)
    }

    /// Looks for an error or the end marker in an event that no blank line completed, and returns whether it is the end.
    ///
    /// Content in it is not counted, since the standard discards such an event.
    private mutating func readTail(_ tail: SSEDecoder.Tail) -> Bool {
        guard !tail.data.isEmpty, !sawTerminal else { return false }
        var trial = StreamReading(keepsText: false)
        tail.data.withUnsafeBytes { data in
            let event = SSEDecoder.Event(typeBytes: tail.typeBytes, data: data, identifier: [], wireBytes: 0)
            dialect.read(event, into: &trial)
        }
        if let error = trial.error { reading.append(error) }
        guard trial.sawTerminal else { return false }
        reading.warn("no blank line follows the end marker")
        return true
    }

    private mutating func finishAnswer(_ evidence: inout StreamEvidence) {
        guard !gathered.isEmpty else { return }
        guard let value = try? JSONValue(parsing: gathered) else {
            evidence.isWhole = false
            evidence.excerpt = ServerError.shortened(excerpt)
            return
        }
        reading.wireBytes = bytesReceived
        if body == .answer {
            dialect.read(answer: value, into: &reading)
        } else if let error = ServerError(in: value) {
            reading.append(error)
        }
    }

    private mutating func finishUnexpected(_ evidence: inout StreamEvidence) {
        evidence.excerpt = excerpt
        guard let value = try? JSONValue(parsing: gathered), let error = ServerError(in: value) else { return }
        reading.append(error)
    }

    /// The start of a body that is no stream, on one line.
    private var excerpt: String {
        String(decoding: gathered.prefix(512), as: UTF8.self).split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
    }
}
