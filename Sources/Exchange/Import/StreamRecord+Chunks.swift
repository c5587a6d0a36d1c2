import Timeline

extension StreamRecord {
    /// Starts a record of another tool's request, complete until something else is said.
    static func imported(_ index: Int, target: String, sent: Instant) -> StreamRecord {
        StreamRecord(requestIndex: index, target: target, planned: sent, dispatched: sent, sent: sent)
    }

    /// Draws content of which only the instants are known, counted from the send.
    ///
    /// Each is a read of its own; whether two came together the file does not tell.
    mutating func draw(chunks offsets: [Nanoseconds], isReasoningUntil answer: Nanoseconds? = nil) {
        guard let sent else { return }
        events = offsets.enumerated().map { index, offset in
            StreamEvent(
                index: index, readIndex: index, arrival: sent + offset, reading: sent + offset, lateBound: .zero,
                kind: answer.map { offset < $0 } ?? false ? .reasoning : .text)
        }
        readCount = events.count
    }

    /// Draws the first and the last content, where a file has no more; the gaps between them are not known.
    mutating func draw(first: Nanoseconds?, last: Nanoseconds?, answer: Nanoseconds? = nil) {
        hasEveryEvent = false
        guard let first = first ?? last else { return }
        var offsets = [first]
        if let answer, answer > first, answer < last ?? first { offsets.append(answer) }
        if let last, last > first { offsets.append(last) }
        draw(chunks: offsets, isReasoningUntil: answer)
    }

    mutating func fail(_ outcome: OutcomeClass, _ message: String) {
        // Tracebacks and pages of HTML are cut as our own messages are.
        self.outcome = StreamOutcome(outcome, message: message.isEmpty ? nil : String(message.prefix(500)))
    }
}
