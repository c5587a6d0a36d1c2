import Glibc
import Statistics
import Timeline

/// What a gate says of a change, or of one figure.
package enum GateVerdict: String, Sendable {
    /// Worse by more than the margin, beyond reasonable doubt.
    case regressed
    /// Not worse by more than the margin: the whole 95 % interval says so.
    case passed
    /// The pairs do not decide.
    case inconclusive
}

/// One figure of a gate, and what the pairs say of it.
package struct GatedFigure: Sendable, Equatable {
    package var metric: MetricDefinition
    /// The medians of both sides, or their success rates; nil without a pair.
    package var baseline: Double?
    package var candidate: Double?
    /// The pairs behind it.
    package var pairs: Int
    /// The change from baseline to candidate: a share of the baseline's, or of success the difference of the rates.
    package var change: Double?
    /// The change's 95 % interval; nil where so few pairs cannot bound it.
    package var interval: ClosedRange<Double>?
    /// The probability of such a sample were the change no more than the margin, as Holm adjusts it for the family.
    package var pValue: Double
    /// The smallest change for the worse that would have been called a regression four times in five.
    package var detectable: Double?
    package var verdict: GateVerdict
    /// Whether the whole 95 % interval says that it is better by more than the margin; a note to a pass.
    package var isImproved: Bool
    /// The share by which it may get worse.
    package var margin: Double

    package init(
        metric: MetricDefinition, baseline: Double?, candidate: Double?, pairs: Int, change: Double?,
        interval: ClosedRange<Double>?, pValue: Double, detectable: Double?, verdict: GateVerdict,
        isImproved: Bool = false, margin: Double
    ) {
        self.metric = metric
        self.baseline = baseline
        self.candidate = candidate
        self.pairs = pairs
        self.change = change
        self.interval = interval
        self.pValue = pValue
        self.detectable = detectable
        self.verdict = verdict
        self.isImproved = isImproved
        self.margin = margin
    }

    /// The change as a share of the margin's direction: positive where it is worse.
    package var isWorse: Bool { change.map { metric.isHigherBetter ? $0 < 0 : $0 > 0 } ?? false }
}

extension GatedFigure {
    /// The level of intervals, as everywhere; a regression asks for far more, for a false alarm is what makes a gate useless.
    private static let level = 0.95

    /// Estimates how a metric changed from pair to pair; the verdict on a regression waits for the whole family.
    ///
    /// The differences are logarithms of ratios, so that +25 % and -20 % weigh alike: their centre is the Hodges-Lehmann
    /// estimate, and the test is Wilcoxon's against the logarithm of 1 + margin.
    init(_ values: PairedValues, design: PairedDesign) {
        let differences = values.logRatios
        let margin = log1p(design.margin)
        let tail = design.errorRatePerFigure
        let averages = WalshAverages(differences)
        let interval = averages.interval(tail: (1 - Self.level) / 2)
        let metric = values.metric
        func change(_ worse: Double) -> Double { expm1(metric.isHigherBetter ? -worse : worse) }
        self.init(
            metric: metric, baseline: SortedSample(values.baseline).quantile(0.5),
            candidate: SortedSample(values.candidate).quantile(0.5), pairs: differences.count,
            change: averages.median.map(change),
            interval: interval.map { interval in
                let ends = [change(interval.lowerBound), change(interval.upperBound)].sorted()
                return ends[0]...ends[1]
            },
            pValue: SignedRankTest(differences, above: margin).pValue,
            detectable: interval.map {
                change(DetectableShift.shift(above: margin, interval: $0, level: Self.level, tail: tail))
            },
            verdict: interval.map { $0.upperBound <= margin ? .passed : .inconclusive } ?? .inconclusive,
            isImproved: interval.map { $0.upperBound < -margin } ?? false, margin: design.margin)
    }

    /// Estimates by how much successes became fewer.
    init(success sample: PairedSample, design: PairedDesign) {
        let failures = sample.failures
        let tail = design.errorRatePerFigure
        let metric = MetricCatalogue.success
        let total = Double(sample.pairs)
        guard sample.pairs > 0 else {
            self.init(
                metric: metric, baseline: nil, candidate: nil, pairs: 0, change: nil, interval: nil, pValue: 1,
                detectable: nil, verdict: .inconclusive, margin: design.successMargin)
            return
        }
        let worse = failures.interval(tail: (1 - Self.level) / 2)
        // Nothing that failed shows no change, however few the pairs; what they could have shown stands beside it.
        let hasNoFailure = sample.baselineComplete == sample.pairs && sample.candidateComplete == sample.pairs
        self.init(
            metric: metric, baseline: Double(sample.baselineComplete) / total,
            candidate: Double(sample.candidateComplete) / total, pairs: sample.pairs,
            change: failures.difference.map { -$0 }, interval: -worse.upperBound...(-worse.lowerBound),
            pValue: failures.pValue(above: design.successMargin),
            detectable: failures.detectable(above: design.successMargin, tail: tail).map { -$0 },
            verdict: hasNoFailure || worse.upperBound <= design.successMargin ? .passed : .inconclusive,
            isImproved: worse.upperBound < -design.successMargin, margin: design.successMargin)
    }
}
