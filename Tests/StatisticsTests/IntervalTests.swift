import Statistics
import Testing

struct IntervalTests {
    struct Ranks: Sendable {
        var count: Int
        var quantile: Double
        var lower: Int
        var upper: Int
    }

    // From scipy.stats.binom: max(k for k in range(1, n + 1) if binom.cdf(k - 1, n, q) <= .025) and
    // min(k for k in range(1, n + 1) if binom.sf(k - 1, n, q) <= .025)
    static let ranks = [
        Ranks(count: 10, quantile: 0.5, lower: 2, upper: 9),
        Ranks(count: 17, quantile: 0.75, lower: 9, upper: 17),
        Ranks(count: 100, quantile: 0.5, lower: 40, upper: 61),
        Ranks(count: 200, quantile: 0.95, lower: 184, upper: 197),
        Ranks(count: 500, quantile: 0.99, lower: 490, upper: 500),
        Ranks(count: 1000, quantile: 0.99, lower: 983, upper: 997),
        Ranks(count: 3688, quantile: 0.999, lower: 3680, upper: 3688),
        Ranks(count: 5000, quantile: 0.99, lower: 4936, upper: 4964),
        Ranks(count: 12_345, quantile: 0.9, lower: 11_045, upper: 11_176),
        Ranks(count: 1_000_000, quantile: 0.5, lower: 499_020, upper: 500_981),
        Ranks(count: 1_000_000, quantile: 0.99, lower: 989_805, upper: 990_196),
        Ranks(count: 1_000_000, quantile: 0.999, lower: 998_938, upper: 999_062),
    ]

    @Test(arguments: ranks)
    func `ranks are those of the exact binomial distribution`(expected: Ranks) throws {
        let ranks = try #require(OrderStatisticRanks(count: expected.count, quantile: expected.quantile))
        #expect(ranks.lower == expected.lower)
        #expect(ranks.upper == expected.upper)
    }

    @Test(arguments: [(0.5, 6), (0.9, 36), (0.95, 72), (0.99, 368), (0.999, 3688)])
    func `a quantile is bounded from the needed count on`(quantile: Double, needed: Int) {
        // math.ceil(math.log(.025) / math.log(max(q, 1 - q)))
        #expect(OrderStatisticRanks.countNeeded(quantile: quantile) == needed)
        #expect(OrderStatisticRanks(count: needed, quantile: quantile) != nil)
        #expect(OrderStatisticRanks(count: needed - 1, quantile: quantile) == nil)
    }

    @Test(arguments: [(0.5, 8), (0.9, 51), (0.95, 104), (0.99, 528), (0.999, 5296)])
    func `a higher confidence needs more`(quantile: Double, needed: Int) {
        #expect(OrderStatisticRanks.countNeeded(quantile: quantile, level: 0.99) == needed)
        #expect(OrderStatisticRanks(count: needed, quantile: quantile, level: 0.99) != nil)
        #expect(OrderStatisticRanks(count: needed - 1, quantile: quantile, level: 0.99) == nil)
    }

    @Test func `the interval of a quantile runs between two values of the sample`() {
        let sample = SortedSample((1...200).map { Double($0) })
        #expect(sample.quantileInterval(0.95) == 184...197)
        #expect(sample.quantileInterval(0.99) == nil)
    }

    @Test func `the interval of a mean is Student's`() {
        // stats.t.interval(.95, 9, loc=np.mean(x), scale=stats.sem(x))
        let interval = SortedSample([12, 15, 11, 40, 13, 14, 90, 12.5, 13.5, 16]).meanInterval()
        #expect(isClose(interval?.lowerBound, 5.96357218899551))
        #expect(isClose(interval?.upperBound, 41.43642781100449))
        // stats.t.interval(.95, 1, loc=1.5, scale=stats.sem([1, 2]))
        #expect(isClose(SortedSample([1, 2]).meanInterval()?.upperBound, 7.853102368087347))
        #expect(SortedSample([1]).meanInterval() == nil)
        // stats.t.interval(.99, 4999, loc=np.mean(np.arange(5000) ** .5), scale=stats.sem(np.arange(5000) ** .5))
        let many = SortedSample((0..<5000).map { Double($0).squareRoot() }).meanInterval(level: 0.99)
        #expect(isClose(many?.lowerBound, 46.52573170322137))
        #expect(isClose(many?.upperBound, 47.7409474005735))
    }

    @Test func `the interval of a share is Wilson's`() {
        // scipy.stats.binomtest(s, n).proportion_ci(method='wilson')
        let expected: [(Int, Int, Double, Double)] = [
            (8, 10, 0.4901624715366418, 0.9433178485456248), (0, 5, 0, 0.43448246478317476),
            (5, 5, 0.5655175352168251, 1), (929, 938, 0.9818658309602681, 0.9949440040537452),
            (1, 1, 0.20654931437723745, 1),
        ]
        for (successes, trials, lower, upper) in expected {
            let interval = Proportion(successes: successes, of: trials).interval()
            #expect(isClose(interval?.lowerBound, lower))
            #expect(isClose(interval?.upperBound, upper))
        }
        #expect(Proportion(successes: 0, of: 0).interval() == nil)
        #expect(Proportion(successes: 3, of: 2).interval() == nil && Proportion(successes: 1, of: -1).interval() == nil)
        #expect(Proportion(successes: 0, of: 0).value == nil)
    }
}

struct RunToRunNoiseTests {
    @Test func `an interval is widened by the noise of both runs`() throws {
        // ln(1.2 / 1.0) / (2 * 1.959964) = 0.0465116; sqrt(0.0465116^2 + 2 ln(1.03)^2) = 0.0625361;
        // 1.1 exp(-+1.959964 * 0.0625380) = 0.973110, 1.243436
        let wide = try #require(RunToRunNoise.widened(1.0...1.2, around: 1.1, noise: 0.03))
        #expect(abs(wide.lowerBound - 0.973110) < 2e-6)
        #expect(abs(wide.upperBound - 1.243436) < 2e-6)
        #expect(RunToRunNoise.widened(0...1.2, around: 0.5, noise: 0.03) == nil)
    }
}
