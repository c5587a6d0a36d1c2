/// Targets in the order of one figure, the best first, each held against the best.
package struct Ranking: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        /// The position of the target among all that were ranked.
        package var target: Int
        package var value: Double
        /// The target's figure over that of the best; nil for the best itself, and where the best is 0.
        package var ratio: Double?
        /// The 95 % interval of the ratio; nil where the samples cannot bound it.
        package var interval: ClosedRange<Double>?

        /// Whether the whole interval lies on one side of 1; nil where there is no interval.
        package var isApart: Bool? { interval.map { !$0.contains(1) } }

        package init(target: Int, value: Double, ratio: Double?, interval: ClosedRange<Double>?) {
            self.target = target
            self.value = value
            self.ratio = ratio
            self.interval = interval
        }
    }

    package var metric: MetricDefinition
    package var statistic: Statistic
    package var entries: [Entry]

    package init(metric: MetricDefinition, statistic: Statistic, entries: [Entry]) {
        self.metric = metric
        self.statistic = statistic
        self.entries = entries
    }

    /// Ranks samples by a figure; nil where none of them has a value.
    package init?(_ samples: [TargetSample], by name: String, _ statistic: Statistic) {
        guard let metric = MetricCatalogue.named(name) else { return nil }
        struct Figure {
            var target: Int
            var value: Double
        }
        let sign: Double = metric.isHigherBetter ? -1 : 1
        let figures = samples.enumerated().compactMap { index, sample -> Figure? in
            // A figure that the page does not print decides no order.
            guard let estimate = sample.summary(of: metric)[statistic],
                estimate.interval != nil || estimate.countNeeded == nil
            else { return nil }
            return sample.figure(of: metric, statistic).map { Figure(target: index, value: $0) }
        }
        let ordered = figures.sorted { (sign * $0.value, $0.target) < (sign * $1.value, $1.target) }
        guard let best = ordered.first else { return nil }
        let entries = ordered.enumerated().map { place, candidate in
            guard place > 0 else { return Entry(target: best.target, value: best.value, ratio: nil, interval: nil) }
            let figure = TargetComparison.figures(
                of: metric, [statistic], baseline: samples[best.target], candidate: samples[candidate.target]
            ).first
            return Entry(
                target: candidate.target, value: candidate.value, ratio: figure?.ratio, interval: figure?.interval)
        }
        self.init(metric: metric, statistic: statistic, entries: entries)
    }
}
