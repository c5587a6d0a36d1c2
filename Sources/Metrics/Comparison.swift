import Statistics

/// One figure of two targets, side by side.
package struct ComparedFigure: Sendable, Equatable {
    package var metric: MetricDefinition
    package var statistic: Statistic
    package var baseline: Double?
    package var candidate: Double?
    /// Candidate over baseline; nil where either is missing or the baseline is 0.
    package var ratio: Double?
    /// The 95 % interval of the ratio; nil where the samples cannot bound it.
    package var interval: ClosedRange<Double>?
    /// How the interval was made, such as `bootstrap B=2000 seed=1`.
    package var method: String

    /// Whether the whole interval lies on one side of 1; nil without one.
    package var isApart: Bool? { interval.map { !$0.contains(1) } }

    /// The interval with the noise of both runs in it, where a run differs from itself by so large a share.
    package func interval(noise: Double) -> ClosedRange<Double>? {
        guard let ratio, let interval else { return nil }
        return RunToRunNoise.widened(interval, around: ratio, noise: noise)
    }

    package init(
        metric: MetricDefinition, statistic: Statistic, baseline: Double?, candidate: Double?, ratio: Double?,
        interval: ClosedRange<Double>?, method: String
    ) {
        self.metric = metric
        self.statistic = statistic
        self.baseline = baseline
        self.candidate = candidate
        self.ratio = ratio
        self.interval = interval
        self.method = method
    }
}

/// A target held against a baseline: differences with intervals, and no verdict, for two runs cannot give one.
package struct TargetComparison: Sendable, Equatable {
    /// The label of the target that the others are held against.
    package var baseline: String
    package var candidate: String
    package var figures: [ComparedFigure]

    package init(baseline: String, candidate: String, figures: [ComparedFigure]) {
        self.baseline = baseline
        self.candidate = candidate
        self.figures = figures
    }
}
