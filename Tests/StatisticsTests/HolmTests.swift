import Statistics
import Testing

struct HolmTests {
    @Test func `the smallest p-value pays for all, the next for those that are left`() {
        let adjusted = Holm.adjusted([0.0004, 0.004, 0.03, 0.2])
        for (value, expected) in zip(adjusted, [0.0016, 0.012, 0.06, 0.2]) { #expect(isClose(value, expected)) }
    }

    @Test func `the order of the tests does not matter, and no p-value falls below one before it`() {
        // .01 * 4 = .04; .02 * 3 = .06; .022 * 2 = .044, raised to .06; .9
        let adjusted = Holm.adjusted([0.9, 0.022, 0.01, 0.02])
        for (value, expected) in zip(adjusted, [0.9, 0.06, 0.04, 0.06]) { #expect(isClose(value, expected)) }
        #expect(Holm.adjusted([0.7, 0.6]) == [1, 1])
        #expect(Holm.adjusted([]) == [])
    }
}
