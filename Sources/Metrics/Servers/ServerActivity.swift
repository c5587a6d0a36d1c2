import Statistics
package import Timeline

/// What a server's own metrics say of the time after requests were cancelled on purpose.
package struct ServerActivity: Sendable, Equatable {
    /// How the server let go of one cancelled request; times are in milliseconds after the cancellation.
    package struct Release: Sendable, Equatable {
        /// From the cancellation on the run's clock.
        package var cancelled: Instant
        /// Whether the first gauge is known to have counted the request while it was at work: without that, nothing follows
        /// from its being low afterwards.
        package var wasShown: Bool
        /// The server was certainly still at work at the lower end, and certainly was not at the upper one; nil where it
        /// was never seen to let go.
        package var freeAfter: ClosedRange<Double>?
        /// What the second gauge grew by meanwhile: at least since the first answer after the cancellation, at most since the
        /// last one before it; nil where other work may have its share.
        package var tokens: ClosedRange<Double>?
        /// Whether the server may have been at work for another request that was left meanwhile: then the range of
        /// `freeAfter` is as wide as that makes it.
        package var hasOverlap = false
    }

    package var plan: ServerMetricsPlan
    /// Answers, and questions without one.
    package var answers: Int
    package var failures: Int
    /// One of the reasons.
    package var failure: String?
    /// The gauges that no answer had as a number, where there were answers.
    package var missing: [String]
    /// The median time between two questions, in milliseconds; nil for fewer than two.
    package var pace: Double?
    /// The least and the greatest value of the first gauge.
    package var base: Double?
    package var most: Double?
    /// In the order of the cancellations.
    package var releases: [Release]

    /// Holds samples, in their order, against the attempts of all targets.
    init(plan: ServerMetricsPlan, samples: [ServerSample], attempts: [StreamMetrics]) {
        self.plan = plan
        answers = samples.count { $0.failure == nil }
        failures = samples.count - answers
        failure = samples.lazy.compactMap(\.failure).first
        let hasAnswers = answers > 0
        missing = plan.gauges.indices.filter { index in
            hasAnswers && !samples.contains { $0.values.indices.contains(index) && $0.values[index] != nil }
        }.map { plan.gauges[$0] }
        let pauses = zip(samples, samples.dropFirst()).map { ($1.asked - $0.asked).milliseconds }
        pace = SortedSample(pauses).quantile(0.5)
        let values = samples.compactMap(\.work)
        base = values.min()
        most = values.max()
        releases = []
        guard let base else { return }
        let watch = ReleaseWatch(samples: samples, base: base, spans: attempts.compactMap(RequestSpan.init))
        releases = watch.spans.filter(\.isCancelled).sorted { $0.end ?? $0.sent < $1.end ?? $1.sent }
            .compactMap(watch.release)
    }

    /// Between the middle values of the bounds of all releases; nil without a release that was seen.
    package var typicalRelease: ClosedRange<Double>? {
        let seen = releases.compactMap(\.freeAfter)
        guard let low = SortedSample(seen.map(\.lowerBound)).quantile(0.5),
            let high = SortedSample(seen.map(\.upperBound)).quantile(0.5)
        else { return nil }
        return low...max(low, high)
    }
}

/// Finds when a server let go of requests.
private struct ReleaseWatch {
    let samples: [ServerSample]
    let base: Double
    let spans: [RequestSpan]
    /// Whether the gauge was as high as the client's requests demand in nearly all answers that met some at work.
    private let followsRequests: Bool
    /// For each sample, when the latest one before it was asked that met no work for requests that had been left.
    private let clearedBefore: [Instant?]

    private static let followingShare = 0.9

    init(samples: [ServerSample], base: Double, spans: [RequestSpan]) {
        self.samples = samples
        self.base = base
        self.spans = spans
        let met = samples.compactMap { sample -> Bool? in
            let atWork = spans.count { $0.isAtWork(during: sample) }
            guard let work = sample.work, atWork > 0 else { return nil }
            return work - base >= Double(atWork)
        }
        var cleared: Instant?
        clearedBefore = samples.map { sample in
            defer {
                if let work = sample.work, work - base <= Double(spans.count { $0.isAtWork(during: sample) }) {
                    cleared = sample.asked
                }
            }
            return cleared
        }
        followsRequests = !met.isEmpty && Double(met.count { $0 }) >= Self.followingShare * Double(met.count)
    }

