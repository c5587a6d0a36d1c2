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
    /// Attempts that have ended, and of which the decoded stream must tell whether it goes on.
    private var undecided: [Int: (lane: Int, departure: Departure)] = [:]
    private var turn = 0
    /// The groups of lanes that are not to be under way together.
    private var turns: [Turns]

    /// Creates a dispatcher; `prepare` makes a request ready to be sent, from what was encoded before the start.
    init(
        lanes: [DispatchLane], isInterleaved: Bool, turns: [Turns] = [], retryPolicy: RetryPolicy,
        prepare: @escaping @Sendable (Departure) -> TransportRequest
    ) {
        self.lanes = lanes
        self.isInterleaved = isInterleaved
        self.turns = turns
        self.retryPolicy = retryPolicy
        self.prepare = prepare
    }

    func next(at now: Instant) -> NextRequest {
        // A lane without more to send hands its turn on, and then the next one is asked; once all had theirs, all are done.
        for _ in 0..<turns.reduce(0, { $0 + $1.members.count }) {
            let (next, hasHandedOn) = look(at: now)
            if !hasHandedOn { return next }
        }
        return look(at: now).next
    }

    /// One look at all lanes; whether one of them has handed its turn on meanwhile.
    private func look(at now: Instant) -> (next: NextRequest, hasHandedOn: Bool) {
        var hasHandedOn = false
        var earliest: Instant?
        var isBusy = false
        for offset in 0..<lanes.count {
            let index = isInterleaved ? (turn + offset) % lanes.count : offset
            let group = turns.firstIndex { $0.members.contains(index) }
            if let group {
                guard turns[group].allows(index) else {
                    if !lanes[index].isDone { isBusy = true }
                    continue
                }
                turns[group].begin(at: now)
                lanes[index].turnStart = turns[group].start
            }
            switch lanes[index].step(at: now) {
            case .send(let departure):
                let request = prepare(departure)
                underWay[request.token] = (index, departure)
                turn = index + 1
                if let group { turns[group].sent() }
                return (.send(request), false)
            case .wait(let instant): earliest = min(earliest ?? instant, instant)
            case .busy: isBusy = true
            case .done:
                if let group, turns[group].pass(index, at: now) { hasHandedOn = true }
                continue
            }
            // One target after the other: the next one waits until this one is done.
            if !isInterleaved { break }
        }
        if let earliest { return (.wait(until: earliest), hasHandedOn) }
        return (isBusy ? .waitForEnd : .finished, hasHandedOn)
    }

    func transferEnded(_ transfer: EndedTransfer, at now: Instant) {
        guard let (index, departure) = underWay.removeValue(forKey: transfer.token) else { return }
        if departure.lastEventID == nil {
            let wait = retryPolicy.wait(
                after: transfer, requestIndex: departure.request.index, attempt: departure.attempt)
            if let wait, lanes[index].retry(departure, after: wait, at: now) { return }
        }
        if lanes[index].reconnects {
            undecided[transfer.token] = (index, departure)
        } else {
            leave(index, at: now)
        }
    }

    func found(_ next: NextConnection?, after token: Int, at now: Instant) {
        guard let (index, departure) = undecided.removeValue(forKey: token) else { return }
        if let next, lanes[index].goOn(departure, next, at: now) { return }
        leave(index, at: now)
    }

    /// Gives a request's place to the next one.
    private func leave(_ index: Int, at now: Instant) {
        lanes[index].transferEnded(at: now)
        if let group = turns.firstIndex(where: { $0.members.contains(index) }) { turns[group].ended(at: now) }
    }

    func stop() {
        for index in lanes.indices { lanes[index].stop() }
    }

    /// When each target's measured phase began and was planned to end, in the order of the targets.
    var phases: [(start: Instant?, plannedEnd: Instant?)] {
        lanes.map { ($0.measuredStart, $0.plannedEnd) }
    }
}
