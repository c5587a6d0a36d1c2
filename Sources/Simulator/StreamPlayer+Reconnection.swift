import Timeline

/// The last event that a client has of an answer that broke off, as the ids of events tell: `12-7` is event 7 of answer 12.
struct ResumedPlace {
    var ordinal: Int
    var event: Int

    /// Reads a `Last-Event-ID`; nil where it is none of ours.
    init?(_ identifier: String?) {
        let parts = (identifier ?? "").split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let ordinal = parts[0], let event = parts[1], ordinal > 0, event >= 0 else {
            return nil
        }
        self.ordinal = ordinal
        self.event = event
    }
}

/// What server-sent events have for clients that must come back.
extension StreamPlayer {
    /// The line that sets the pause before coming back; empty where the script has none, or the API no place for it.
    func reconnectionTime() -> [UInt8] {
        guard let pause = script.reconnectAfter, interface.framing.isServerSentEvents else { return [] }
        return encoder.encode(Array("retry: \(pause.count / 1_000_000)\n\n".utf8))
    }

    /// The bytes of an event behind a line with its id, where the script wants that.
    func identified(_ bytes: [UInt8]) -> [UInt8] {
        guard script.sendsEventIDs, interface.framing.isServerSentEvents, !bytes.isEmpty else { return bytes }
        eventNumber += 1
        return Array("id: \(answerOrdinal)-\(eventNumber)\n".utf8) + bytes
    }

    /// Passes over what the client has: the answer goes on with the event behind the given one, a gap from now.
    func skip(to event: Int, at now: Instant) {
        _ = writer.opening()
        while eventNumber < event, let next = content.next() {
            let isHidden = next.kind == .reasoning && script.hidesReasoning
            if !isHidden, !writer.content(next).isEmpty { eventNumber += 1 }
        }
        schedule.goOn(at: now, tokens: content.nextTokens)
    }
}
