import Timeline

/// The events of one request as one JSON text: an array with one array of integers per event.
///
/// Rows, not columns, since then `json_each` alone unpacks them in time proportional to their number. Written and read
/// by hand: a run has millions of them.
struct PackedEvents {
    /// The kinds by their codes; released databases hold the codes, so the order never changes.
    static let kinds: [StreamEvent.Kind] = [
        .text, .reasoning, .tool, .refusal, .control, .terminal, .error, .comment,
    ]

    private static let numbersPerEvent = 11

    /// Writes the events into the buffer, arrivals counted from the request's planned instant.
    static func write(_ events: [StreamEvent], planned: Instant, into buffer: inout [UInt8]) {
        var writer = IntegerWriter(buffer: buffer)
        buffer = []
        writer.append("[")
        for (position, event) in events.enumerated() {
            writer.append(position == 0 ? "[" : ",[")
            writer.append(event.index)
            writer.append(",", event.readIndex)
            // Wrapping, so that any instants at all come back as they were.
            writer.append(",", Int(event.arrival.nanoseconds &- planned.nanoseconds))
            writer.append(",", Int(event.reading.nanoseconds &- event.arrival.nanoseconds))
            writer.append(",", Int(event.lateBound.count))
            writer.append(",", code(of: event.kind))
            if let tokens = event.tokens { writer.append(",", tokens) } else { writer.append(",null") }
            writer.append(",", event.characters)
            writer.append(",", event.contentBytes)
            writer.append(",", event.wireBytes)
            writer.append(",", event.choice)
            writer.append("]")
        }
        writer.append("]")
        buffer = writer.buffer
    }

    /// Reads what `write` wrote; throws the place and what was expected there.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, planned: Instant) throws(MalformedEvents) -> [StreamEvent] {
        var reader = IntegerReader(bytes: bytes)
        var events: [StreamEvent] = []
        // About 40 bytes an event; a guess, for the array grows where it is too small.
        events.reserveCapacity(bytes.count / 40)
        try reader.expect("[")
        if reader.skip("]") { return events }
        repeat { events.append(try event(&reader, planned: planned)) } while reader.skip(",")
        try reader.expect("]")
        return events
    }

    private static func event(
        _ reader: inout IntegerReader, planned: Instant
    ) throws(MalformedEvents) -> StreamEvent {
        try reader.expect("[")
        let index = try reader.integer()
        let readIndex = try reader.next()
        let arrival = planned.nanoseconds &+ Int64(try reader.next())
        let reading = arrival &+ Int64(try reader.next())
        let lateBound = try reader.next()
        let code = try reader.next()
        guard kinds.indices.contains(code) else { throw reader.failure("a kind from 0 to \(kinds.count - 1)") }
        try reader.expect(",")
        let tokens = try reader.optionalInteger()
        let event = StreamEvent(
            index: index, readIndex: readIndex, arrival: Instant(nanoseconds: arrival),
            reading: Instant(nanoseconds: reading), lateBound: Nanoseconds(Int64(lateBound)), kind: kinds[code],
            tokens: tokens, characters: try reader.next(), contentBytes: try reader.next(),
            wireBytes: try reader.next(), choice: try reader.next())
        try reader.expect("]")
        return event
    }

    private static func code(of kind: StreamEvent.Kind) -> Int {
        switch kind {
        case .text: 0
        case .reasoning: 1
        case .tool: 2
        case .refusal: 3
        case .control: 4
        case .terminal: 5
        case .error: 6
        case .comment: 7
        }
    }
}

/// A packed text that `PackedEvents` did not write, with the place.
struct MalformedEvents: Error, Equatable {
    /// Bytes from the start of the text.
    var offset: Int
    var expectation: String

    var description: String { "byte \(offset): expected \(expectation)" }
}

/// Appends integers and punctuation to a byte buffer.
private struct IntegerWriter {
    var buffer: [UInt8]

    mutating func append(_ text: StaticString) {
        buffer.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ separator: StaticString, _ value: Int) {
        append(separator)
        append(value)
    }

    mutating func append(_ value: Int) {
        if value < 0 { buffer.append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        let start = buffer.count
        repeat {
            buffer.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        buffer[start...].reverse()
    }
}

/// Reads integers and punctuation, and nothing else, from bytes.
private struct IntegerReader {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    func failure(_ expectation: String) -> MalformedEvents {
        MalformedEvents(offset: position, expectation: expectation)
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws(MalformedEvents) {
        guard skip(character) else { throw failure("'\(character)'") }
    }

    /// Reads a comma and an integer.
    mutating func next() throws(MalformedEvents) -> Int {
        try expect(",")
        return try integer()
    }

    mutating func optionalInteger() throws(MalformedEvents) -> Int? {
        guard skip("n") else { return try integer() }
        for character in "ull".unicodeScalars { try expect(character) }
        return nil
    }

    mutating func integer() throws(MalformedEvents) -> Int {
        let isNegative = skip("-")
        let start = position
        var value = 0
        while position < bytes.count, bytes[position] >= 0x30, bytes[position] <= 0x39 {
            let digit = Int(bytes[position] - 0x30)
            // Counted downwards for negative numbers, since the least integer has no positive counterpart.
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowAgain) = product.addingReportingOverflow(isNegative ? -digit : digit)
            guard !overflow, !overflowAgain else { throw failure("an integer of 64 bits") }
            value = sum
            position += 1
        }
        guard position > start else { throw failure("an integer") }
        return value
    }
}
