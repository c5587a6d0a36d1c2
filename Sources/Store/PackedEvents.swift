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

    /// The JSON text of the events, arrivals counted from the request's planned instant.
    static func text(of events: [StreamEvent], planned: Instant) -> [UInt8] {
        let capacity = 2 + events.count * (numbersPerEvent * (IntegerWriter.longest + 1) + 2)
        return Array(unsafeUninitializedCapacity: capacity) { buffer, count in
            var writer = IntegerWriter(buffer: buffer)
            writer.append("[")
            for event in events { append(event, planned: planned, to: &writer) }
            writer.closeArray()
            count = writer.count
        }
    }

    private static func append(_ event: StreamEvent, planned: Instant, to writer: inout IntegerWriter) {
        writer.append("[")
        writer.append(event.index)
        writer.append(event.readIndex)
        // Wrapping, so that any instants at all come back as they were.
        writer.append(Int(event.arrival.nanoseconds &- planned.nanoseconds))
        writer.append(Int(event.reading.nanoseconds &- event.arrival.nanoseconds))
        writer.append(Int(event.lateBound.count))
        writer.append(code(of: event.kind))
        if let tokens = event.tokens { writer.append(tokens) } else { writer.appendNull() }
        writer.append(event.characters)
        writer.append(event.contentBytes)
        writer.append(event.wireBytes)
        writer.append(event.choice)
        writer.closeArray()
        writer.append(",")
    }

    /// Reads what `text` wrote; throws the place and what was expected there.
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

    @inline(__always)
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
        let (characters, contentBytes) = (try reader.next(), try reader.next())
        let (wireBytes, choice) = (try reader.next(), try reader.next())
        try reader.expect("]")
        return StreamEvent(
            index: index, readIndex: readIndex, arrival: Instant(nanoseconds: arrival),
            reading: Instant(nanoseconds: reading), lateBound: Nanoseconds(Int64(lateBound)), kind: kinds[code],
            tokens: tokens, characters: characters, contentBytes: contentBytes, wireBytes: wireBytes, choice: choice)
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

/// Appends integers and punctuation to memory that is known to be large enough; each number ends with a comma.
private struct IntegerWriter {
    /// The characters of the longest integer, which is the least one.
    static let longest = 20

    let buffer: UnsafeMutableBufferPointer<UInt8>
    var count = 0

    init(buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

    mutating func append(_ character: Unicode.Scalar) {
        buffer[count] = UInt8(ascii: character)
        count += 1
    }

    mutating func append(_ value: Int) {
        if value < 0 { append("-") }
        var rest = value.magnitude
        let start = count
        repeat {
            buffer[count] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            count += 1
            rest /= 10
        } while rest > 0
        var (left, right) = (start, count - 1)
        while left < right {
            buffer.swapAt(left, right)
            left += 1
            right -= 1
        }
        append(",")
    }

    mutating func appendNull() {
        for character in "null,".unicodeScalars { append(character) }
    }

    /// Ends an array, in place of the comma after its last member.
    mutating func closeArray() {
        if buffer[count - 1] == UInt8(ascii: ",") { count -= 1 }
        append("]")
    }
}
