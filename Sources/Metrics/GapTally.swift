import Statistics

/// What the gaps between a stream's reads say of how evenly it came.
///
/// Counted once, when the stream's metrics are made: most figures of evenness need all gaps of every stream.
struct GapTally: Sendable {
    let count: Int
    /// What gaps took beyond `StreamMetrics.stutterThreshold`, in milliseconds.
    let stutter: Double
    /// Gaps up to `StreamMetrics.flowThreshold`.
    let flowing: Int
    /// Gaps below `StreamMetrics.burstThreshold`.
    let soon: Int
    let stalls: Int
    /// What stalls took beyond the limit that makes them stalls, in milliseconds.
    let stallTime: Double

    init(_ gaps: [ContentGap]) {
        count = gaps.count
        stutter = gaps.reduce(0) { $0 + max(0, $1.length - StreamMetrics.stutterThreshold) }
        flowing = gaps.count { $0.length <= StreamMetrics.flowThreshold }
        soon = gaps.count { $0.length < StreamMetrics.burstThreshold }
        // The limit is never below the threshold: where no gap passes that, the median need not be found.
        guard gaps.contains(where: { $0.length > StreamMetrics.stallThreshold }), let limit = Self.stallLimit(gaps)
        else {
            (stalls, stallTime) = (0, 0)
            return
        }
        stalls = gaps.count { $0.length > limit }
        stallTime = gaps.reduce(0) { $0 + max(0, $1.length - limit) }
    }

    /// A gap is a stall beyond this, in milliseconds; nil without a gap.
    static func stallLimit(_ gaps: [ContentGap]) -> Double? {
        SortedSample(gaps.map(\.length)).quantile(0.5).map {
            max(StreamMetrics.stallThreshold, StreamMetrics.stallFactor * $0)
        }
    }
}
