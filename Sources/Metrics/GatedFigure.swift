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
        let worse = FailureSurplus(sample.failures, margin: design.successMargin, tail: design.errorRatePerFigure)
        let total = Double(sample.requestsEach)
        guard sample.pairs > 0, let worse else {
            self.init(
                metric: MetricCatalogue.success, baseline: nil, candidate: nil, pairs: 0, change: nil, interval: nil,
                pValue: 1, detectable: nil, verdict: .inconclusive, margin: design.successMargin)
            return
        }
        // Nothing that failed shows no change, however few the pairs; what they could have shown stands beside it.
        let hasNoFailure = min(sample.baselineComplete, sample.candidateComplete) == sample.requestsEach
        let isWithin = worse.interval.map { $0.upperBound <= design.successMargin } ?? false
        self.init(
            metric: MetricCatalogue.success, baseline: Double(sample.baselineComplete) / total,
            candidate: Double(sample.candidateComplete) / total, pairs: sample.pairs, change: -worse.difference,
            interval: worse.interval.map { -$0.upperBound...(-$0.lowerBound) }, pValue: worse.pValue,
            detectable: worse.detectable.map { -$0 }, verdict: hasNoFailure || isWithin ? .passed : .inconclusive,
            isImproved: worse.interval.map { $0.upperBound < -design.successMargin } ?? false,
            margin: design.successMargin)
    }
}

/// By how much the candidate fails more often, as a share of its requests.
private struct FailureSurplus {
    var difference: Double
    var interval: ClosedRange<Double>?
    /// Of so large a surplus where the true one is the margin.
    var pValue: Double
    var detectable: Double?

    private static let level = 0.95

    /// Nil without pairs.
    init?(_ failures: PairedSample.Failures, margin: Double, tail: Double) {
        switch failures {
        case .ofSingles(let failures):
            guard let surplus = failures.difference else { return nil }
            difference = surplus
            interval = failures.interval(tail: (1 - Self.level) / 2)
            pValue = failures.pValue(above: margin)
            detectable = failures.detectable(above: margin, tail: tail)
        case .ofBlocks(let differences):
            let averages = WalshAverages(differences)
            guard let centre = averages.median else { return nil }
            difference = centre
            interval = averages.interval(tail: (1 - Self.level) / 2)
            pValue = SignedRankTest(differences, above: margin).pValue
            // Blocks that are all alike tell nothing of how they would scatter.
            detectable = interval.flatMap { interval in
                guard interval.upperBound > interval.lowerBound else { return nil }
                return DetectableShift.shift(above: margin, interval: interval, level: Self.level, tail: tail)
            }
        }
    }
}
