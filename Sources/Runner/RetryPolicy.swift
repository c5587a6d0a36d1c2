import Timeline
import Transport
import Wire

/// Decides whether and when a failed attempt is followed by another one, as the providers' own clients do.
///
/// Tried again is what failed before any content can have come: no connection, a connection that was lost before the
/// response's head, the statuses 408, 409, 429 and 500 and above, and a timeout before the first token. `x-should-retry`
/// overrides the status. An error told inside a stream is the answer, and is not tried again.
struct RetryPolicy {
    /// The most attempts that may follow the first one.
    let limit: Int
    let seed: UInt64

    /// Longer than this nobody waits, whatever the server asks.
    static let longestWait = Nanoseconds.seconds(60)
    private static let firstBackoff = 0.5
    private static let longestBackoff = 8.0
    /// The share of a backoff that chance takes away, so that clients which failed together do not return together.
    private static let jitter = 0.25

    /// How long to wait after an attempt, counted from 1, before the next one; nil where none is to follow.
    func wait(after transfer: EndedTransfer, requestIndex: Int, attempt: Int) -> Nanoseconds? {
        guard attempt <= limit, transfer.end != .cancelled else { return nil }
        guard let status = transfer.status, status != 0 else {
            return Self.isWorthRetrying(withoutResponse: transfer.end)
                ? backoff(requestIndex: requestIndex, attempt: attempt) : nil
        }
        guard !(200...299).contains(status) else {
            return Self.isTimeoutBeforeContent(transfer) ? backoff(requestIndex: requestIndex, attempt: attempt) : nil
        }
        let limits = RateLimits(headers: transfer.headers.fields)
        guard limits?.shouldRetry ?? Self.isWorthRetrying(status: status) else { return nil }
        // What asks for no time at all would be asked again at once, and again.
        if let asked = limits?.retryAfter, asked > .zero { return min(asked, Self.longestWait) }
        return backoff(requestIndex: requestIndex, attempt: attempt)
    }

    private static func isWorthRetrying(status: Int) -> Bool {
        status == 408 || status == 409 || status == 429 || status >= 500
    }

    private static func isWorthRetrying(withoutResponse end: TransportEnd) -> Bool {
        switch end {
        case .clean, .connectFailed, .tlsFailed, .cutShort, .broken, .timedOut: true
        case .malformedHTTP, .tooLarge, .cancelled: false
        }
    }

    private static func isTimeoutBeforeContent(_ transfer: EndedTransfer) -> Bool {
        switch transfer.end {
        case .timedOut(.firstToken): true
        case .timedOut(.total): transfer.bytesReceived == 0
        default: false
        }
    }

    /// Doubles with each attempt; the same plan and seed wait equally long.
    private func backoff(requestIndex: Int, attempt: Int) -> Nanoseconds {
        var generator = SeededGenerator(seed: seed, purpose: "retry \(requestIndex) \(attempt)")
        var length = Self.firstBackoff
        for _ in 1..<attempt { length = min(2 * length, Self.longestBackoff) }
        return .seconds(length * (1 - Self.jitter * generator.unitInterval()))
    }
}
