/// An incremental decoder of AWS's event streams: bytes in any division in, messages out.
///
/// The format is `application/vnd.amazon.eventstream`: two lengths, their CRC-32, headers, payload, and the CRC-32 of all
/// of that. Lengths are believed only once their own checksum was found right.
package struct AWSEventStreamDecoder: Sendable {
    package enum Item {
        case event(WireEvent)
        /// A message that says that the stream has failed.
        case failure(ServerError, wireBytes: Int)
        /// A message of a kind that the format does not know.
        case unknown(kind: String, wireBytes: Int)
    }

    package enum Failure: Error, Equatable, Sendable {
        case tooLarge(limit: Int)
        case malformed(String)
    }

    /// Set once the stream is broken; from then on everything is discarded.
    package private(set) var failure: Failure?
    /// The greatest number of bytes that one message may have.
    private let limit: Int
    /// The part of a message that has arrived before the current read.
    private var partial: [UInt8] = []
    /// The length of the message that `partial` begins; nil while its prelude is not whole.
    private var expected: Int?

    package init(limit: Int = 16 << 20) { self.limit = limit }

    /// Whether the stream has stopped inside a message.
    package var isInsideMessage: Bool { !partial.isEmpty }

    /// Takes the next bytes and hands every message they complete to the body, together with the state it works on.
    package mutating func receive<State>(
        _ bytes: UnsafeRawBufferPointer, into state: inout State, _ body: (Item, inout State) -> Void
    ) {
        var rest = bytes
        while failure == nil, !rest.isEmpty {
            if partial.isEmpty, rest.count >= AWSEventStreamMessage.preludeLength {
                guard let length = believed(Self.length(of: rest, limit: limit)) else { return }
                if length <= rest.count {
                    failure = Self.dispatch(UnsafeRawBufferPointer(rebasing: rest[..<length]), into: &state, body)
                    rest = UnsafeRawBufferPointer(rebasing: rest[length...])
                    continue
                }
            }
            gather(&rest, into: &state, body)
        }
        if failure != nil { partial = [] }
    }

    /// Moves what the message still lacks, or less, and hands it over where it is whole.
    private mutating func gather<State>(
        _ rest: inout UnsafeRawBufferPointer, into state: inout State, _ body: (Item, inout State) -> Void
    ) {
        let count = min(rest.count, (expected ?? AWSEventStreamMessage.preludeLength) - partial.count)
        partial.append(contentsOf: rest[..<count])
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        if expected == nil, partial.count == AWSEventStreamMessage.preludeLength {
            expected = believed(partial.withUnsafeBytes { Self.length(of: $0, limit: limit) })
        }
        guard partial.count == expected else { return }
        expected = nil
        failure = partial.withUnsafeBytes { Self.dispatch($0, into: &state, body) }
        partial.removeAll(keepingCapacity: partial.count < 1 << 16)
    }

    private mutating func believed(_ length: Result<Int, Failure>) -> Int? {
        switch length {
        case .success(let length): return length
        case .failure(let error):
            failure = error
            return nil
        }
    }

    /// The length that a whole prelude tells, where its checksum is right.
    private static func length(of bytes: UnsafeRawBufferPointer, limit: Int) -> Result<Int, Failure> {
        let sum = CRC32.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<8]))
        guard sum == AWSEventStreamMessage.word(in: bytes, at: 8) else {
            return .failure(.malformed("the checksum of a message's lengths is wrong"))
        }
        let length = Int(AWSEventStreamMessage.word(in: bytes, at: 0))
        let headers = Int(AWSEventStreamMessage.word(in: bytes, at: 4))
        guard length <= limit else { return .failure(.tooLarge(limit: limit)) }
        guard headers + AWSEventStreamMessage.overhead <= length else {
            return .failure(.malformed("the lengths of a message contradict each other"))
        }
        return .success(length)
    }

    private static func dispatch<State>(
        _ bytes: UnsafeRawBufferPointer, into state: inout State, _ body: (Item, inout State) -> Void
    ) -> Failure? {
        let message: AWSEventStreamMessage
        do { message = try AWSEventStreamMessage(bytes) } catch { return .malformed(error.reason) }
        body(item(message, wireBytes: bytes.count), &state)
        return nil
    }

    private static func item(_ message: AWSEventStreamMessage, wireBytes: Int) -> Item {
        let texts = message.texts
        switch texts[":message-type"] {
        case "event", nil:
            let type = Array((texts[":event-type"] ?? "").utf8)
            return .event(WireEvent(typeBytes: type, data: message.payload, identifier: [], wireBytes: wireBytes))
        case "exception":
            let error = ServerError(awsException: texts[":exception-type"] ?? "", data: message.payload)
            return .failure(error, wireBytes: wireBytes)
        case "error":
            let error = ServerError(awsCode: texts[":error-code"] ?? "", message: texts[":error-message"] ?? "")
            return .failure(error, wireBytes: wireBytes)
        case .some(let kind): return .unknown(kind: kind, wireBytes: wireBytes)
        }
    }
}
