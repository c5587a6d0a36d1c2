import Statistics
import Testing

struct UnsortedSampleTests {
    private static let probabilities = [0, 0.001, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1]

    @Test func `quantiles of unsorted values are those of NumPy's default`() {
        // np.quantile([12, 15, 11, 40, 13, 14, 90, 12.5, 13.5, 16], [.5, .9, .95, .99])
        let found = UnsortedSample([12, 15, 11, 40, 13, 14, 90, 12.5, 13.5, 16]).quantiles([0.5, 0.9, 0.95, 0.99])
        #expect(zip(found, [13.75, 45, 67.5, 85.5]).allSatisfy { isClose($0, $1) })
        #expect(found.count == 4)
    }

    @Test func `an unsorted sample of nothing has no figures`() {
        #expect(UnsortedSample([]).quantiles([0.5]).isEmpty)
        #expect(UnsortedSample([]).mean == nil)
        #expect(UnsortedSample([]).greatest == nil)
        let weightless = UnsortedSample(groupCount: 1) { _ in [WeightedValue(value: 3, weight: 0)] }
        #expect(weightless.mean == nil)
        #expect(weightless.quantiles([0.5]).isEmpty)
    }

    /// Values as they come: spread over many sizes, close together, few and often, all the same, of both signs.
    @Test(arguments: [1, 300, 9_000, 40_000], 0..<5)
    func `ranks are found as in the expanded and sorted multiset`(count: Int, shape: Int) {
        var generator = TestGenerator(state: UInt64(count * 10 + shape))
        func value() -> Double {
            let number = Double.random(in: 0..<1, using: &generator)
            return switch shape {
            case 0: number * number * number * 1e6
            case 1: 4 + number * 1e-9
            case 2: (number * 7).rounded()
            case 3: 0.005
            default: number < 0.1 ? 0 : (number - 0.5) * 1e-3
            }
        }
        let single = (0..<count).map { _ in value() }
        let sorted = SortedSample(single)
        let alone = UnsortedSample(single)
        #expect(alone.quantiles(Self.probabilities) == Self.probabilities.compactMap(sorted.quantile))
        #expect(alone.least == sorted.values.first && alone.greatest == sorted.values.last)
        #expect(isClose(alone.mean, sorted.mean ?? .nan))

        for weights in [0...4, 3...3] {
            let points = single.map { WeightedValue(value: $0, weight: Int.random(in: weights, using: &generator)) }
            let expanded = SortedSample(points.flatMap { Array(repeating: $0.value, count: $0.weight) })
            let groups = UnsortedSample(groupCount: 2, capacity: count) { group in
                Array(group == 0 ? points.prefix(count / 3) : points.dropFirst(count / 3))
            }
            #expect(groups.quantiles(Self.probabilities) == expanded.quantiles(Self.probabilities))
        }
    }
}

extension SortedSample {
    fileprivate func quantiles(_ probabilities: [Double]) -> [Double] { probabilities.compactMap(quantile) }
}
