import Timeline
import Transport

/// What requests may cost at most, and the purse that pays for them.
///
/// Requests are bounded by the bytes of their bodies, since no byte is more than one token, and by the longest answer
/// that they allow.
struct CostBound: Sendable {
    let purse: CostPurse
    private let prices: [TokenPrice]
    private let longestAnswers: [Int]

    /// Prices and lengths are those of the scenario's targets, in their order.
    init(purse: CostPurse, prices: [TokenPrice?], longestAnswers: [Int]) {
        self.purse = purse
        self.prices = prices.map { $0 ?? TokenPrice(input: 0, output: 0) }
        self.longestAnswers = longestAnswers
    }

    /// What a request to the target at the given place could cost whose body has so many bytes.
    func most(bytes: Int, target: Int) -> Double {
        // All of it may come from the cache, which need not be cheaper.
        max(
            prices[target].cost(input: bytes, cached: 0, output: longestAnswers[target]),
            prices[target].cost(input: bytes, cached: bytes, output: longestAnswers[target]))
    }

    private func most(_ request: TransportRequest) -> Double {
        most(bytes: request.body.count, target: request.plan.targetIndex)
    }

    func reserve(_ request: TransportRequest) -> Bool { purse.reserve(most(request)) }

    func settle(_ request: TransportRequest, cost: Double) { purse.settle(most(request), cost: cost) }
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
