import Statistics
import Testing

struct PairedFailureTests {
    private func failures(_ pairs: Int, _ onlyBaseline: Int, _ onlyCandidate: Int) -> PairedFailures {
        PairedFailures(pairs: pairs, onlyBaseline: onlyBaseline, onlyCandidate: onlyCandidate)
    }

    @Test func `a baseline that never fails leaves a plain binomial test, or little more`() {
        // scipy.stats.binom.sf(19, 400, .02) = 2.117e-4; the baseline may fail in up to 3 % unseen, which costs a little.
        let pValue = failures(400, 0, 20).pValue(above: 0.02)
        #expect(pValue >= 2.117e-4)
        #expect(pValue < 2.5e-3)
        #expect(failures(400, 0, 8).pValue(above: 0.02) > 0.3)
        #expect(failures(400, 0, 0).pValue(above: 0.02) > 0.999)
    }

    @Test func `faultless pairs bound the difference as the rule of three does`() {
        // 1 - .025^(1/400) = .00918; the interval is two-sided around 0.
        let interval = failures(400, 0, 0).interval(tail: 0.025)
        #expect(isClose(interval.upperBound, 0.00918, tolerance: 0.0005))
        #expect(isClose(interval.lowerBound, -0.00918, tolerance: 0.0005))
    }

    @Test func `mirrored counts have mirrored intervals`() {
        let one = failures(200, 3, 17).interval(tail: 0.01)
        let other = failures(200, 17, 3).interval(tail: 0.01)
        #expect(isClose(one.lowerBound, -other.upperBound, tolerance: 2e-4))
        #expect(isClose(one.upperBound, -other.lowerBound, tolerance: 2e-4))
        #expect(one.contains(0.07))
        #expect(one.lowerBound > 0)
    }

    @Test(arguments: [(0.0, 0.02), (0.01, 0.03), (0.2, 0.22)])
    func `on the margin the test is wrong no more often than it says`(baseline: Double, candidate: Double) {
        // Every p-value is computed once for the counts that occur.
        var generator = TestGenerator(state: 17)
        var known: [[Int]: Double] = [:]
        var wrong = 0
        let trials = 2_000
        for _ in 0..<trials {
            var counts = [0, 0]
            for _ in 0..<150 {
                let draw = Double(generator.next() >> 11) * 0x1p-53
                if draw < baseline { counts[0] += 1 } else if draw < baseline + candidate { counts[1] += 1 }
            }
            let pValue = known[counts] ?? failures(150, counts[0], counts[1]).pValue(above: candidate - baseline)
            known[counts] = pValue
            if pValue <= 0.05 { wrong += 1 }
        }
        // .05 and four standard errors of 2,000 trials
        #expect(Double(wrong) / Double(trials) < 0.05 + 4 * 0.0049)
    }

    @Test func `what could be seen is seen as often as it says`() throws {
        let detectable = try #require(failures(200, 0, 0).detectable(above: 0.02, tail: 0.002))
        var generator = TestGenerator(state: 23)
        var found = 0
        for _ in 0..<1_000 {
            var count = 0
            for _ in 0..<200 where Double(generator.next() >> 11) * 0x1p-53 < detectable { count += 1 }
            if failures(200, 0, count).pValue(above: 0.02) <= 0.002 { found += 1 }
        }
        #expect((750...850).contains(found))
        #expect(failures(5, 0, 0).detectable(above: 0.02, tail: 1e-9) == nil)
    }

    @Test func `no pairs decide nothing`() {
        #expect(failures(0, 0, 0).pValue(above: 0.02) == 1)
        #expect(failures(0, 0, 0).difference == nil)
    }
}
