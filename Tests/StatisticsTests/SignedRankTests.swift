import Glibc
import Statistics
import Testing

struct SignedRankTests {
    /// Ten log ratios of a measurement.
    static let ten = [0.031, 0.052, -0.004, 0.118, 0.075, 0.047, 0.009, 0.083, 0.061, 0.026]

    /// Fractions of multiples of the golden ratio: spread evenly, without ties, and alike in any language.
    static func spread(_ count: Int, shift: Double) -> [Double] {
        (1...count).map { index in
            let fraction = (Double(index) * 0.6180339887498949).truncatingRemainder(dividingBy: 1)
            return (fraction - 0.5) * 0.2 + shift + Double(index) * 1e-7
        }
    }

    struct Reference: Sendable {
        var count: Int
        var shift: Double
        var rankSum: Double
        var pValue: Double
        var centre: Double
    }

    // scipy.stats.wilcoxon(x, alternative='greater', method='exact') and np.median of all Walsh averages
    static let references = [
        Reference(count: 10, shift: 0.03, rankSum: 42, pValue: 0.080078125, centre: 0.03344483537486337),
        Reference(count: 25, shift: 0.02, rankSum: 228, pValue: 0.0400979220867157, centre: 0.023444835374863374),
        Reference(count: 50, shift: 0.01, rankSum: 769, pValue: 0.10397975915423796, centre: 0.00918968812442214),
        Reference(count: 200, shift: 0.005, rankSum: 11116, pValue: 0.09700464954247068, centre: 0.005506949874064632),
        Reference(count: 400, shift: 0.004, rankSum: 43345, pValue: 0.08049705958790188, centre: 0.004203587872551047),
        Reference(
            count: 1000, shift: 0.003, rankSum: 265211, pValue: 0.05075944906557017, centre: 0.0030080792292455864),
    ]

    @Test(arguments: references)
    func `p-values and centres are SciPy's`(reference: Reference) {
        let values = Self.spread(reference.count, shift: reference.shift)
        let test = SignedRankTest(values, above: 0)
        #expect(test.rankSum == reference.rankSum)
        #expect(isClose(test.pValue, reference.pValue, tolerance: 1e-12))
        #expect(isClose(WalshAverages(values).median, reference.centre, tolerance: 1e-13))
    }

    /// Counts the patterns of signs, all of them, whose rank sum is at least that seen: by definition, not by tables.
    private func enumerated(_ differences: [Double], above margin: Double) -> (rankSum: Double, pValue: Double) {
        let distances = differences.map { $0 - margin }.filter { $0 != 0 }
        let sizes = distances.map { abs($0) }
        let ranks = sizes.map { size in
            Double(sizes.count { $0 < size }) + (Double(sizes.count { $0 == size }) + 1) / 2
        }
        let seen = zip(distances, ranks).reduce(0.0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
        var extreme = 0
        for pattern in 0..<(1 << ranks.count) {
            var sum = 0.0
            for (position, rank) in ranks.enumerated() where pattern >> position & 1 == 1 { sum += rank }
            if sum >= seen { extreme += 1 }
        }
        return (seen, Double(extreme) / Double(1 << ranks.count))
    }

    @Test func `p-values are those of all patterns of signs, with ties and zeros`() {
        var generator = TestGenerator(state: 11)
        for count in 1...12 {
            for _ in 0..<25 {
                // Few different values, exact in binary, so that sizes tie and some are exactly the margin.
                let values = (0..<count).map { _ in Double(Int(generator.next() >> 60) - 7) / 16 }
                for margin in [0, 0.125, -0.0625] {
                    let expected = enumerated(values, above: margin)
                    let test = SignedRankTest(values, above: margin)
                    #expect(test.rankSum == expected.rankSum)
                    #expect(test.pValue == expected.pValue, "\(values) above \(margin)")
                    #expect(test.count == values.count { $0 != margin })
                }
            }
        }
    }

    @Test func `ties and a zero are ranked by hand`() {
        // The zero goes; sizes .01 .01 | .02 .02 | .03 | .05 .05 have ranks 1.5 1.5 | 3.5 3.5 | 5 | 6.5 6.5.
        let test = SignedRankTest([0.02, -0.02, 0.05, 0.05, 0.01, 0, -0.01, 0.03], above: 0)
        #expect(test.rankSum == 23)
        #expect(test.pValue == 11.0 / 128)
        #expect(test.count == 7)
    }

    @Test func `a margin shifts the null hypothesis`() {
        #expect(SignedRankTest(Self.ten, above: 0).rankSum == 54)
        #expect(SignedRankTest(Self.ten, above: 0).pValue == 2.0 / 1024)
        // ln 1.05
        #expect(SignedRankTest(Self.ten, above: 0.04879016416943204).rankSum == 28)
        #expect(SignedRankTest(Self.ten, above: 0.04879016416943204).pValue == 0.5)
    }

    @Test func `nothing but zeros proves nothing`() {
        #expect(SignedRankTest([], above: 0).pValue == 1)
        #expect(SignedRankTest([0.5, 0.5], above: 0.5).pValue == 1)
    }

    /// The processor time of this thread: the wall clock would count what the machine does beside it.
    private func processorSeconds(_ body: () -> Void) -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let start = now()
        body()
        return now() - start
    }

    @Test func `a thousand pairs take less than a second, tied or not`() {
        let untied = Self.spread(1000, shift: 0.05)
        let tied = untied.map { ($0 * 128).rounded() / 128 }
        for values in [untied, tied] {
            var pValue = 1.0
            #expect(processorSeconds { pValue = SignedRankTest(values, above: 0).pValue } < 1)
            #expect(pValue < 1e-20)
        }
        var interval: ClosedRange<Double>?
        #expect(processorSeconds { interval = WalshAverages(untied).interval(tail: 0.001) } < 1)
        #expect(interval != nil)
    }

    @Test(arguments: [(0.01, 7), (0.0025, 9), (0.005 / 3, 10)])
    func `the fewest pairs are those whose one best pattern is rare enough`(tail: Double, count: Int) {
        #expect(SignedRankTest.countNeeded(for: tail) == count)
    }
}
