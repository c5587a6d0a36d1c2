import Timeline
import Transport

/// Decides which request goes out when; asked on the measuring thread, and by nobody else before that has finished.
final class Dispatcher: RequestSource, @unchecked Sendable {
    // Invariant: one thread at a time, the measuring thread from start to its last report, then the one that reads it.
    private var lanes: [DispatchLane]
    private let isInterleaved: Bool
    private let retryPolicy: RetryPolicy
    private let prepare: (Departure) -> TransportRequest
    private var underWay: [Int: (lane: Int, departure: Departure)] = [:]
    private var turn = 0

    /// Creates a dispatcher; `prepare` makes a request ready to be sent, from what was encoded before the start.
    init(
        lanes: [DispatchLane], isInterleaved: Bool, retryPolicy: RetryPolicy,
        prepare: @escaping @Sendable (Departure) -> TransportRequest
    ) {
        self.lanes = lanes
        self.isInterleaved = isInterleaved
        self.retryPolicy = retryPolicy
        self.prepare = prepare
    }

    func next(at now: Instant) -> NextRequest {
        var earliest: Instant?
        var isBusy = false
        for offset in 0..<lanes.count {
            let index = isInterleaved ? (turn + offset) % lanes.count : offset
            switch lanes[index].step(at: now) {
            case .send(let departure):
                let request = prepare(departure)
                underWay[request.token] = (index, departure)
                turn = index + 1
                return .send(request)
            case .wait(let instant): earliest = min(earliest ?? instant, instant)
            case .busy: isBusy = true
            case .done: continue
            }
            // One target after the other: the next one waits until this one is done.
            if !isInterleaved { break }
        }
        if let earliest { return .wait(until: earliest) }
        return isBusy ? .waitForEnd : .finished
    }

    func transferEnded(_ transfer: EndedTransfer, at now: Instant) {
        guard let (index, departure) = underWay.removeValue(forKey: transfer.token) else { return }
        let wait = retryPolicy.wait(
            after: transfer, requestIndex: departure.request.index, attempt: departure.attempt)
        if let wait, lanes[index].retry(departure, after: wait, at: now) { return }
        lanes[index].transferEnded(at: now)
    }

    func stop() {
        for index in lanes.indices { lanes[index].stop() }
    }

    /// When each target's measured phase began and was planned to end, in the order of the targets.
    var phases: [(start: Instant?, plannedEnd: Instant?)] {
        lanes.map { ($0.measuredStart, $0.plannedEnd) }
    }
}
