import Statistics
package import Timeline

/// What a server's own metrics say of the time after requests were cancelled on purpose.
package struct ServerActivity: Sendable, Equatable {
    /// How the server let go of one cancelled request; times are in milliseconds after the cancellation.
    package struct Release: Sendable, Equatable {
        /// From the cancellation on the run's clock.
        package var cancelled: Instant
        /// The server was certainly still at work at the lower end, and certainly was not at the upper one; nil where it
        /// was never seen to let go.
        package var freeAfter: ClosedRange<Double>?
        /// What the second gauge grew by meanwhile, to within one answer on either side; nil where other requests were
        /// under way too.
        package var tokens: Double?
    }

    package var plan: ServerMetricsPlan
    /// Answers, and questions without one.
    package var answers: Int
    package var failures: Int
    /// One of the reasons.
    package var failure: String?
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
        let pauses = zip(samples, samples.dropFirst()).map { ($1.asked - $0.asked).milliseconds }
        pace = SortedSample(pauses).quantile(0.5)
        let values = samples.compactMap(\.work)
        base = values.min()
        most = values.max()
        releases = []
        guard let base else { return }
        let spans = attempts.compactMap(RequestSpan.init)
        let cancelled = attempts.compactMap(\.record.cancellation?.instant).sorted()
        releases = cancelled.map { Self.release(after: $0, samples: samples, base: base, spans: spans) }
    }

    /// Between the middle values of the bounds of all releases; nil without a release that was seen.
    package var typicalRelease: ClosedRange<Double>? {
        let seen = releases.compactMap(\.freeAfter)
        guard let low = SortedSample(seen.map(\.lowerBound)).quantile(0.5),
            let high = SortedSample(seen.map(\.upperBound)).quantile(0.5)
        else { return nil }
        return low...max(low, high)
    }

    private static func release(
        after cancelled: Instant, samples: [ServerSample], base: Double, spans: [RequestSpan]
    ) -> Release {
        var release = Release(cancelled: cancelled, freeAfter: nil, tokens: nil)
        var busyUntil = 0.0
        var isAlone = true
        let before = samples.last { $0.answered <= cancelled && $0.tokens != nil }
        for sample in samples where sample.asked >= cancelled {
            guard let work = sample.work else { continue }
            let possible = spans.count { $0.canBeAtWork(during: sample) }
            if possible > 0 { isAlone = false }
            if work - base <= Double(spans.count { $0.isAtWork(during: sample) }) {
                let free = (sample.answered - cancelled).milliseconds
                release.freeAfter = min(busyUntil, free)...free
                if isAlone, let start = before?.tokens, let end = sample.tokens { release.tokens = end - start }
                return release
            }
            if work - base > Double(possible) { busyUntil = (sample.asked - cancelled).milliseconds }
        }
        return release
    }
}

/// When the client had a request under way.
private struct RequestSpan {
    var sent: Instant
    /// From here on the server certainly worked on it.
    var firstContent: Instant?
    var end: Instant?

    init?(_ stream: StreamMetrics) {
        guard let sent = stream.record.sent else { return nil }
        self.sent = sent
        firstContent = stream.landmarks.firstContent?.arrival
        end = stream.record.cancellation?.instant ?? stream.landmarks.lastContent?.arrival ?? stream.record.closed
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
