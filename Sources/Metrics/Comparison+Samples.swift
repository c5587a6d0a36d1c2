import Statistics
import Timeline

extension TargetComparison {
    /// Compares the attempts of two targets, which may be of one run or of two.
    ///
    /// Intervals of ratios come from a bootstrap that draws whole requests on both sides. They speak of the requests of
    /// these two runs: how far a run would differ from itself tomorrow is not in them.
    package init(
        baseline: (label: String, sample: TargetSample), candidate: (label: String, sample: TargetSample)
    ) {
        self.init(
            baseline: baseline.label, candidate: candidate.label,
            figures: Self.compared.compactMap { name, statistics in
                MetricCatalogue.named(name).map { metric in
                    Self.figures(
                        of: metric, statistics, baseline: baseline.sample, candidate: candidate.sample)
                }
            }.flatMap { $0 })
    }

    /// What a comparison shows, in the order of its table.
    private static let compared: [(String, [Statistic])] = [
        ("ttft", [.p50, .p95]), ("tpot", [.p50]), ("itl", [.p50, .p99]), ("e2e", [.p50]), ("output_speed", [.p50]),
        ("output_throughput", [.value]), ("success", [.value]),
    ]

    /// Compares statistics of one metric; both intervals and their seed are those of the whole comparison.
    static func figures(
        of metric: MetricDefinition, _ statistics: [Statistic], baseline: TargetSample, candidate: TargetSample
    ) -> [ComparedFigure] {
        var intervals: [ClosedRange<Double>?] = statistics.map { _ in nil }
        var method = "none"
        if let before = baseline.bootstrap(of: metric.name), let after = candidate.bootstrap(of: metric.name) {
            let seed = BootstrapSeed.seed(
                of: baseline.run.id, baseline.target.name, candidate.run.id, candidate.target.name, metric.name)
            var generator = SeededGenerator(seed: seed)
            let bootstrapped = statistics.map { $0.bootstrapStatistic ?? .mean }
            intervals = after.ratioIntervals(to: before, of: bootstrapped, using: &generator)
            method = "bootstrap \(TargetSample.bootstrapNote(seed: seed))"
        }
        return zip(statistics, intervals).map { statistic, interval in
            let before = baseline.figure(of: metric, statistic)
            let after = candidate.figure(of: metric, statistic)
            let ratio = after.flatMap { after in before.flatMap { $0 == 0 ? nil : after / $0 } }
            return ComparedFigure(
                metric: metric, statistic: statistic, baseline: before, candidate: after, ratio: ratio,
                interval: ratio == nil ? nil : interval, method: method)
        }
    }
}

extension TargetSample {
    /// 1 for each request that was answered in the end, 0 for each that was not.
    private var successes: [Double] {
        Array(repeating: 1, count: complete.count) + Array(repeating: 0, count: max(0, requests - complete.count))
    }

    /// The values of a metric by request, ready to be drawn again; nil for metrics that requests do not add up to.
    fileprivate func bootstrap(of metric: String) -> ClusterBootstrap? {
        switch metric {
        case "success": ClusterBootstrap(values: successes)
        case "output_throughput": nil
        case let name where MetricCatalogue.gapMetrics.contains(name):
            gapBootstrap(of: name)
        default: ClusterBootstrap(values: complete.compactMap { $0.value(of: metric) })
        }
    }
}
