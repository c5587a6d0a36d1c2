import Timeline

/// Divides a streamed body into events, as the dialect's framing has it, and lets the dialect read them.
struct FramedBody: Sendable {
    private let dialect: any Dialect
    // One of them is used. They are no cases of an enumeration, since those would be copied for every read.
    private var events = SSEDecoder()
    private var lines = JSONLineDecoder()
    private var messages = AWSEventStreamDecoder()

    init(dialect: any Dialect) { self.dialect = dialect }

    /// Takes the next bytes of the body.
    mutating func receive(_ bytes: UnsafeRawBufferPointer, into reading: inout StreamReading) {
        let dialect = dialect
        switch dialect.framing {
        case .serverSentEvents:
            events.receive(bytes, into: &reading) { item, reading in Self.take(item, dialect, &reading) }
        case .jsonLines:
            lines.receive(bytes, into: &reading) { event, reading in Self.takeText(event, dialect, &reading) }
        case .awsEventStream:
            messages.receive(bytes, into: &reading) { item, reading in Self.take(item, dialect, &reading) }
        }
    }

    private static func take(_ item: SSEDecoder.Item, _ dialect: any Dialect, _ reading: inout StreamReading) {
        let eventCount = reading.events.count
        switch item {
        case .event(let event) where reading.knownEvents?.contains(event) ?? false:
            reading.wireBytes = event.wireBytes
            reading.repeatedEventCount += 1
            reading.append(.control)
        case .event(let event): read(event, dialect, &reading)
        case .comment(let text, let wireBytes):
            reading.wireBytes = wireBytes
            reading.append(.comment, text: reading.keepsText ? String(decoding: text, as: UTF8.self) : nil)
        case .ignoredLine(let line): reading.ignore(line)
        }
        reading.keep(item, eventsFrom: eventCount)
    }

    private static let done = Array("[DONE]".utf8)

    /// Reads a server-sent event: what all APIs say alike, and what only its dialect understands.
    private static func read(_ event: WireEvent, _ dialect: any Dialect, _ reading: inout StreamReading) {
        reading.wireBytes = event.wireBytes
        if event.typeBytes.elementsEqual("error".utf8) { return reading.append(ServerError(data: event.data)) }
        guard let first = event.data.first else { return reading.append(.control) }
        if first != UInt8(ascii: "{"), isKeepAlive(event, dialect) { return reading.append(.control) }
        guard first == done[0] else { return dialect.read(event, into: &reading) }
        if event.data.starts(with: done) {
            if dialect.endsWithDone { reading.append(.terminal) } else { reading.appendSpareEnd() }
        } else if let error = ServerError(told: event.data) {
            // Nothing that an API streams is a list, but for errors.
            reading.append(error)
        } else {
            dialect.read(event, into: &reading)
        }
    }

    /// Whether an event only keeps the connection open: by a name that the API does not know, and a word that is no JSON.
    ///
    /// What opens as an object or a list is rather one of the answer's events that was damaged, and what is named after a
    /// failure is none of peace.
    private static func isKeepAlive(_ event: WireEvent, _ dialect: any Dialect) -> Bool {
        guard !event.typeBytes.isEmpty else { return false }
        let opening = event.data.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a }
        guard opening != UInt8(ascii: "{"), opening != UInt8(ascii: "["), event.type != "message" else { return false }
        let isKnown = dialect.eventNames.contains { name in
            event.typeBytes.starts(with: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        }
        return !isKnown && FinishReason.failure(event.type) == nil
    }

    private static func take(
        _ item: AWSEventStreamDecoder.Item, _ dialect: any Dialect, _ reading: inout StreamReading
    ) {
        switch item {
        case .event(let event): takeText(event, dialect, &reading)
        case .failure(let error, let wireBytes):
            reading.wireBytes = wireBytes
            reading.append(error)
        case .unknown(let kind, let wireBytes):
            reading.wireBytes = wireBytes
            reading.warn("a message of the stream is of the unknown kind '\(kind)'")
            reading.append(.control)
        }
    }

    /// Lets the dialect read an event whose framing does not care whether its data is UTF-8.
    private static func takeText(_ event: WireEvent, _ dialect: any Dialect, _ reading: inout StreamReading) {
        let eventCount = reading.events.count
        reading.wireBytes = event.wireBytes
        if event.data.isValidUTF8 {
            dialect.read(event, into: &reading)
        } else {
            reading.warn("invalid UTF-8 was replaced by U+FFFD")
            let repaired = Array(String(decoding: event.data, as: UTF8.self).utf8)
            repaired.withUnsafeBytes { data in
                var event = event
                event.data = data
                dialect.read(event, into: &reading)
            }
        }
        reading.keep(event, eventsFrom: eventCount)
    }

    /// What the stream has said so far for a client that has to come back; nil where it is no stream of server-sent events.
    var reconnection: ReconnectionHints? { dialect.framing == .serverSentEvents ? events.reconnection : nil }

    /// Begins anew on a further connection; only server-sent events can.
    mutating func reconnect() { events.reconnect() }

