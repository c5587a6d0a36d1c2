import Timeline

/// How a stored body came, as one JSON object; instants count from the request's planned one.
enum PackedCapture {
    static func value(of capture: BodyCapture, planned: Instant) -> JSONValue {
        let reads = capture.reads.map { read -> JSONValue in
            // Wrapping, so that any instants at all come back as they were.
            [
                .integer(read.end), .integer(Int(read.arrival.nanoseconds &- planned.nanoseconds)),
                .integer(Int(read.reading.nanoseconds &- read.arrival.nanoseconds)),
                .integer(Int(read.lateBound.count)),
            ]
        }
        let (end, detail) = packed(capture.end)
        return [
            "end": .string(end), "detail": detail, "stream": .bool(capture.expectsStream),
            "text": .bool(capture.keepsText), "reads": .array(reads),
        ]
    }

    /// Reads what `value` wrote; nil where it was not written by it.
    static func capture(from value: JSONValue, planned: Instant) -> BodyCapture? {
        guard let end = end(value["end"]?.stringValue, value["detail"] ?? .null),
            case .bool(let expectsStream)? = value["stream"], case .bool(let keepsText)? = value["text"],
            let packedReads = value["reads"]?.arrayValue
        else { return nil }
        let reads = packedReads.compactMap { read(from: $0, planned: planned) }
        guard reads.count == packedReads.count else { return nil }
        return BodyCapture(reads: reads, end: end, expectsStream: expectsStream, keepsText: keepsText)
    }

    private static func read(from value: JSONValue, planned: Instant) -> BodyCapture.Read? {
        let numbers = value.arrayValue?.compactMap(\.integerValue) ?? []
        guard numbers.count == 4 else { return nil }
        let arrival = planned.nanoseconds &+ Int64(numbers[1])
        return BodyCapture.Read(
            end: numbers[0], arrival: Instant(nanoseconds: arrival),
            reading: Instant(nanoseconds: arrival &+ Int64(numbers[2])), lateBound: Nanoseconds(Int64(numbers[3])))
    }

    private static func packed(_ end: TransportEnd) -> (name: String, detail: JSONValue) {
        switch end {
        case .clean: ("clean", .null)
        case .connectFailed(let message): ("connect_failed", .string(message))
        case .tlsFailed(let message): ("tls_failed", .string(message))
        case .cutShort(let message): ("cut_short", .string(message))
        case .malformedHTTP(let message): ("malformed_http", .string(message))
        case .broken(let message): ("broken", .string(message))
        case .tooLarge(let limit): ("too_large", .integer(limit))
        case .timedOut(let kind): ("timed_out", .string(kind.rawValue))
        case .cancelled: ("cancelled", .null)
        }
    }

    private static func end(_ name: String?, _ detail: JSONValue) -> TransportEnd? {
        let message = detail.stringValue
        return switch name {
        case "clean": .clean
        case "connect_failed": message.map { .connectFailed(message: $0) }
        case "tls_failed": message.map { .tlsFailed(message: $0) }
        case "cut_short": message.map { .cutShort(message: $0) }
        case "malformed_http": message.map { .malformedHTTP(message: $0) }
        case "broken": message.map { .broken(message: $0) }
        case "too_large": detail.integerValue.map { .tooLarge(limit: $0) }
        case "timed_out": message.flatMap(TransportEnd.TimeoutKind.init).map { .timedOut($0) }
        case "cancelled": .cancelled
        default: nil
        }
    }
}
