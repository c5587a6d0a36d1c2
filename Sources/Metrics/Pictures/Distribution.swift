import Statistics
import Timeline

/// How the values of a metric are spread over a target's complete streams: the material of a cumulative curve.
package struct Distribution: Sendable, Equatable {
    /// The share of all values that are at most `value`.
    package struct Point: Sendable, Equatable {
        package var value: Double
        package var share: Double

        package init(value: Double, share: Double) {
            self.value = value
            self.share = share
        }
    }

    /// The 95 % interval of one quantile.
    package struct Band: Sendable, Equatable {
        package var share: Double
        package var interval: ClosedRange<Double>

        package init(share: Double, interval: ClosedRange<Double>) {
            self.share = share
            self.interval = interval
        }
    }

    package var metric: MetricDefinition
    /// In ascending order; the least and the greatest value are always among them.
    package var points: [Point]
    /// The intervals of quantiles, by the method of the metric's table; those that the sample cannot bound are left out.
    package var bands: [Band]
    /// Quantiles of type 7, as tables print them, from the least value to the greatest.
    package var quantiles: [Point]
    /// The requests behind the values.
    package var count: Int

    package init(metric: MetricDefinition, points: [Point], bands: [Band], quantiles: [Point], count: Int) {
        self.metric = metric
        self.points = points
        self.bands = bands
        self.quantiles = quantiles
        self.count = count
    }

    /// The quantiles that get an interval: more of them where curves bend, at both ends.
    static let bandShares: [Double] = [
        0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9,
        0.95, 0.975, 0.99, 0.995, 0.999,
    ]

    /// The highest quantile that the sample can bound; what lies above is only what happened to be measured.
    package var boundedShare: Double { bands.last?.share ?? 0 }

    static let quantileShares: [Double] =
        stride(from: 0, to: 0.9, by: 0.05).map { $0 }
        + [0.9, 0.925, 0.95, 0.96, 0.97, 0.98, 0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99999, 1]

    /// More values than this are thinned out, evenly by rank, which moves the curve by less than a line's width.
    static let pointLimit = 500
}

extension TargetSample {
    /// The spread of a metric with one value per request or per gap; nil for other metrics and where no value is known.
    package func distribution(of name: String) -> Distribution? {
        guard let metric = MetricCatalogue.named(name), !metric.isOnePerRun else { return nil }
        let distribution =
            MetricCatalogue.gapMetrics.contains(name) ? gapDistribution(of: metric) : requestDistribution(of: metric)
        return distribution.points.isEmpty ? nil : distribution
    }

    private func requestDistribution(of metric: MetricDefinition) -> Distribution {
        let sample = SortedSample(complete.compactMap { $0.value(of: metric.name) })
        let bands = Distribution.bandShares.compactMap { share in
            sample.quantileInterval(share).map { Distribution.Band(share: share, interval: $0) }
        }
        let all = WeightedSample(sample.values.map { WeightedValue(value: $0, weight: 1) })
        return Distribution(
            metric: metric, points: all.cumulativePoints, bands: bands, quantiles: all.quantilePoints,
            count: sample.count)
    }

    /// The bands come from the bootstrap of the table: same seed, same draws, hence the same interval at each percentile.
    private func gapDistribution(of metric: MetricDefinition) -> Distribution {
        let bootstrap = gapBootstrap(of: metric.name)
        var generator = SeededGenerator(seed: BootstrapSeed.seed(of: run.id, target.name, metric.name))
        let intervals = bootstrap.intervals(
            of: Distribution.bandShares.map { .quantile($0) }, using: &generator)
        let bands = zip(Distribution.bandShares, intervals).compactMap { share, interval in
            interval.map { Distribution.Band(share: share, interval: $0) }
        }
        let all = bootstrap.sample
        return Distribution(
            metric: metric, points: all.cumulativePoints, bands: bands, quantiles: all.quantilePoints,
            count: bootstrap.clusterCount)
    }
}

extension WeightedSample {
    /// No quantile lies between the last two values: those that would are left out.
    fileprivate var quantilePoints: [Distribution.Point] {
        let finest = 1 - 1 / Double(max(1, totalWeight))
        return Distribution.quantileShares.filter { $0 <= finest || $0 == 1 }.compactMap { share in
            quantile(share).map { Distribution.Point(value: $0, share: share) }
        }
    }

    /// Each distinct value with the share of values up to it, thinned out by rank where there are many.
    fileprivate var cumulativePoints: [Distribution.Point] {
        let total = Double(totalWeight)
        let step = total / Double(Distribution.pointLimit)
        var kept: [Distribution.Point] = []
        var before = 0.0
        var nextShare = 0.0
        let points = points
        for index in points.indices {
            let point = points[index]
            before += Double(point.weight)
            let next = points.index(after: index)
            if next < points.endIndex, points[next].value == point.value { continue }
            guard before >= nextShare || next == points.endIndex else { continue }
            kept.append(Distribution.Point(value: point.value, share: before / total))
            nextShare = before + step
        }
        return kept
    }
}
