import Statistics
import Timeline

/// The figures over all gaps of a target's streams, of which a run can have tens of millions.
extension TargetSample {
    func gapEstimates(of name: String) -> [Estimate] {
        let bounds = gapBounds(of: name)
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
            if let bounds { estimate.measurementRange = range(bounds.first[statistic], bounds.second[statistic]) }
            return estimate
        }
    }

    /// The figures of the gaps at their shortest and at their longest, beside each other; nil where no bound is known.
    private func gapBounds(of name: String) -> Halves<[Statistic: Double]>? {
        guard tellsBounds else { return nil }
        return Halves.compute { half in
            gapFigures(of: name) { half == 0 ? $0.range.lowerBound : $0.range.upperBound }
        }
    }

    /// The figures over all gaps; the pool of gaps, which is the largest thing here, is gone when this returns.
    func gapFigures(of name: String, _ length: (ContentGap) -> Double) -> [Statistic: Double] {
        UnsortedSample(groupCount: complete.count, capacity: gapCapacity) {
            GapValues.values(of: complete[$0], metric: name, length)
        }.figures
    }

    /// The gaps of each stream, ready to be drawn from.
    func gapBootstrap(of name: String) -> ClusterBootstrap {
        ClusterBootstrap(candidateCount: complete.count, capacity: gapCapacity) {
            GapValues.values(of: complete[$0], metric: name) { $0.length }
        }
    }

    /// As many gaps as there can be.
    private var gapCapacity: Int { complete.reduce(0) { $0 + $1.reads.count } }

    /// The figures over all gaps, the number of streams that have gaps, and the interval of each statistic.
    private func gapIntervals(
        of name: String, seed: UInt64
    ) -> (
        figures: [Statistic: Double?], clusterCount: Int, intervals: [BootstrapStatistic: ClosedRange<Double>?]
    ) {
        let bootstrap = gapBootstrap(of: name)
        let statistics = Statistic.ofMany.compactMap(\.bootstrapStatistic)
        var generator = SeededGenerator(seed: seed)
        let intervals = bootstrap.intervals(of: statistics, using: &generator)
        let sample = bootstrap.sample
        return (
            Dictionary(uniqueKeysWithValues: Statistic.ofMany.map { ($0, sample.figure($0)) }), bootstrap.clusterCount,
            Dictionary(uniqueKeysWithValues: zip(statistics, intervals))
        )
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

extension UnsortedSample {
    /// The figures of a metric with many values; empty without values.
    fileprivate var figures: [Statistic: Double] {
        guard let mean, let least, let greatest else { return [:] }
        let quantiles = Statistic.ofMany.filter { $0.probability != nil }
        let values = self.quantiles(quantiles.compactMap(\.probability))
        var figures = Dictionary(uniqueKeysWithValues: zip(quantiles, values))
        (figures[.mean], figures[.min], figures[.max]) = (mean, least, greatest)
        return figures
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
