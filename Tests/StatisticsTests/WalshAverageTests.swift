import Statistics
import Testing

struct WalshAverageTests {
    @Test func `every rank is that of the sorted averages`() {
        var generator = TestGenerator(state: 5)
        for count in [1, 2, 3, 7, 20, 41] {
            // With ties, zeros and both signs.
            let values = (0..<count).map { _ in Double(Int(generator.next() >> 58) - 32) / 7 }
            let sorted = values.indices.flatMap { first in
                values.indices[first...].map { (values[first] + values[$0]) / 2 }
            }.sorted()
            let averages = WalshAverages(values)
            #expect(averages.count == sorted.count)
            #expect((1...sorted.count).map { averages.average(atRank: $0) } == sorted)
        }
    }

    @Test(arguments: [(0.025, 0.024, 0.075), (0.01, 0.0175, 0.083), (0.0025, 0.0025, 0.1005)])
    func `the interval of ten differences is the one by hand`(tail: Double, lower: Double, upper: Double) {
        // The 9th, 6th and 2nd of the 55 averages from either end.
        let interval = WalshAverages(SignedRankTests.ten).interval(tail: tail)
        #expect(isClose(interval?.lowerBound, lower, tolerance: 1e-12))
        #expect(isClose(interval?.upperBound, upper, tolerance: 1e-12))
        #expect(isClose(WalshAverages(SignedRankTests.ten).median, 0.0495, tolerance: 1e-12))
    }

    // c = (cumsum of the distribution of W <= tail).sum() and the c-th of the sorted averages from either end, by NumPy
    @Test(arguments: [
        (20, 0.025, -0.011306880375283762, 0.04705173312484236),
        (20, 0.0025, -0.025896533750315292, 0.061641386499873885),
        (400, 0.025, 0.01432781687095428, 0.025979584745186902),
        (400, 0.0025, 0.011693293371668412, 0.02861410824447223),
    ])
    func `intervals are NumPy's`(count: Int, tail: Double, lower: Double, upper: Double) {
        let interval = WalshAverages(SignedRankTests.spread(count, shift: 0.02)).interval(tail: tail)
        #expect(isClose(interval?.lowerBound, lower, tolerance: 1e-13))
        #expect(isClose(interval?.upperBound, upper, tolerance: 1e-13))
    }

    @Test func `the interval holds the shifts that the test does not reject`() throws {
        let values = SignedRankTests.spread(30, shift: 0.02)
        let interval = try #require(WalshAverages(values).interval(tail: 0.01))
        let step = 1e-9
        #expect(SignedRankTest(values, above: interval.lowerBound - step).pValue <= 0.01)
        #expect(SignedRankTest(values, above: interval.lowerBound + step).pValue > 0.01)
        let mirrored = values.map { -$0 }
        #expect(SignedRankTest(mirrored, above: -interval.upperBound - step).pValue <= 0.01)
        #expect(SignedRankTest(mirrored, above: -interval.upperBound + step).pValue > 0.01)
    }

    @Test func `too few values have no interval`() {
        // 1 / 2^8 is .0039, 1 / 2^9 is .00195.
        #expect(WalshAverages(Array(SignedRankTests.ten.prefix(8))).interval(tail: 0.0025) == nil)
        #expect(WalshAverages(Array(SignedRankTests.ten.prefix(9))).interval(tail: 0.0025) != nil)
        #expect(WalshAverages([]).median == nil)
        #expect(WalshAverages([]).interval(tail: 0.1) == nil)
    }
}
