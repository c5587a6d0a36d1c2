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

    /// The sorted multiset, each value with the cluster that it comes from.
    private let pool: ValuePool
    private let clusterSums: [Double]
    private let clusterWeights: [Double]
    /// The first value of every segment, and the number of values at the end.
    private let segmentStarts: [Int]
    /// The weight of every segment in every cluster, cluster by cluster.
    ///
    /// The largest thing here, and read whole for each resample: half as wide as other numbers, and exact up to 2^24.
    private let segmentWeights: [Float]

    /// Prepares the clusters; those without weight are left out.
    package init(clusters: [[WeightedValue]]) { self.init(candidateCount: clusters.count) { clusters[$0] } }

    /// Prepares so many clusters, taken one after the other, so that they are never all held; those without weight are
    /// left out.
    ///
    /// The capacity is a guess at the number of values; memory is best used where it is theirs or a little more.
    package init(candidateCount: Int, capacity: Int = 0, cluster: (Int) -> [WeightedValue]) {
        var pool = ValuePool(capacity: capacity)
        var (sums, weights): ([Double], [Double]) = ([], [])
        for index in 0..<candidateCount {
            let points = cluster(index)
            var (sum, weight) = (0.0, 0.0)
            for point in points where point.weight > 0 {
                sum += point.value * Double(point.weight)
                weight += Double(point.weight)
            }
            guard weight > 0 else { continue }
            pool.add(points, owner: sums.count)
            sums.append(sum)
            weights.append(weight)
        }
        pool.sort()
        (clusterSums, clusterWeights) = (sums, weights)

        let count = pool.values.count
        let segmentCount = Self.segmentCount(points: count, clusters: sums.count)
        let starts = (0...segmentCount).map { $0 * count / segmentCount }
        var segmentWeights = [Float](repeating: 0, count: segmentCount * sums.count)
        segmentWeights.withUnsafeMutableBufferPointer { segmentWeights in
            for segment in 0..<segmentCount {
                for index in starts[segment]..<starts[segment + 1] {
                    segmentWeights[Int(pool.owners[index]) * segmentCount + segment] += Float(pool.weight(at: index))
                }
            }
        }
        self.segmentWeights = segmentWeights
        segmentStarts = starts
        self.pool = pool
    }

    /// All values, each once with its weight.
    package var sample: WeightedSample { WeightedSample(pool) }

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
        using generator: inout some RandomNumberGenerator & Sendable
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
        resamples: Int = defaultResamples, using generator: inout some RandomNumberGenerator & Sendable
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
    ///
    /// Half of the resamples are computed beside the others: their generator is one that skipped the draws of the first,
    /// so that the lists are the same on one core and on many.
    package func replicates(
        of statistics: [BootstrapStatistic], resamples: Int,
        using generator: inout some RandomNumberGenerator & Sendable
    ) -> [[Double]] {
        guard clusterCount > 0 else { return statistics.map { _ in [] } }
        let split = resamples / 2
        let first = generator
        for _ in 0..<split * clusterCount { _ = generator.next() }
        let second = generator
        let halves = Halves.compute { half in
            var generator = half == 0 ? first : second
            let list = replicateList(
                of: statistics, resamples: half == 0 ? split : resamples - split, using: &generator)
            return (list, generator)
        }
        generator = halves.second.1
        return zip(halves.first.0, halves.second.0).map { $0 + $1 }
    }

    private func replicateList(
        of statistics: [BootstrapStatistic], resamples: Int, using generator: inout some RandomNumberGenerator
    ) -> [[Double]] {
        var results: [[Double]] = statistics.map { _ in [] }
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
        return pool.values.withUnsafeBufferPointer { values in
            pool.owners.withUnsafeBufferPointer { owners in
                resample.draws.withUnsafeBufferPointer { draws in
                    var index = segmentStarts[segment]
                    func advance(toRank rank: Double) {
                        while true {
                            let after = before + draws[Int(owners[index])] * Double(pool.weight(at: index))
                            if after > rank { return }
                            before = after
                            index += 1
                        }
                    }
                    advance(toRank: rank)
                    let lower = values[index]
                    guard position > rank, rank + 1 < total else { return lower }
                    advance(toRank: rank + 1)
                    return lower + (values[index] - lower) * (position - rank)
                }
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
