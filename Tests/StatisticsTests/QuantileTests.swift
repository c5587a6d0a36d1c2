import Statistics
import Testing

struct QuantileTests {
    @Test func `quantiles are those of NumPy's default`() {
        // np.quantile([12, 15, 11, 40, 13, 14, 90, 12.5, 13.5, 16], [.5, .9, .95, .99])
        let sample = SortedSample([12, 15, 11, 40, 13, 14, 90, 12.5, 13.5, 16])
        #expect(sample.quantile(0.5) == 13.75)
        #expect(isClose(sample.quantile(0.9), 45))
        #expect(isClose(sample.quantile(0.95), 67.5))
        #expect(isClose(sample.quantile(0.99), 85.5))
    }
}

/// Whether two numbers agree to the given relative tolerance.
func isClose(_ left: Double?, _ right: Double, tolerance: Double = 1e-12) -> Bool {
    guard let left else { return false }
    return abs(left - right) <= tolerance * max(1, abs(right))
}