    func release(of span: RequestSpan) -> ServerActivity.Release? {
        guard let cancelled = span.end else { return nil }
        var release = ServerActivity.Release(
            cancelled: cancelled, wasShown: wasShown(span), freeAfter: nil, tokens: nil)
        var busyUntil = 0.0
        // Where something else is always at work, it may make tokens.
        var isAlone = base == 0
        for (index, sample) in samples.enumerated() where sample.asked >= cancelled {
            guard let work = sample.work else { continue }
            let underWay = spans.count { $0.canBeAtWork(during: sample) }
            let left = spans.count { $0.mayBeLeft(during: sample, clearedBefore: clearedBefore[index]) }
            // One of them is the request itself.
            let possible = underWay + max(0, left - 1)
            if left > 1 { release.hasOverlap = true }
            if possible > 0 || work - base > Double(possible + 1) { isAlone = false }
            if work - base <= Double(spans.count { $0.isAtWork(during: sample) }) {
                // A gauge that never knew of the request says nothing of when it was let go.
                guard release.wasShown else { return release }
                let free = (sample.answered - cancelled).milliseconds
                release.freeAfter = min(busyUntil, free)...free
                if isAlone { release.tokens = growth(from: cancelled, to: sample) }
                return release
            }
            if work - base > Double(possible) {
                busyUntil = (sample.asked - cancelled).milliseconds
                release.wasShown = true
            }
        }
        return release
    }

    /// What the second gauge grew by from an instant to a sample.
    private func growth(from start: Instant, to last: ServerSample) -> ClosedRange<Double>? {
        guard let before = samples.last(where: { $0.answered <= start && $0.tokens != nil })?.tokens,
            let after = samples.first(where: { $0.asked >= start && $0.tokens != nil })?.tokens, let end = last.tokens
        else { return nil }
        let most = max(0, end - before)
        return min(most, max(0, end - after))...most
    }

    /// Whether the last answer that met the request at work counted it; where none met it, whether the others were counted.
    private func wasShown(_ span: RequestSpan) -> Bool {
        guard let sample = samples.last(where: { span.isAtWork(during: $0) && $0.work != nil }), let work = sample.work
        else { return followsRequests }
        return work - base >= Double(spans.count { $0.isAtWork(during: sample) })
    }
}

/// When the client had a request under way.
private struct RequestSpan {
    var sent: Instant
    /// From here on the server certainly worked on it.
    var firstContent: Instant?
    var end: Instant?
    let isCancelled: Bool
    /// Whether the client left it: the server may go on.
    private let wasLeft: Bool

    init?(_ stream: StreamMetrics) {
        guard let sent = stream.record.sent else { return nil }
        self.sent = sent
        isCancelled = stream.record.cancellation != nil
        wasLeft = isCancelled || !stream.isComplete
        firstContent = stream.landmarks.firstContent?.arrival
        end = stream.record.cancellation?.instant ?? stream.landmarks.lastContent?.arrival ?? stream.record.closed
    }

    /// Whether the server may still be at work for it though the client has left; whoever left before a sample that met no
    /// such work is let go of.
    func mayBeLeft(during sample: ServerSample, clearedBefore cleared: Instant?) -> Bool {
        guard wasLeft, let end, end <= sample.answered else { return false }
        return cleared.map { end > $0 } ?? true
    }

    func canBeAtWork(during sample: ServerSample) -> Bool {
        sent <= sample.answered && (end.map { $0 >= sample.asked } ?? true)
    }

    func isAtWork(during sample: ServerSample) -> Bool {
        guard let firstContent else { return false }
        return firstContent <= sample.asked && (end.map { $0 >= sample.answered } ?? true)
    }
}

extension ServerSample {
    /// How many requests the server works on.
    fileprivate var work: Double? { values.first ?? nil }

    fileprivate var tokens: Double? { values.count > 1 ? values[1] : nil }
}
