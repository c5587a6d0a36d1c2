import Glibc
package import Statistics
import Timeline

/// The two values of a metric in every pair that has both.
package struct PairedValues: Sendable, Equatable {
    package var metric: MetricDefinition
    package var baseline: [Double]
    package var candidate: [Double]

    package init(metric: MetricDefinition, baseline: [Double], candidate: [Double]) {
        self.metric = metric
        self.baseline = baseline
        self.candidate = candidate
    }

    /// The logarithm of how many times worse the candidate was, pair by pair.
    var logRatios: [Double] {
        zip(baseline, candidate).map { baseline, candidate in
            metric.isHigherBetter ? log(baseline / candidate) : log(candidate / baseline)
        }
    }
}

/// What pairs of requests showed, ready to be judged.
package struct PairedSample: Sendable, Equatable {
    /// All pairs, whatever their outcomes.
    package var pairs: Int
    package var values: [PairedValues]
    package var failures: Failures
    /// The requests of each side, and those that are complete.
    package var requestsEach: Int
    package var baselineComplete: Int
    package var candidateComplete: Int

    /// By how much one side failed more often, with the pair as the unit.
    package enum Failures: Sendable, Equatable {
        case ofSingles(PairedFailures)
        /// For each pair of blocks the share of the candidate's requests that failed, less that of the baseline's.
        case ofBlocks([Double])
    }

    package init(
        pairs: Int, values: [PairedValues], failures: Failures, requestsEach: Int, baselineComplete: Int,
        candidateComplete: Int
    ) {
        self.pairs = pairs
        self.values = values
        self.failures = failures
        self.requestsEach = requestsEach
        self.baselineComplete = baselineComplete
        self.candidateComplete = candidateComplete
    }
}

/// One pair: the same prompts to both targets, one right after the other.
package struct AttemptPair: Sendable {
    package var index: Int
    /// One attempt each, or a block of as many.
    package var baseline: [StreamMetrics]
    package var candidate: [StreamMetrics]

    /// Puts the measured attempts of both targets together, in the order of the plan; what is not whole is left out.
    package static func pairs(baseline: TargetSample, candidate: TargetSample, of size: Int) -> [AttemptPair] {
        let partners = candidate.byPair
        return baseline.byPair.compactMap { index, attempts in
            guard let others = partners[index], attempts.count == size, others.count == size else { return nil }
            return AttemptPair(index: index, baseline: attempts, candidate: others)
        }.sorted { $0.index < $1.index }
    }

    /// Whether at least half of each side's requests came to their end.
    fileprivate var isComplete: Bool {
        [baseline, candidate].allSatisfy { side in 2 * side.count(where: \.isComplete) >= side.count }
    }

    /// The medians of both sides' complete requests; nil where one has none above 0.
    fileprivate func medians(of metric: MetricDefinition) -> (Double, Double)? {
        func median(_ side: [StreamMetrics]) -> Double? {
            let values = side.filter { $0.isComplete && $0.decides(metric.name) }
                .compactMap { $0.value(of: metric.name) }.filter { $0 > 0 }
            return SortedSample(values).quantile(0.5)
        }
        guard let baseline = median(baseline), let candidate = median(candidate) else { return nil }
        return (baseline, candidate)
    }

    fileprivate var failureDifference: Double {
        Double(baseline.count(where: \.isComplete) - candidate.count(where: \.isComplete)) / Double(baseline.count)
    }
}

extension StreamMetrics {
    /// Whether a value of a metric is one to decide by, and not the estimate of tokens that nobody counted.
    fileprivate func decides(_ metric: String) -> Bool {
        !tokens.areEstimated || !MetricCatalogue.perToken.contains(metric)
    }
}

extension TargetSample {
    fileprivate var byPair: [Int: [StreamMetrics]] {
        Dictionary(grouping: measured.filter { $0.record.pairIndex != nil }) { $0.record.pairIndex ?? 0 }
    }
}

extension PairedSample {
    /// Takes the values of metrics out of pairs: the request's own, or the median of a block's.
    ///
    /// A pair in which a request failed, or half of a block, enters the success rates alone: the time of half an answer
    /// is no latency.
    package init(_ pairs: some Collection<AttemptPair>, metrics: [MetricDefinition], requestsPerBlock: Int) {
        let complete = pairs.filter(\.isComplete)
        self.init(
            pairs: pairs.count,
            values: metrics.map { metric in
                let both = complete.compactMap { $0.medians(of: metric) }
                return PairedValues(metric: metric, baseline: both.map(\.0), candidate: both.map(\.1))
            },
            failures: requestsPerBlock > 1
                ? .ofBlocks(pairs.map(\.failureDifference)) : .ofSingles(Self.singles(pairs)),
            requestsEach: pairs.count * requestsPerBlock,
            baselineComplete: pairs.reduce(0) { $0 + $1.baseline.count(where: \.isComplete) },
            candidateComplete: pairs.reduce(0) { $0 + $1.candidate.count(where: \.isComplete) })
    }

    private static func singles(_ pairs: some Collection<AttemptPair>) -> PairedFailures {
        PairedFailures(
            pairs: pairs.count, onlyBaseline: pairs.count { $0.failureDifference < 0 },
            onlyCandidate: pairs.count { $0.failureDifference > 0 })
    }
}
