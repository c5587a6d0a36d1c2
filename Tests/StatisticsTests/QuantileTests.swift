import Statistics
import Testing

struct QuantileTests {
    @Test func `quantiles are those of NumPy's default`() {
        // np.quantile([12, 15, 11, 40, 13, 14, 90, 12.5, 13.5, 16], [.5, .9, .95, .99])
        let sample = SortedSample([12, 15, 11, 40, 13, 14, 90, 12.5, 13.5, 16])
        #expect(isClose(sample.quantile(0.5), 13.75))
        #expect(isClose(sample.quantile(0.9), 45))
        #expect(isClose(sample.quantile(0.95), 67.5))
        #expect(isClose(sample.quantile(0.99), 85.5))
    }

    @Test func `the smallest samples have quantiles too`() {
        // [np.quantile(v, [0, .5, .9, 1]) for v in ([7], [7, 9], [7, 9, 20])]
        let expected: [([Double], [Double])] = [
            ([7], [7, 7, 7, 7]), ([9, 7], [7, 8, 8.8, 9]), ([20, 7, 9], [7, 9, 17.8, 20]),
        ]
        for (values, quantiles) in expected {
            let sample = SortedSample(values)
            for (probability, quantile) in zip([0, 0.5, 0.9, 1], quantiles) {
                #expect(isClose(sample.quantile(probability), quantile))
            }
        }
    }

    @Test func `nothing has no figures`() {
        let empty = SortedSample([])
        #expect(empty.quantile(0.5) == nil)
        #expect(empty.mean == nil)
        #expect(empty.quantileInterval(0.5) == nil)
        #expect(empty.meanInterval() == nil)
        #expect(WeightedSample([]).quantile(0.5) == nil)
        #expect(WeightedSample([WeightedValue(value: 3, weight: 0)]).mean == nil)
    }

    @Test func `weighted quantiles are those of the expanded multiset`() {
        // np.quantile([12] * 4 + [264] + [1.25] * 4 + [1 / 3] * 3 + [54] + [164] * 2, [.5, .9, .99])
        let sample = WeightedSample(
            [(12, 4), (264, 1), (1.25, 4), (1.0 / 3, 3), (54, 1), (164, 2), (999, 0)].map {
                WeightedValue(value: $0.0, weight: $0.1)
            })
        #expect(sample.totalWeight == 15)
        #expect(isClose(sample.quantile(0.5), 12))
        #expect(isClose(sample.quantile(0.9), 164))
        #expect(isClose(sample.quantile(0.99), 250))
    }

    @Test(arguments: 0..<50)
    func `weighted quantiles agree with brute force`(seed: UInt64) {
        var generator = TestGenerator(state: seed)
        let points = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
            WeightedValue(
                value: Double(Int.random(in: 0...9, using: &generator)),
                weight: Int.random(in: 0...4, using: &generator))
        }
        let expanded = points.flatMap { Array(repeating: $0.value, count: $0.weight) }
        for probability in [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 1] {
            let expected = SortedSample(expanded).quantile(probability)
            let found = WeightedSample(points).quantile(probability)
            #expect(found == expected)
        }
    }
}

/// Whether two numbers agree to the given relative tolerance.
func isClose(_ left: Double?, _ right: Double, tolerance: Double = 1e-12) -> Bool {
    guard let left else { return false }
    return abs(left - right) <= tolerance * max(1, abs(right))
}

/// A reproducible generator for test data: the linear congruential one of Knuth's MMIX, its high bits mixed down.
struct TestGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
