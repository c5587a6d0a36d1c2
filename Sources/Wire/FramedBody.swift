import Timeline

/// Divides a streamed body into events, as the dialect's framing has it, and lets the dialect read them.
struct FramedBody: Sendable {
    private static let errorPrefix = Array("error:".utf8)

    private let dialect: any Dialect
    // One of them is used. They are no cases of an enumeration, since those would be copied for every read.
    private var events = SSEDecoder()
    private var lines = JSONLineDecoder()

    init(dialect: any Dialect) { self.dialect = dialect }

    /// Takes the next bytes of the body.
    mutating func receive(_ bytes: UnsafeRawBufferPointer, into reading: inout StreamReading) {
        let dialect = dialect
        switch dialect.framing {
        case .serverSentEvents:
            events.receive(bytes, into: &reading) { item, reading in Self.take(item, dialect, &reading) }
        case .jsonLines:
            lines.receive(bytes, into: &reading) { event, reading in Self.take(.event(event), dialect, &reading) }
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

    /// Says what the end of the body left undecided.
    mutating func finish(into reading: inout StreamReading, _ evidence: inout StreamEvidence) {
        switch dialect.framing {
        case .serverSentEvents: finishEvents(into: &reading, &evidence)
        case .jsonLines: finishLines(into: &reading, &evidence)
        }
    }

    private func finishEvents(into reading: inout StreamReading, _ evidence: inout StreamEvidence) {
        if case .eventTooLarge(let limit) = events.failure { evidence.exceededLimit = limit }
        if events.repairedLines > 0 { reading.warn("invalid UTF-8 was replaced by U+FFFD") }
        var loose = reading.ignoredText
        if let tail = events.tail {
            evidence.hasTail = true
            if !tail.line.starts(with: SSEFields.dataPrefix) { loose += tail.line }
            evidence.sawTerminalInTail = read(tail, into: &reading)
        }
        if reading.ignoredLineCount > 0 {
            reading.warn("\(reading.ignoredLineCount) lines of the stream are no fields of server-sent events")
        }
        guard let error = Self.error(in: loose) else { return }
        reading.append(error)
    }

    /// The error in lines that are no fields: bare JSON, or a field of its own, as older llama.cpp servers have it.
    private static func error(in lines: [UInt8]) -> ServerError? {
        let isField = lines.starts(with: errorPrefix)
        guard let value = try? JSONValue(parsing: Array(lines.dropFirst(isField ? errorPrefix.count : 0))) else {
            return nil
        }
        return ServerError(in: isField ? ["error": value] : value)
    }

    /// Looks for an error or the end marker in an event that no blank line completed, and returns whether it is the end.
    ///
    /// Content in it is not counted, since the standard discards such an event.
    private func read(_ tail: SSEDecoder.Tail, into reading: inout StreamReading) -> Bool {
        guard !tail.data.isEmpty, !reading.sawTerminal else { return false }
        var trial = StreamReading(keepsText: false)
        tail.data.withUnsafeBytes { data in
            dialect.read(
                WireEvent(typeBytes: tail.typeBytes, data: data, identifier: [], wireBytes: 0), into: &trial)
        }
        if let error = trial.error { reading.append(error) }
        guard trial.sawTerminal else { return false }
        // Where the end tells the finish reason as well, both are known.
        for choice in trial.choices where choice.isFinished {
            reading.finish(choice.index, reason: choice.finishReason)
        }
        if let usage = trial.usage { reading.usage = usage }
        reading.warn("no blank line follows the end marker")
        return true
    }

    /// Reads the last line where no line end follows it: it is an event if it is whole, since its end decides nothing.
    private func finishLines(into reading: inout StreamReading, _ evidence: inout StreamEvidence) {
        evidence.exceededLimit = lines.exceededLimit
        let rest = lines.partial
        guard rest.contains(where: { !JSONLineDecoder.isBlank($0) }) else { return }
        guard (try? JSONValue(parsing: rest)) != nil else {
            evidence.hasTail = true
            return
        }
        rest.withUnsafeBytes { line in
            let event = WireEvent(typeBytes: [], data: line, identifier: [], wireBytes: line.count)
            Self.take(.event(event), dialect, &reading)
        }
        reading.warn("no line end follows the last line")
    }
}
