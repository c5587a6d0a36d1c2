import Statistics
import Testing

struct SteadinessTests {
    @Test func `MSER-5 cuts the falling front and keeps the steady rest`() throws {
        // 25 samples falling from 900 to 330, then 175 around 300: five batches go.
        let front = (0..<25).map { 900 - Double($0) * 570 / 24 }
        let rest = (0..<175).map { 300 + Double($0 * 7919 % 31) - 15 }
        let found = try #require(WarmUpDetection(front + rest))
        #expect(found.warmUpCount == 25 && !found.isNeverSteady)
    }

    @Test func `MSER-5 gives NumPy's cut, and says when nothing of it is steady`() throws {
        // Batch means 1, 2, ..., 12: sum((Y[d:] - mean)^2) / (12 - d)^2 is least at d = 6, half of them.
        let rising = (0..<60).map { Double($0 / 5 + 1) }
        #expect(WarmUpDetection(rising)?.warmUpCount == 30)
        #expect(WarmUpDetection(rising)?.isNeverSteady == true)
        // All equal: nothing is cut.
        #expect(WarmUpDetection([Double](repeating: 3, count: 60))?.warmUpCount == 0)
        #expect(WarmUpDetection([Double](repeating: 3, count: 49)) == nil)
    }

    @Test func `the trend statistic is that of NumPy`() throws {
        // r = ranks - mean; b = x.r / x.x; S = cumsum(x (r - b x)); |x.r| / sqrt(mean(S^2)) with x = arange(8) - 3.5
        let statistic = try #require(TrendTest([3, 1, 4, 1.5, 5, 9, 2, 6]).statistic)
        #expect(abs(statistic - 8.6697525214) < 1e-9)
        let tied = try #require(TrendTest([1, 1, 2, 2, 2, 3, 1, 3]).statistic)
        #expect(abs(tied - 6.5630342490) < 1e-9)
        #expect(TrendTest([5, 5, 5, 5]).statistic == nil)
        #expect(TrendTest([1, 2]).statistic == nil)
        let line = try #require(TrendTest((0..<20).map(Double.init)).statistic)
        #expect(line > 1e6)
    }
}
