import Testing
import Timeline

@testable import Wire

/// Time grows with a stream, not with its square, and memory not at all beyond what the stream's events need.
struct LinearTimeTests {
    @Test(arguments: HeavyLoad.all)
    func `twice the stream takes about twice the time`(_ load: HeavyLoad) throws {
        #expect(load.decoded(load.body(load.size))?.outcome.outcomeClass == load.outcome)
        // A busy machine can double the time of one measurement, but a square shows in every one.
        let ratios = (1...4).lazy.map { _ in
            let once = load.processorTime(size: load.size)
            let twice = load.processorTime(size: 2 * load.size)
            // A millisecond of each is left to chance.
            return Double(twice + 1_000_000) / Double(once + 1_000_000)
        }
        #expect(ratios.contains { $0 < 3.5 })
    }
}
