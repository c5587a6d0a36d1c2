import Statistics
import Timeline

extension Statistic {
    /// The statistics of metrics with many values, in the order of tables.
    static let ofMany: [Statistic] = allCases.filter { $0 != .value }

    /// The probability of a quantile; nil for the others.
    var probability: Double? {
        switch self {
        case .p50: 0.5
        case .p75: 0.75
        case .p90: 0.9
        case .p95: 0.95
        case .p99: 0.99
        case .p999: 0.999
        case .mean, .min, .max, .value: nil
        }
    }
}

extension TargetSample {
    /// Sums up one metric over the complete streams, or over the run where it has one value a run.
    func summary(of metric: MetricDefinition) -> MetricSummary {
        let estimates =
            if metric.isOnePerRun {
                [runEstimate(of: metric.name)]
            } else if MetricCatalogue.gapMetrics.contains(metric.name) {
                gapEstimates(of: metric.name)
            } else {
                requestEstimates(of: metric.name)
            }
        return MetricSummary(metric: metric, estimates: estimates)
    }

    /// One figure of a metric, without what is known of its error.
    func figure(of metric: MetricDefinition, _ statistic: Statistic) -> Double? {
        if metric.isOnePerRun { return runEstimate(of: metric.name).value }
        guard MetricCatalogue.gapMetrics.contains(metric.name) else {
            let streams = MetricCatalogue.ofCancelled.contains(metric.name) ? cancelled : complete
            return SortedSample(streams.compactMap { value(of: metric.name, in: $0) }).figure(statistic)
        }
        return gapFigures(of: metric.name) { $0.length }[statistic] ?? nil
    }

    private func runEstimate(of name: String) -> Estimate {
        switch name {
        case "cancelled":
            let count = cancelled.count
            return Estimate(statistic: .value, value: count == 0 ? nil : Double(count), count: requests + count)
        case "whole_tool_calls", "invalid_json":
            return answerShare(of: name).map(shareEstimate) ?? Estimate(statistic: .value, value: nil, count: 0)
        case "success":
            return shareEstimate(Proportion(successes: complete.count, of: requests))
        case "goodput":
            guard !run.objectives.isEmpty else { return Estimate(statistic: .value, value: nil, count: requests) }
            return shareEstimate(
                Proportion(successes: complete.count { $0.meetsObjectives == true }, of: requests))
        default:
            let amount: Int? =
                switch name {
                case "output_throughput": tokensInWindow
                case "request_throughput": completeInWindow.count
                case "goodput_rps":
                    run.objectives.isEmpty ? nil : completeInWindow.count { $0.meetsObjectives == true }
                default: nil
                }
            let rate = window.flatMap { window in amount.map { Double($0) / window } }
            return Estimate(
                statistic: .value, value: rate, count: requests,
                countNeeded: isTooShortForRates ? Self.requestsForRates : nil)
        }
    }

    /// A rate over fewer open-loop requests than this says more of the window's ends than of the load.
    private static let requestsForRates = ClusterBootstrap.minimumClusters

    private var isTooShortForRates: Bool {
        guard case .open = run.load else { return false }
        return requests < Self.requestsForRates
    }

    private func shareEstimate(_ share: Proportion) -> Estimate {
        Estimate(
            statistic: .value, value: share.value, interval: share.interval(), method: "wilson", count: share.trials,
            countNeeded: share.trials == 0 ? 1 : nil)
    }

    private func requestEstimates(of name: String) -> [Estimate] {
        let streams = MetricCatalogue.ofCancelled.contains(name) ? cancelled : complete
        let values = streams.compactMap { value(of: name, in: $0) }
        let ranges = streams.compactMap { $0.range(of: name) }
        let sample = SortedSample(values)
        let lowest = SortedSample(ranges.map(\.lowerBound))
        let highest = SortedSample(ranges.map(\.upperBound))
        return Statistic.ofMany.map { statistic in
            var estimate = Estimate(statistic: statistic, value: sample.figure(statistic), count: sample.count)
            if let probability = statistic.probability {
                estimate.method = "order_statistic"
                estimate.interval = sample.quantileInterval(probability)
                if estimate.interval == nil {
                    estimate.countNeeded = OrderStatisticRanks.countNeeded(quantile: probability)
                }
            } else if statistic == .mean {
                estimate.method = "student_t"
                estimate.interval = sample.meanInterval()
                if estimate.interval == nil { estimate.countNeeded = 2 }
            }
            // Streams of which only some have a bound would compare different samples.
            if ranges.count == values.count, tellsBounds {
                estimate.measurementRange = range(lowest.figure(statistic), highest.figure(statistic))
            }
            return estimate
        }
    }

