/// A figure of a sample that is bootstrapped.
package enum BootstrapStatistic: Sendable, Hashable {
    /// The mean, by weight.
    case mean
    /// The type-7 quantile of the multiset, by weight.
    case quantile(Double)
}

/// The bootstrap over clusters of values (Davison and Hinkley 1997, 3.8): whole clusters are drawn with replacement.
///
/// Values of one cluster, such as the gaps of one stream, depend on each other; clusters do not. Treating each gap as
/// a draw of its own would make intervals far too narrow. A sample of single values is one of clusters of one.
///
/// The quantiles of every resample are exact. To be fast, the sorted values are cut into segments whose weight per
/// cluster is known beforehand: a resample adds up segments to find the one that holds the quantile, and looks at
/// single values only there.
package struct ClusterBootstrap: Sendable {
    /// Fewer clusters than this give no interval: their resamples hardly differ.
    package static let minimumClusters = 10
    /// How many resamples an interval is made from, unless said otherwise.
    package static let defaultResamples = 2_000

    /// A value of the sorted multiset, with the cluster that it comes from.
    private struct Point {
        var value: Double
        var owner: UInt32
        var weight: UInt32
    }

    private let points: [Point]
    private let clusterSums: [Double]
    private let clusterWeights: [Double]
    /// The first value of every segment, and the number of values at the end.
    private let segmentStarts: [Int]
    /// The weight of every segment in every cluster, cluster by cluster.
    ///
    /// The largest thing here, and read whole for each resample: half as wide as other numbers, and exact up to 2^24.
    private var segmentWeights: [Float]

    /// Prepares the clusters; those without weight are left out.
    package init(clusters: [[WeightedValue]]) { self.init(candidateCount: clusters.count) { clusters[$0] } }

    /// Prepares so many clusters, taken one after the other, so that they are never all held; those without weight are
    /// left out.
    package init(candidateCount: Int, cluster: (Int) -> [WeightedValue]) {
        var points: [Point] = []
        var (sums, weights): ([Double], [Double]) = ([], [])
        for index in 0..<candidateCount {
            var (sum, weight) = (0.0, 0.0)
            for point in cluster(index) where point.weight > 0 {
                sum += point.value * Double(point.weight)
                weight += Double(point.weight)
                points.append(
                    Point(value: point.value, owner: UInt32(sums.count), weight: UInt32(clamping: point.weight)))
            }
            guard weight > 0 else { continue }
            sums.append(sum)
            weights.append(weight)
        }
        points.sort { $0.value < $1.value }
        (clusterSums, clusterWeights) = (sums, weights)

        let segmentCount = Self.segmentCount(points: points.count, clusters: sums.count)
        let starts = (0...segmentCount).map { $0 * points.count / segmentCount }
        segmentWeights = Array(repeating: 0, count: segmentCount * sums.count)
        for segment in 0..<segmentCount {
            for point in points[starts[segment]..<starts[segment + 1]] {
                segmentWeights[Int(point.owner) * segmentCount + segment] += Float(point.weight)
            }
        }
        segmentStarts = starts
        self.points = points
    }

    /// Few segments make long walks through their values, and many make long sums: between them lies the least work.
    private static func segmentCount(points: Int, clusters: Int) -> Int {
        let balanced = Int((23 * Double(points) / Double(max(1, clusters))).squareRoot())
        return min(256, max(1, min(balanced, points / 64)))
    }

    /// Prepares single values, each a cluster of its own.
    package init(values: [Double]) {
        self.init(clusters: values.map { [WeightedValue(value: $0, weight: 1)] })
    }

    package var clusterCount: Int { clusterSums.count }

    /// Bounds each statistic by the percentile method; all nil for fewer than `minimumClusters` clusters.
    package func intervals(
        of statistics: [BootstrapStatistic], level: Double = 0.95, resamples: Int = defaultResamples,
        using generator: inout some RandomNumberGenerator
    ) -> [ClosedRange<Double>?] {
        guard clusterCount >= Self.minimumClusters else { return statistics.map { _ in nil } }
        return replicates(of: statistics, resamples: resamples, using: &generator).map {
            percentileInterval($0, level: level)
        }
    }

    /// Bounds the ratio of each statistic to that of an independent sample, by the percentile method.
    ///
    /// Nil for fewer than `minimumClusters` clusters on either side, where a resample of the other sample gives 0, and
    /// where all resamples agree, as for two success rates of 1: then the samples show no spread to judge by.
    package func ratioIntervals(
        to baseline: ClusterBootstrap, of statistics: [BootstrapStatistic], level: Double = 0.95,
        resamples: Int = defaultResamples, using generator: inout some RandomNumberGenerator
    ) -> [ClosedRange<Double>?] {
        guard min(clusterCount, baseline.clusterCount) >= Self.minimumClusters else {
            return statistics.map { _ in nil }
        }
        let denominators = baseline.replicates(of: statistics, resamples: resamples, using: &generator)
        let numerators = replicates(of: statistics, resamples: resamples, using: &generator)
        return zip(numerators, denominators).map { numerators, denominators in
            let ratios = zip(numerators, denominators).map { $0 / $1 }
            guard ratios.allSatisfy(\.isFinite), ratios.contains(where: { $0 != ratios[0] }) else { return nil }
            return percentileInterval(ratios, level: level)
        }
    }

    /// Computes each statistic of every resample: one list per statistic; empty lists without clusters.
    package func replicates(
        of statistics: [BootstrapStatistic], resamples: Int, using generator: inout some RandomNumberGenerator
    ) -> [[Double]] {
        var results: [[Double]] = statistics.map { _ in [] }
        guard clusterCount > 0 else { return results }
        var resample = Resample(clusters: clusterCount, segments: segmentStarts.count - 1)
        for _ in 0..<resamples {
            draw(&resample, using: &generator)
            for (index, statistic) in statistics.enumerated() {
                switch statistic {
                case .mean: results[index].append(mean(of: resample))
                case .quantile(let probability): results[index].append(quantile(probability, of: resample))
                }
            }
        }
        return results
    }

    /// One resample: how often each cluster was drawn, and the weight that each segment got from that.
    private struct Resample {
        var draws: [Double]
        var segments: [Double]

        init(clusters: Int, segments: Int) {
            draws = Array(repeating: 0, count: clusters)
            self.segments = Array(repeating: 0, count: segments)
        }
    }

    private func draw(_ resample: inout Resample, using generator: inout some RandomNumberGenerator) {
        let clusterCount = clusterCount
        let segmentCount = segmentStarts.count - 1
        resample.draws.withUnsafeMutableBufferPointer { draws in
            draws.update(repeating: 0)
            for _ in 0..<clusterCount {
                // The high word of a product draws evenly but for one part in 2^64 / n.
                let drawn = generator.next().multipliedFullWidth(by: UInt64(clusterCount)).high
                draws[Int(drawn)] += 1
            }
        }
        resample.segments.withUnsafeMutableBufferPointer { segments in
            segments.update(repeating: 0)
            segmentWeights.withUnsafeBufferPointer { segmentWeights in
                for (cluster, draws) in resample.draws.enumerated() where draws > 0 {
                    let row = UnsafeBufferPointer(
                        rebasing: segmentWeights[cluster * segmentCount..<(cluster + 1) * segmentCount])
                    for segment in 0..<segmentCount { segments[segment] += draws * Double(row[segment]) }
                }
            }
        }
    }

    private func mean(of resample: Resample) -> Double {
        var sum = 0.0
        var weight = 0.0
        for (cluster, draws) in resample.draws.enumerated() {
            sum += draws * clusterSums[cluster]
            weight += draws * clusterWeights[cluster]
        }
        return sum / weight
    }

    private func quantile(_ probability: Double, of resample: Resample) -> Double {
        let total = resample.segments.reduce(0, +)
        let position = (total - 1) * probability
        let rank = position.rounded(.down)
        var before = 0.0
        var segment = 0
        while before + resample.segments[segment] <= rank {
            before += resample.segments[segment]
            segment += 1
        }
        return points.withUnsafeBufferPointer { points in
            resample.draws.withUnsafeBufferPointer { draws in
                var index = segmentStarts[segment]
                func advance(toRank rank: Double) {
                    while true {
                        let after = before + draws[Int(points[index].owner)] * Double(points[index].weight)
                        if after > rank { return }
                        before = after
                        index += 1
                    }
                }
                advance(toRank: rank)
                let lower = points[index].value
                guard position > rank, rank + 1 < total else { return lower }
                advance(toRank: rank + 1)
                return lower + (points[index].value - lower) * (position - rank)
            }
        }
    }
}

/// The range that holds the middle part of replicates (Efron's percentile method), by type-7 quantiles.
private func percentileInterval(_ replicates: [Double], level: Double) -> ClosedRange<Double>? {
    let sample = SortedSample(replicates)
    guard let lower = sample.quantile((1 - level) / 2), let upper = sample.quantile((1 + level) / 2) else { return nil }
    return lower...max(lower, upper)
}
