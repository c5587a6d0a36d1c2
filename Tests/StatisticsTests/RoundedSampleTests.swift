import Statistics
import Testing
import Timeline

@Suite struct RoundedSampleTests {
    @Test func `quantiles of skewed values are within a thousandth of the exact ones`() throws {
        var generator = SeededGenerator(seed: 5)
        var rounded = RoundedSample()
        var values: [Double] = []
        for _ in 0..<3000 {
            let value = 0.01 + 1e5 * generator.unitInterval() * generator.unitInterval() * generator.unitInterval()
            values.append(value)
            rounded.add(value)
        }
        let exact = SortedSample(values)
        for probability in [0, 0.01, 0.5, 0.9, 0.99, 1] {
            let (found, expected) = (rounded.quantile(probability), exact.quantile(probability))
            #expect(abs(try #require(found) / (try #require(expected)) - 1) < 0.0005)
        }
    }

    @Test func `a weight counts a value so many times, and what is not above zero is zero`() {
        var sample = RoundedSample()
        #expect(sample.quantile(0.5) == nil)
        sample.add(0)
        sample.add(-3)
        sample.add(.nan)
        sample.add(8, weight: 2)
        #expect(sample.count == 4)
        #expect(sample.quantile(0) == 0)
        // Between the second of 0, 0, 8, 8 and the third.
        #expect(abs((sample.quantile(0.5) ?? 0) - 4) < 0.004)
        #expect(abs((sample.quantile(1) ?? 0) - 8) < 0.008)
    }
}
