import Synchronization
import Timeline
import Transport

/// The most that a run may cost: what was spent, and what requests that are under way could still cost at most.
///
/// Requests are bounded by the bytes of their bodies, since no byte is more than one token, and by the longest answer
/// that they allow. The measuring thread reserves, the thread that decodes books what it turned out to be.
final class CostBound: Sendable {
    /// Of a millionth of the currency's unit: the price of a token where a million cost one unit.
    private static let perUnit = 1_000_000_000.0

    private let limit: Int64
    private let committed = Atomic<Int64>(0)
    /// Requests whose cost nobody has told so far, and the most by which an answer has cost more than was set aside for it:
    /// each of them may turn out to do so too.
    private let unsettledCount = Atomic<Int64>(0)
    private let largestExcess = Atomic<Int64>(0)
    private let isExhausted = Atomic<Bool>(false)
    private let prices: [TokenPrice]
    private let longestAnswers: [Int]

    /// Nil where the scenario has no such bound; prices and lengths are those of its targets, in their order.
    init?(limit: Double?, prices: [TokenPrice?], longestAnswers: [Int]) {
        guard let limit else { return nil }
        self.limit = Int64((limit * Self.perUnit).rounded(.down))
        self.prices = prices.map { $0 ?? TokenPrice(input: 0, output: 0) }
        self.longestAnswers = longestAnswers
    }

    /// Whether a request was refused since it could have cost too much.
    var wasReached: Bool { isExhausted.load(ordering: .acquiring) }

    private func most(_ request: TransportRequest) -> Int64 {
        let target = request.plan.targetIndex
        let cost = prices[target].cost(input: request.body.count, cached: 0, output: longestAnswers[target])
        return Int64((cost * Self.perUnit).rounded(.up))
    }

    /// Sets aside what a request could cost; false where that is more than is left.
    func reserve(_ request: TransportRequest) -> Bool {
        let most = most(request)
        let surplus = largestExcess.load(ordering: .acquiring) * (unsettledCount.load(ordering: .acquiring) + 1)
        guard committed.load(ordering: .acquiring) + most + surplus <= limit else {
            isExhausted.store(true, ordering: .releasing)
            return false
        }
        committed.wrappingAdd(most, ordering: .acquiringAndReleasing)
        unsettledCount.wrappingAdd(1, ordering: .acquiringAndReleasing)
        return true
    }

    /// Books what an ended transfer cost in place of what it could have cost.
    ///
    /// A server that counts more than the body has bytes, as for a prompt of its own, or that exceeds the longest answer, is
    /// expected to do so again.
    func settle(_ request: TransportRequest, cost: Double) {
        let difference = Int64((cost * Self.perUnit).rounded(.up)) - most(request)
        if difference > 0 { largestExcess.max(difference, ordering: .acquiringAndReleasing) }
        committed.wrappingAdd(difference, ordering: .acquiringAndReleasing)
        unsettledCount.wrappingSubtract(1, ordering: .acquiringAndReleasing)
    }
}

/// Lets requests go out until one could cost more than is left; then nothing more is sent, and the run ends.
final class BoundedSource: RequestSource {
    private let source: any RequestSource
    private let bound: CostBound

    init(_ source: any RequestSource, bound: CostBound) {
        self.source = source
        self.bound = bound
    }

    func next(at now: Instant) -> NextRequest {
        let next = source.next(at: now)
        guard case .send(let request) = next, !bound.reserve(request) else { return next }
        source.stop()
        // It never went out: its place is free, and nothing follows it.
        source.transferEnded(EndedTransfer(token: request.token, end: .cancelled), at: now)
        source.found(nil, after: request.token, at: now)
        return source.next(at: now)
    }

    func transferEnded(_ transfer: EndedTransfer, at now: Instant) { source.transferEnded(transfer, at: now) }

    func found(_ next: NextConnection?, after token: Int, at now: Instant) {
        source.found(next, after: token, at: now)
    }

    func stop() { source.stop() }

    var wakeDescriptor: Int32? { source.wakeDescriptor }
}
