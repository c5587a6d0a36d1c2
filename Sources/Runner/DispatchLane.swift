import Scenarios
import Timeline
import Transport

/// One target's requests on their way out: the warm-up, then, once it has ended, what is measured.
struct DispatchLane {
    enum Step {
        case send(Departure)
        case wait(until: Instant)
        /// Something must end first.
        case busy
        case done
    }

    let load: LoadShape
    let amount: LoadAmount
    /// More requests than these, each with a connection of its own, are not in flight; the others wait their turn.
    let connectionLimit: Int
    /// Whether a stream that broke off goes on over a further connection.
    let reconnects: Bool
    private var requests: RequestLane
    private var upcoming: PlannedRequest?
    private var isExhausted = false
    private var inFlight = 0
    private var phaseStart: Instant?
    /// When places became free that nothing has taken since.
    private var freeSince: [Instant] = []
    /// The places of a closed loop that nothing has taken since its phase began.
    private var untakenPlaces = 0
    /// When the measured phase began; nil before that.
    private(set) var measuredStart: Instant?
    var retries = WaitingRetries()
    private(set) var isStopped = false
    /// Since when it may send at all; nil is always.
    var turnStart: Instant?

    /// Whether nothing is left to send or to wait for.
    var isDone: Bool { upcoming == nil && isExhausted && inFlight == 0 }

    init(
        requests: RequestLane, load: LoadShape, amount: LoadAmount, connectionLimit: Int? = nil,
        reconnects: Bool = false
    ) {
        self.requests = requests
        self.load = load
        self.amount = amount
        self.connectionLimit = connectionLimit ?? .max
        self.reconnects = reconnects
    }

    /// When the measured phase is to end; nil where a number of requests ends it.
    var plannedEnd: Instant? {
        guard case .duration(let duration) = amount else { return nil }
        return measuredStart.map { $0 + duration }
    }

    mutating func step(at now: Instant) -> Step {
        if let departure = dueRetry(at: now) { return .send(departure) }
        let step = stepThroughPlan(at: now)
        guard let earliest = retries.earliest else { return step }
        return switch step {
        case .send: step
        case .wait(let instant): .wait(until: min(instant, earliest))
        case .busy, .done: .wait(until: earliest)
        }
    }

    private mutating func stepThroughPlan(at now: Instant) -> Step {
        if upcoming == nil, !isExhausted {
            upcoming = requests.next()
            isExhausted = upcoming == nil
        }
        guard let request = upcoming else { return inFlight > 0 ? .busy : .done }
        if request.phase == .measured, measuredStart == nil {
            // What the warm-up left behind would be measured with the first requests.
            guard inFlight == 0 else { return .busy }
            measuredStart = now
            phaseStart = nil
        }
        let start = phaseStart ?? now
        if phaseStart == nil { begin(at: start) }
        return admit(request, phaseStart: start, at: now)
    }

    private mutating func begin(at start: Instant) {
        phaseStart = start
        freeSince.removeAll()
        if case .closed(let concurrency) = load { untakenPlaces = concurrency }
    }

    private mutating func admit(_ request: PlannedRequest, phaseStart: Instant, at now: Instant) -> Step {
        var planned = phaseStart
        switch load {
        case .closed(let concurrency):
            if request.phase == .measured, let plannedEnd, now >= plannedEnd {
                upcoming = nil
                isExhausted = true
                return inFlight > 0 ? .busy : .done
            }
            guard inFlight < min(concurrency, connectionLimit) else { return .busy }
            if untakenPlaces > 0 {
                untakenPlaces -= 1
            } else if !freeSince.isEmpty {
                planned = freeSince.removeFirst()
            }
            // Until its turn nothing was due.
            if let turnStart { planned = max(planned, turnStart) }
        case .open:
            planned = phaseStart + (request.due ?? .zero)
            guard planned <= now else { return .wait(until: planned) }
            guard inFlight < connectionLimit else { return .busy }
        }
        upcoming = nil
        inFlight += 1
        return .send(Departure(request: request, planned: planned))
    }

    mutating func transferEnded(at now: Instant) {
        inFlight -= 1
        if case .closed = load { freeSince.append(now) }
    }

    mutating func stop() {
        upcoming = nil
        isExhausted = true
        isStopped = true
        // What waits has nobody left to wait for.
        inFlight -= retries.count
        retries.removeAll()
    }
}
