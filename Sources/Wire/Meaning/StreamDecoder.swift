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
    private var stream: FramedBody
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
    ///   - keepsItems: Whether what stood on the wire is to be kept beside what it was decoded to.
    package init(
        dialect: any Dialect, status: Int, headers: [HeaderField], expectsStream: Bool, keepsText: Bool,
        keepsItems: Bool = false
    ) {
        self.dialect = dialect
        self.status = status
        self.headers = headers
        body = Self.body(promisedBy: headers, expected: expectsStream ? dialect.framing : nil)
        stream = FramedBody(dialect: dialect)
        reading = StreamReading(keepsText: keepsText)
        if keepsItems { reading.items = [] }
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
    /// The number of events of any kind so far.
    package var eventCount: Int { reading.events.count }

    /// The events so far from a position on.
    package func events(from position: Int) -> ArraySlice<DecodedEvent> { reading.events[position...] }

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
            stream.receive(bytes, into: &reading)
        }
    }

    /// What the stream has said so far for a client that has to come back.
    var reconnectionHints: ReconnectionHints? {
        guard case .events = framing else { return nil }
        return stream.reconnection
    }

    /// Drops the event that a break left unfinished.
    mutating func reconnectStream(_ known: KnownEvents) {
        stream.reconnect()
        reading.knownEvents = known
    }

    /// Says what the response was, now that the transfer has ended in the given way.
    package mutating func finish(_ end: TransportEnd) -> DecodedStream {
        var evidence = StreamEvidence(status: status, end: end, body: body, bytesReceived: bytesReceived)
        evidence.endsWithBody = dialect.endsWithBody
        evidence.exceededLimit = exceededLimit
        if !(200...299).contains(status) {
            if status != 0 { evidence.error = ServerError(status: status, body: gathered) }
        } else {
            switch body {
            case .events: stream.finish(into: &reading, &evidence)
            case .answer, .answerNotStreamed: finishAnswer(&evidence)
            case .unexpectedType: finishUnexpected(&evidence)
            case .encoded: break
            }
        }
        return decoded(evidence)
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
        } else if let error = ServerError(loose: value) {
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