    /// Says what the end of the body left undecided.
    mutating func finish(into reading: inout StreamReading, _ evidence: inout StreamEvidence) {
        switch dialect.framing {
        case .serverSentEvents: finishEvents(into: &reading, &evidence)
        case .jsonLines: finishLines(into: &reading, &evidence)
        case .awsEventStream: finishMessages(into: &reading, &evidence)
        }
    }

    private func finishEvents(into reading: inout StreamReading, _ evidence: inout StreamEvidence) {
        if case .eventTooLarge(let limit) = events.failure { evidence.exceededLimit = limit }
        if events.repairedLines > 0 { reading.warn("invalid UTF-8 was replaced by U+FFFD") }
        reading.reconnection = events.reconnection
        var loose = reading.ignoredText
        if let tail = events.tail {
            evidence.hasTail = true
            reading.keepUnfinished(tail.data.isEmpty ? tail.line : tail.data)
            if !tail.line.starts(with: SSEFields.dataPrefix) { loose += tail.line }
            if dialect.endsWithBody {
                evidence.isCut = !takeLast(tail, into: &reading)
            } else {
                evidence.sawTerminalInTail = read(tail, into: &reading)
                // A comment that was cut says nothing; an event that was cut shows that the stream was.
                let isComment = tail.data.isEmpty && tail.line.first == UInt8(ascii: ":")
                evidence.isCut = !evidence.sawTerminalInTail && !isComment
            }
        }
        if reading.ignoredLineCount > 0 {
            reading.warn("\(reading.ignoredLineCount) lines of the stream are no fields of server-sent events")
            // What somebody else wrote where the end marker should stand is no end between two events.
            let isLast = reading.eventsBeforeIgnored == reading.events.count
            if isLast, reading.isFinished, !reading.sawTerminal, !evidence.sawTerminalInTail { evidence.isCut = true }
        }
        let told = LooseLines(loose)
        if let error = told.error { return reading.append(error) }
        // What a server tells in bare JSON is an error; where the body decides, one that was cut is no good end.
        if dialect.endsWithBody, told.isCut { evidence.isCut = true }
    }

    private func finishMessages(into reading: inout StreamReading, _ evidence: inout StreamEvidence) {
        if messages.isInsideMessage, reading.sawTerminal { reading.warn("bytes that are no message follow the end") }
        switch messages.failure {
        case .tooLarge(let limit): evidence.exceededLimit = limit
        case .malformed(let reason): evidence.brokenFraming = reason
        case nil: evidence.isCut = messages.isInsideMessage
        }
    }

    /// Looks for an error or the end marker in an event that no blank line completed, and returns whether it is the end.
    ///
    /// Content in it is not counted, since the standard discards such an event.
    private func read(_ tail: SSEDecoder.Tail, into reading: inout StreamReading) -> Bool {
        guard !tail.data.isEmpty else { return false }
        var trial = StreamReading(keepsText: false)
        tail.data.withUnsafeBytes { data in
            let event = WireEvent(typeBytes: tail.typeBytes, data: data, identifier: [], wireBytes: 0)
            Self.read(event, dialect, &trial)
        }
        if let error = trial.error { reading.append(error) }
        guard trial.sawTerminal, !reading.sawTerminal else { return false }
        // Where the end tells the finish reason as well, both are known.
        for choice in trial.choices where choice.isFinished {
            reading.finish(choice.index, reason: choice.finishReason)
        }
        if let usage = trial.usage { reading.take(usage) }
        reading.warn("no blank line follows the end marker")
        return true
    }

    /// Reads the last event of an API whose streams end with their body, although no blank line completed it.
    ///
    /// There the event may hold the finish, and the provider's own clients read it. False where it was cut.
    private func takeLast(_ tail: SSEDecoder.Tail, into reading: inout StreamReading) -> Bool {
        if tail.data.isEmpty { return tail.line.first == UInt8(ascii: ":") }
        guard (try? JSONValue(parsing: tail.data)) != nil else { return false }
        reading.warn("no blank line follows the last event")
        tail.data.withUnsafeBytes { data in
            let event = WireEvent(typeBytes: tail.typeBytes, data: data, identifier: [], wireBytes: data.count)
            Self.read(event, dialect, &reading)
        }
        return true
    }

    /// Reads the last line where no line end follows it: it is an event if it is whole, since its end decides nothing.
    private func finishLines(into reading: inout StreamReading, _ evidence: inout StreamEvidence) {
        evidence.exceededLimit = lines.exceededLimit
        let rest = Array(lines.rest)
        guard rest.contains(where: { !JSONLineDecoder.isBlank($0) }) else { return }
        guard (try? JSONValue(parsing: rest)) != nil else {
            evidence.hasTail = true
            reading.keepUnfinished(rest)
            return
        }
        rest.withUnsafeBytes { line in
            let event = WireEvent(typeBytes: [], data: line, identifier: [], wireBytes: line.count)
            Self.takeText(event, dialect, &reading)
        }
        reading.warn("no line end follows the last line")
    }
}
