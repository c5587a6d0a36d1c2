import Timeline
import Transport

/// A request on its way out: the first attempt at it, or a further one.
struct Departure {
    var request: PlannedRequest
    /// When the request was due; its retries keep it.
    var planned: Instant
    /// Counts from 1.
    var attempt = 1
    /// The pause before a further attempt.
    var retryWait: RetryWait?
    /// Where the stream of the attempt before is to go on; nil where the request begins anew.
    var lastEventID: String?
    /// When the request whose stream is to go on was sent the first time; nil where it begins anew.
    var begun: Instant?
}

/// Attempts that wait for their turn; each keeps its request's place among those in flight.
struct WaitingRetries {
    /// The earliest last.
    private var departures: [(due: Instant, departure: Departure)] = []

    var count: Int { departures.count }
    var earliest: Instant? { departures.last?.due }

    mutating func add(_ departure: Departure, due: Instant) {
        let position = departures.firstIndex { $0.due <= due } ?? departures.count
        departures.insert((due, departure), at: position)
    }

    mutating func popDue(at now: Instant) -> Departure? {
        guard let last = departures.last, last.due <= now else { return nil }
        return departures.removeLast().departure
    }

    mutating func removeAll() { departures.removeAll() }
}

extension DispatchLane {
    /// Plans a further attempt, for which the request keeps its place; false where the run ends before it could begin.
    mutating func retry(_ departure: Departure, after wait: Nanoseconds, at now: Instant) -> Bool {
        let due = now + wait
        guard !isStopped, !isOver(departure.request, at: due) else { return false }
        var next = departure
        next.attempt += 1
        next.retryWait = RetryWait(length: wait, due: due)
        retries.add(next, due: due)
        return true
    }

    /// Plans a further connection for a stream that broke off; false where the run ends before it could begin.
    mutating func goOn(_ departure: Departure, _ next: NextConnection, at now: Instant) -> Bool {
        var departure = departure
        departure.lastEventID = next.lastEventID
        departure.begun = next.begun
        return retry(departure, after: next.wait, at: now)
    }

    /// The retry that is due; those that have come too late give up their places.
    mutating func dueRetry(at now: Instant) -> Departure? {
        while let departure = retries.popDue(at: now) {
            if !isOver(departure.request, at: now) { return departure }
            transferEnded(at: now)
        }
        return nil
    }

    /// Whether nothing more may be sent for the request, since the time of its phase is over.
    private func isOver(_ request: PlannedRequest, at instant: Instant) -> Bool {
        request.phase == .measured && plannedEnd.map { instant >= $0 } ?? false
    }
}
