import Timeline
import Transport
import Wire

/// Answers whether a stream still makes progress, by decoding what has come so far: bytes alone prove none.
struct ProgressWatch {
    let timeouts: Timeouts

    enum Answer: Equatable {
        case lookAgain(at: Instant)
        case end(TransportEnd)
    }

    /// Nearly always the newest deliveries show content, and the rest need not be decoded again.
    private static let glance = 16

    func answer(_ question: ProgressQuestion, dialect: any Dialect, expectsStream: Bool, now: Instant) -> Answer {
        let count = question.transfer.log.publishedCount
        var look = Look(question, dialect: dialect, expectsStream: expectsStream, from: max(0, count - Self.glance))
        if !look.isConclusive { look = Look(question, dialect: dialect, expectsStream: expectsStream, from: 0) }
        // The stream is complete; a server that never closes cannot spoil it.
        if look.sawTerminal { return .end(.clean) }
        guard let latest = look.latestContent else {
            let deadline = question.sent + timeouts.firstToken
            return now >= deadline ? .end(.timedOut(.firstToken)) : .lookAgain(at: deadline)
        }
        let deadline = latest + timeouts.stall
        return now >= deadline ? .end(.timedOut(.stall)) : .lookAgain(at: deadline)
    }

    /// What the deliveries from some position on show; an event that began before it is not understood, and ignored.
    private struct Look {
        var sawTerminal: Bool
        /// The arrival of the latest content; nil where there is none.
        var latestContent: Instant?

        var isConclusive: Bool { sawTerminal || latestContent != nil }

        init(_ question: ProgressQuestion, dialect: any Dialect, expectsStream: Bool, from start: Int) {
            var decoder = StreamDecoder(
                dialect: dialect, status: question.status, headers: question.headers, expectsStream: expectsStream,
                keepsText: false)
            var arrivals: [Int: Instant] = [:]
            ArrivalReader(question.transfer.log).readOn(from: start) { arrival in
                decoder.receive(arrival.bytes, readIndex: arrival.readIndex)
                arrivals[arrival.readIndex] = arrivals[arrival.readIndex] ?? arrival.arrival
            }
            sawTerminal = decoder.sawTerminal
            latestContent = decoder.contentReadIndex.flatMap { arrivals[$0] }
        }
    }
}
