import Statistics
package import Timeline

/// What a relay or a proxy does to streams, from answers to the same prompts with and without it.
package struct RelayEffect: Sendable, Equatable {
    package enum Verdict: String, Sendable, CaseIterable {
        case passesThrough = "passes_through"
        case coalesces
        case buffers = "buffers_whole_answers"
        case compresses
        case cannotSay = "cannot_say"
    }

    /// The name of the target that is reached without the relay.
    package var direct: String
    package var verdict: Verdict
    /// The pairs of answers.
    package var pairs: Int
    /// Those of them that could be judged, and how many of them came in each way.
    package var judged: Int
    package var passedThrough: Int
    package var coalesced: Int
    package var buffered: Int
    package var compressed: Int
    /// Content events per read, without the relay and with it; nil without a stream.
    package var directEventsPerRead: Double?
    package var relayedEventsPerRead: Double?
    /// The medians of the share of an answer's tokens that came in its last 5 ms.
    package var directEndShare: Double?
    package var relayedEndShare: Double?
    /// What the answers that came through the relay say of it: `Server`, `Via`, `Content-Encoding`, `X-Accel-Buffering`.
    package var headers: [HeaderField]

    /// Fewer pairs than this bound no median, and show nothing of a relay.
    package static let pairsNeeded = OrderStatisticRanks.countNeeded(quantile: 0.5)

    /// What the relayed answers came as, where most of them did: the whole 95 % interval of its share is above a half.
    ///
    /// Answers that were held until their end, or compressed, are also such as were not passed through.
    private static func verdict(_ passages: [RelayPassage]) -> Verdict {
        func isMost(_ kinds: RelayPassage...) -> Bool {
            let share = Proportion(successes: passages.count { kinds.contains($0) }, of: passages.count)
            return share.interval().map { $0.lowerBound > 0.5 } ?? false
        }
        guard passages.count >= pairsNeeded else { return .cannotSay }
        if isMost(.passedThrough) { return .passesThrough }
        if isMost(.buffered) { return .buffers }
        if isMost(.compressed) { return .compresses }
        return isMost(.coalesced, .buffered) ? .coalesces : .cannotSay
    }

    /// Sums up pairs of attempts: of the direct target and, with the same prompt, of the relayed one.
    init(direct: String, pairs: [(direct: StreamMetrics, relayed: StreamMetrics)]) {
        self.direct = direct
        self.pairs = pairs.count
        let passages = pairs.compactMap { RelayPassage.judge(direct: $0.direct, relayed: $0.relayed) }
        verdict = Self.verdict(passages)
        judged = passages.count
        passedThrough = passages.count { $0 == .passedThrough }
        coalesced = passages.count { $0 == .coalesced }
        buffered = passages.count { $0 == .buffered }
        compressed = passages.count { $0 == .compressed }
        let complete = pairs.filter { $0.direct.isComplete && $0.relayed.isComplete }
        directEventsPerRead = Self.eventsPerRead(complete.map(\.direct))
        relayedEventsPerRead = Self.eventsPerRead(complete.map(\.relayed))
        directEndShare = SortedSample(complete.map { $0.direct.share(within: 5) }).quantile(0.5)
        relayedEndShare = SortedSample(complete.map { $0.relayed.share(within: 5) }).quantile(0.5)
        headers = pairs.last.map { Self.telling($0.relayed.record.responseHeaders) } ?? []
    }

    private static func eventsPerRead(_ streams: [StreamMetrics]) -> Double? {
        let reads = streams.reduce(0) { $0 + $1.reads.count }
        return reads == 0 ? nil : Double(streams.reduce(0) { $0 + $1.landmarks.contentCount }) / Double(reads)
    }

    private static func telling(_ headers: [HeaderField]) -> [HeaderField] {
        headers.filter { ["server", "via", "content-encoding", "x-accel-buffering"].contains($0.name.lowercased()) }
    }
}