    private func gapEstimates(of name: String) -> [Estimate] {
        let lowest = gapFigures(of: name) { $0.range.lowerBound }
        let highest = gapFigures(of: name) { $0.range.upperBound }
        let seed = BootstrapSeed.seed(of: run.id, target.name, name)
        let (figures, clusterCount, intervals) = gapIntervals(of: name, seed: seed)
        return Statistic.ofMany.map { statistic in
            var estimate = Estimate(
                statistic: statistic, value: figures[statistic] ?? nil, count: clusterCount)
            if let method = statistic.bootstrapStatistic {
                estimate.method = "cluster_bootstrap \(Self.bootstrapNote(seed: seed))"
                estimate.interval = intervals[method] ?? nil
                if estimate.interval == nil { estimate.countNeeded = ClusterBootstrap.minimumClusters }
            }
            if tellsBounds {
                estimate.measurementRange = range(lowest[statistic] ?? nil, highest[statistic] ?? nil)
            }
            return estimate
        }
    }

    /// Whether anything is known of how late arrivals were stamped: of another tool's nothing is.
    var tellsBounds: Bool { run.importedFrom == nil }

    /// The figures over all gaps; the pool of gaps, which is the largest thing here, is gone when this returns.
    private func gapFigures(of name: String, _ length: (ContentGap) -> Double) -> [Statistic: Double?] {
        let sample = WeightedSample(groupCount: complete.count) {
            GapValues.values(of: complete[$0], metric: name, length)
        }
        return Self.figures(of: sample)
    }

    private static func figures(of sample: WeightedSample) -> [Statistic: Double?] {
        Dictionary(uniqueKeysWithValues: Statistic.ofMany.map { ($0, sample.figure($0)) })
    }

    /// The figures over all gaps, the number of streams that have gaps, and the interval of each statistic.
    private func gapIntervals(
        of name: String, seed: UInt64
    ) -> (
        figures: [Statistic: Double?], clusterCount: Int, intervals: [BootstrapStatistic: ClosedRange<Double>?]
    ) {
        let bootstrap = ClusterBootstrap(candidateCount: complete.count) {
            GapValues.values(of: complete[$0], metric: name) { $0.length }
        }
        let statistics = Statistic.ofMany.compactMap(\.bootstrapStatistic)
        var generator = SeededGenerator(seed: seed)
        let intervals = bootstrap.intervals(of: statistics, using: &generator)
        return (
            Self.figures(of: bootstrap.sample), bootstrap.clusterCount,
            Dictionary(uniqueKeysWithValues: zip(statistics, intervals))
        )
    }

    /// What anybody needs to repeat a bootstrap.
    static func bootstrapNote(seed: UInt64) -> String { "B=\(ClusterBootstrap.defaultResamples) seed=\(seed)" }

    private func range(_ low: Double?, _ high: Double?) -> ClosedRange<Double>? {
        guard let low, let high else { return nil }
        return low...max(low, high)
    }
}

/// The gaps of one stream as values of `itl` or `icl`.
enum GapValues {
    static func values(
        of stream: StreamMetrics, metric: String, _ length: (ContentGap) -> Double
    ) -> [WeightedValue] {
        let isPerToken = metric == "itl"
        return (isPerToken ? stream.tokenGaps : stream.gaps).map { gap in
            let parts = isPerToken ? gap.tokens : 1
            return WeightedValue(value: length(gap) / Double(parts), weight: parts)
        }
    }
}

extension Statistic {
    /// How the bootstrap computes the statistic; nil for those that it cannot bound.
    var bootstrapStatistic: BootstrapStatistic? { self == .mean ? .mean : probability.map { .quantile($0) } }
}

extension SortedSample {
    func figure(_ statistic: Statistic) -> Double? {
        switch statistic {
        case .mean: mean
        case .min: values.first
        case .max: values.last
        default: statistic.probability.flatMap(quantile)
        }
    }
}

extension WeightedSample {
    func figure(_ statistic: Statistic) -> Double? {
        switch statistic {
        case .mean: mean
        case .min: least
        case .max: greatest
        default: statistic.probability.flatMap(quantile)
        }
    }
}
