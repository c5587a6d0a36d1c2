import Statistics
import Testing

struct ClusterBootstrapTests {
    /// Cluster i has the values (7 i mod 13) + j + 1 with weights 1 + (i + j) mod 3, for j in 0..<gaps.
    private func clusters(_ count: Int, gaps: Int) -> [[WeightedValue]] {
        (0..<count).map { cluster in
            (0..<gaps).map { gap in
                WeightedValue(value: Double(cluster * 7 % 13 + gap + 1), weight: 1 + (cluster + gap) % 3)
            }
        }
    }

    @Test func `every resample's figures are those of its expanded multiset`() {
        let clusters = clusters(40, gaps: 50)
        let probabilities = [0.0, 0.01, 0.5, 0.9, 0.99, 0.999, 1]
        let statistics = [BootstrapStatistic.mean] + probabilities.map { .quantile($0) }
        var generator = TestGenerator(state: 3)
        let replicates = ClusterBootstrap(clusters: clusters).replicates(
            of: statistics, resamples: 30, using: &generator)

        var same = TestGenerator(state: 3)
        for resample in 0..<30 {
            var expanded: [Double] = []
            for _ in clusters {
                let drawn = Int(same.next().multipliedFullWidth(by: UInt64(clusters.count)).high)
                for point in clusters[drawn] { expanded += Array(repeating: point.value, count: point.weight) }
            }
            let sample = SortedSample(expanded)
            #expect(isClose(replicates[0][resample], sample.mean ?? .nan))
            for (index, probability) in probabilities.enumerated() {
                #expect(isClose(replicates[index + 1][resample], sample.quantile(probability) ?? .nan))
            }
        }
    }

    @Test func `resamples of both halves are those of one generator, which goes on after them`() {
        // Values of one weight, and an odd number of resamples, so that the halves differ in length.
        let clusters = (0..<12).map { cluster in
            (0..<30).map { WeightedValue(value: Double((cluster * 31 + $0 * 17) % 101), weight: 2) }
        }
        var generator = TestGenerator(state: 8)
        let replicates = ClusterBootstrap(clusters: clusters).replicates(
            of: [.quantile(0.75)], resamples: 7, using: &generator)
        var same = TestGenerator(state: 8)
        let expected = (0..<7).map { _ -> Double in
            let drawn = clusters.map { _ in clusters[Int(same.next().multipliedFullWidth(by: 12).high)] }
            return SortedSample(drawn.joined().flatMap { [$0.value, $0.value] }).quantile(0.75) ?? .nan
        }
        #expect(replicates == [expected])
        #expect(generator.next() == same.next())
    }

    @Test func `intervals agree with NumPy's resampling of whole clusters`() throws {
        // np.quantile over 40,000 resamples of rng.integers(0, 20, 20): mean, median and p90
        let bootstrap = ClusterBootstrap(clusters: clusters(20, gaps: 10))
        var generator = TestGenerator(state: 1)
        let intervals = bootstrap.intervals(
            of: [.mean, .quantile(0.5), .quantile(0.9)], resamples: 4000, using: &generator)
        let mean = try #require(intervals[0])
        #expect(isClose(mean.lowerBound, 9.279, tolerance: 0.02))
        #expect(isClose(mean.upperBound, 12.539, tolerance: 0.02))
        #expect(intervals[1] == 9...13)
        #expect(intervals[2] == 15...19)
    }

    @Test func `fewer than ten clusters give no interval`() {
        var generator = TestGenerator(state: 1)
        let nine = ClusterBootstrap(clusters: clusters(9, gaps: 100) + [[], [WeightedValue(value: 1, weight: 0)]])
        #expect(nine.clusterCount == 9)
        #expect(nine.intervals(of: [.mean], using: &generator) == [nil])
        let ten = ClusterBootstrap(clusters: clusters(10, gaps: 1))
        #expect(ten.intervals(of: [.mean], using: &generator)[0] != nil)
        #expect(ten.ratioIntervals(to: nine, of: [.mean], using: &generator) == [nil])
        #expect(ClusterBootstrap(clusters: []).replicates(of: [.mean], resamples: 5, using: &generator) == [[]])
    }

    @Test func `the interval of a ratio agrees with NumPy's resampling of both samples`() throws {
        // 30 values 100 + 11 i mod 17 over 25 values 90 + 5 i mod 23, 40,000 resamples of both
        let candidate = ClusterBootstrap(values: (0..<30).map { Double(100 + $0 * 11 % 17) })
        let baseline = ClusterBootstrap(values: (0..<25).map { Double(90 + $0 * 5 % 23) })
        var generator = TestGenerator(state: 5)
        let intervals = candidate.ratioIntervals(
            to: baseline, of: [.quantile(0.5), .mean], resamples: 4000, using: &generator)
        let median = try #require(intervals[0])
        let mean = try #require(intervals[1])
        #expect(isClose(median.lowerBound, 1.0243, tolerance: 0.01))
        #expect(isClose(median.upperBound, 1.1443, tolerance: 0.01))
        #expect(isClose(mean.lowerBound, 1.0450, tolerance: 0.004))
        #expect(isClose(mean.upperBound, 1.1131, tolerance: 0.004))
    }

    @Test func `a ratio without spread or without a divisor has no interval`() {
        let ones = ClusterBootstrap(values: Array(repeating: 1, count: 20))
        let zeros = ClusterBootstrap(values: Array(repeating: 0, count: 20))
        var generator = TestGenerator(state: 5)
        #expect(ones.ratioIntervals(to: ones, of: [.mean], using: &generator) == [nil])
        #expect(ones.ratioIntervals(to: zeros, of: [.mean], using: &generator) == [nil])
    }

    @Test func `the same seed gives the same interval`() {
        let bootstrap = ClusterBootstrap(clusters: clusters(15, gaps: 4))
        var first = TestGenerator(state: 9)
        var second = TestGenerator(state: 9)
        #expect(
            bootstrap.intervals(of: [.mean], resamples: 50, using: &first)
                == bootstrap.intervals(of: [.mean], resamples: 50, using: &second))
    }
}
