import Timeline
import Transport

/// The order in which the requests of a comparison go out.
protocol ComparisonLane {
    mutating func step(at now: Instant) -> LaneStep
    mutating func ended(requestIndex: Int, at now: Instant)
    /// Lets nothing more go out.
    mutating func stop()
    /// When the first measured request went out; nil before that.
    var measuredStart: Instant? { get }
}

/// What a lane lets happen next.
enum LaneStep {
    case send(Departure)
    /// Something must end first.
    case busy
    case done
}

/// The order of pairs on their way out: within a place, a pair's second request follows the end of its first.
///
/// As many pairs are under way as the scenario has streams at once, and no more.
struct PairLane: ComparisonLane {
    private let concurrency: Int
    /// When no further pair begins; nil is never.
    private let deadline: Instant?
    private var upcoming: ArraySlice<[PlannedRequest]>
    /// What follows each request in flight, by its index; nil where it ends its pair.
    private var followers: [Int: PlannedRequest?] = [:]
    /// Seconds of pairs whose first has ended, and when it did.
    private var ready: [(request: PlannedRequest, since: Instant)] = []
    private var freeSince: [Instant] = []
    private(set) var measuredStart: Instant?
    private var isStopped = false

    init(pairs: [[PlannedRequest]], concurrency: Int, deadline: Instant?) {
        upcoming = pairs[...]
        self.concurrency = concurrency
        self.deadline = deadline
    }

    mutating func step(at now: Instant) -> LaneStep {
        if !ready.isEmpty {
            let (request, since) = ready.removeFirst()
            return send(request, planned: since, followedBy: nil)
        }
        let isOver = isStopped || deadline.map { now >= $0 } ?? false
        guard !isOver, let pair = upcoming.first, let first = pair.first else {
            return followers.isEmpty ? .done : .busy
        }
        if first.phase == .measured, measuredStart == nil {
            // What the warm-up left behind would be measured with the first pair.
            guard followers.isEmpty else { return .busy }
            measuredStart = now
            freeSince.removeAll()
        }
        guard followers.count < concurrency else { return .busy }
        upcoming.removeFirst()
        let planned = freeSince.isEmpty ? now : freeSince.removeFirst()
        return send(first, planned: planned, followedBy: pair.dropFirst().first)
    }

    private mutating func send(
        _ request: PlannedRequest, planned: Instant, followedBy follower: PlannedRequest?
    ) -> LaneStep {
        followers.updateValue(follower, forKey: request.index)
        return .send(Departure(request: request, planned: planned))
    }

    mutating func ended(requestIndex: Int, at now: Instant) {
        guard let follower = followers.removeValue(forKey: requestIndex) else { return }
        if let follower, !isStopped { ready.append((follower, now)) } else { freeSince.append(now) }
    }

    /// Lets nothing more go out; a pair whose second request was not sent is left without it.
    mutating func stop() {
        isStopped = true
        ready.removeAll()
    }
}

/// Fires pairs of requests; asked on the measuring thread, and by nobody else before that has finished.
final class PairDispatcher: RequestSource, @unchecked Sendable {
    // Invariant: one thread at a time, as for Dispatcher.
    private var lane: any ComparisonLane
    private let prepare: (Departure) -> TransportRequest
    private var underWay: [Int: Int] = [:]

    init(lane: any ComparisonLane, prepare: @escaping @Sendable (Departure) -> TransportRequest) {
        self.lane = lane
        self.prepare = prepare
    }

    func next(at now: Instant) -> NextRequest {
        switch lane.step(at: now) {
        case .send(let departure):
            let request = prepare(departure)
            underWay[request.token] = departure.request.index
            return .send(request)
        case .busy: return .waitForEnd
        case .done: return .finished
        }
    }

    func transferEnded(_ transfer: EndedTransfer, at now: Instant) {
        guard let index = underWay.removeValue(forKey: transfer.token) else { return }
        lane.ended(requestIndex: index, at: now)
    }

    func stop() { lane.stop() }

    /// When the first measured pair began; nil before that.
    var measuredStart: Instant? { lane.measuredStart }
}
