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
        return gapFigures(of: metric.name) { $0.length }[statistic]
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

    /// Whether anything is known of how late arrivals were stamped: of another tool's nothing is.
    var tellsBounds: Bool { run.importedFrom == nil }

    /// What anybody needs to repeat a bootstrap.
    static func bootstrapNote(seed: UInt64) -> String { "B=\(ClusterBootstrap.defaultResamples) seed=\(seed)" }

    func range(_ low: Double?, _ high: Double?) -> ClosedRange<Double>? {
        guard let low, let high else { return nil }
        return low...max(low, high)
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
