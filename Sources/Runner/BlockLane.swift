import Timeline

/// The order of pairs of blocks on their way out: one block at a time, so that never both targets are under load.
///
/// Within a block as many requests are in flight as the scenario has streams at once.
struct BlockLane: ComparisonLane {
    /// Requests to one target, one after the other; the first of a pair's two or the second.
    private struct Block {
        var requests: ArraySlice<PlannedRequest>
        var opensPair: Bool
    }

    private let concurrency: Int
    /// When no further pair begins; nil is never.
    private let deadline: Instant?
    private var upcoming: ArraySlice<Block>
    private var current: ArraySlice<PlannedRequest> = []
    private var inFlight: Set<Int> = []
    private var freeSince: [Instant] = []
    private(set) var measuredStart: Instant?
    private var isStopped = false

    init(pairs: [[PlannedRequest]], concurrency: Int, deadline: Instant?) {
        self.concurrency = concurrency
        self.deadline = deadline
        upcoming =
            pairs.flatMap { pair in
                [
                    Block(requests: pair[..<(pair.count / 2)], opensPair: true),
                    Block(requests: pair[(pair.count / 2)...], opensPair: false),
                ]
            }[...]
    }

    mutating func step(at now: Instant) -> LaneStep {
        if current.isEmpty {
            guard inFlight.isEmpty else { return .busy }
            guard let next = upcoming.first, !isStopped, !isTooLate(for: next, at: now) else { return .done }
            upcoming.removeFirst()
            current = next.requests
            freeSince.removeAll()
        }
        guard !isStopped else { return inFlight.isEmpty ? .done : .busy }
        guard inFlight.count < concurrency else { return .busy }
        let request = current.removeFirst()
        if request.phase == .measured, measuredStart == nil { measuredStart = now }
        inFlight.insert(request.index)
        return .send(Departure(request: request, planned: freeSince.isEmpty ? now : freeSince.removeFirst()))
    }

    private func isTooLate(for block: Block, at now: Instant) -> Bool {
        guard block.opensPair, let deadline else { return false }
        return now >= deadline
    }

    mutating func ended(requestIndex: Int, at now: Instant) {
        if inFlight.remove(requestIndex) != nil { freeSince.append(now) }
    }

    mutating func stop() { isStopped = true }
}
