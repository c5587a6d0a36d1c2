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
    package var failures: PairedFailures
    /// The requests of each side that are complete.
    package var baselineComplete: Int
    package var candidateComplete: Int

    package init(
        pairs: Int, values: [PairedValues], failures: PairedFailures, baselineComplete: Int, candidateComplete: Int
    ) {
        self.pairs = pairs
        self.values = values
        self.failures = failures
        self.baselineComplete = baselineComplete
        self.candidateComplete = candidateComplete
    }
}

/// One pair: the same prompt to both targets, one right after the other.
package struct AttemptPair: Sendable {
    package var index: Int
    package var baseline: StreamMetrics
    package var candidate: StreamMetrics

    /// Puts the measured attempts of both targets together, in the order of the plan; what has no partner is left out.
    package static func pairs(baseline: TargetSample, candidate: TargetSample) -> [AttemptPair] {
        let partners = candidate.byPair
        return baseline.byPair.compactMap { index, attempt in
            partners[index].map { AttemptPair(index: index, baseline: attempt, candidate: $0) }
        }.sorted { $0.index < $1.index }
    }
}

extension TargetSample {
    fileprivate var byPair: [Int: StreamMetrics] {
        Dictionary(
            measured.compactMap { attempt in attempt.record.pairIndex.map { ($0, attempt) } },
            uniquingKeysWith: { $1 })
    }
}

extension PairedSample {
    /// Takes the values of metrics out of pairs.
    ///
    /// A pair in which a request failed enters the success rates alone: the time of half an answer is no latency.
    package init(_ pairs: some Collection<AttemptPair>, metrics: [MetricDefinition]) {
        let complete = pairs.filter { $0.baseline.isComplete && $0.candidate.isComplete }
        self.init(
            pairs: pairs.count,
            values: metrics.map { metric in
                let both = complete.compactMap { pair -> (Double, Double)? in
                    guard let baseline = pair.baseline.value(of: metric.name), baseline > 0,
                        let candidate = pair.candidate.value(of: metric.name), candidate > 0
                    else { return nil }
                    return (baseline, candidate)
                }
                return PairedValues(metric: metric, baseline: both.map(\.0), candidate: both.map(\.1))
            },
            failures: PairedFailures(
                pairs: pairs.count,
                onlyBaseline: pairs.count { !$0.baseline.isComplete && $0.candidate.isComplete },
                onlyCandidate: pairs.count { $0.baseline.isComplete && !$0.candidate.isComplete }),
            baselineComplete: pairs.count(where: \.baseline.isComplete),
            candidateComplete: pairs.count(where: \.candidate.isComplete))
    }
}
