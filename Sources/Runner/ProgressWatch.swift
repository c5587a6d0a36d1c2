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

    func answer(_ question: ProgressQuestion, dialect: any Dialect, expectsStream: Bool, now: Instant) -> Answer {
        var decoder = StreamDecoder(
            dialect: dialect, status: question.status, headers: question.headers, expectsStream: expectsStream,
            keepsText: false)
        var arrivals: [Instant] = []
        _ = question.transfer.log.forEachArrival { arrival in
            decoder.receive(arrival.bytes, readIndex: arrival.readIndex)
            if arrival.readIndex == arrivals.count { arrivals.append(arrival.arrival) }
        }
        // The stream is complete; a server that never closes cannot spoil it.
        if decoder.sawTerminal { return .end(.clean) }
        guard let read = decoder.contentReadIndex, arrivals.indices.contains(read) else {
            let deadline = question.sent + timeouts.firstToken
            return now >= deadline ? .end(.timedOut(.firstToken)) : .lookAgain(at: deadline)
        }
        let deadline = arrivals[read] + timeouts.stall
        return now >= deadline ? .end(.timedOut(.stall)) : .lookAgain(at: deadline)
    }
}
