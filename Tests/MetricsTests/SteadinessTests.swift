import Glibc
import Metrics
import Testing
import Timeline

/// When a run may be said to have drifted, counted in worlds where it did and where it did not.
struct SteadinessTests {
    /// TTFT of 300 ms times exp(AR(1) of 10 % with a memory of so many requests + N(0, .3)), 2 of 100 with heavy tails,
    /// and times what the course of the run does.
    private func values(
        _ count: Int, memory: Double, seed: UInt64, course: (Double) -> Double = { _ in 1 }
    ) -> [Double] {
        var generator = SeededGenerator(seed: seed, purpose: "steadiness")
        func normal() -> Double {
            (-2 * log(generator.unitInterval())).squareRoot() * cos(2 * .pi * generator.unitInterval())
        }
        let kept = exp(-1 / memory)
        var drift = 0.1 * normal()
        return (0..<count).map { index in
            drift = kept * drift + (1 - kept * kept).squareRoot() * 0.1 * normal()
            let spike = generator.unitInterval() < 0.02 ? 2 + 4 * generator.unitInterval() : 1
            return 300 * exp(drift + 0.3 * normal()) * spike * course(Double(index) / Double(count))
        }
    }

    private func drifted(_ runs: Int, of count: Int, memory: Double, course: (Double) -> Double = { _ in 1 }) -> Int {
        (0..<runs).count { seed in
            if case .drifted = Steadiness(values(count, memory: memory, seed: UInt64(seed), course: course)).verdict {
                return true
            }
            return false
        }
    }

    @Test(arguments: [40, 100, 300], [1.0, 10, 60])
    func `of 400 steady runs whose requests hang together at most 4 are refused`(count: Int, memory: Double) {
        #expect(drifted(400, of: count, memory: memory) <= 4)
    }

    @Test func `a run whose latency triples is refused, and one whose latency falls as much`() {
        let rising = drifted(100, of: 400, memory: 10) { 1 + 2 * $0 }
        let falling = drifted(100, of: 400, memory: 10) { 1 / (1 + 2 * $0) }
        // NumPy counts 52 and 58 of 100.
        #expect(rising >= 35 && falling >= 35, "\(rising) and \(falling)")
    }

    @Test func `a warm-up is named with its requests, and is no drift`() {
        let course = { (place: Double) in place < 0.1 ? 3.0 : 1.0 }
        var named = 0
        for seed in 0..<100 {
            switch Steadiness(values(200, memory: 1, seed: UInt64(seed), course: course)).verdict {
            case .warmedUp(let requests, let factor) where 20...50 ~= requests && factor > 1.2: named += 1
            case .drifted: Issue.record("seed \(seed) drifted")
            default: break
            }
        }
        #expect(named >= 80, "\(named)")
    }

    private func summary(_ values: [Double], _ source: ImportSource? = nil) -> TargetSummary {
        var run = RunDescription.fixture()
        run.importedFrom = source
        let records = values.enumerated().map { index, value in
            StreamRecord(
                arrivals: [value, value + 10], tokens: [1, 1], end: value + 11, requestIndex: index,
                sent: Instant(nanoseconds: Int64(index) * 1_000_000_000))
        }
        return RunSummary(run: run, records: records).targets[0]
    }

    @Test func `a run that never got steady says so, and its latency budgets are not decided`() throws {
        let rising = summary((0..<100).map { 100 + 5 * Double($0) })
        let sentence = try #require(rising.unsteadiness)
        // The medians of the first and the last 25: 160 and 535 ms.
        #expect(
            sentence.hasPrefix(
                "Never steady: from the first quarter of the requests to the last the median TTFT went up to 3.3 times")
        )
        #expect(rising.warnings.first == sentence)
        func outcome(_ summary: TargetSummary, _ metric: String, _ statistic: String?, _ limit: Double) -> BudgetVerdict
        {
            BudgetVerdict(
                Budget(
                    metric: metric, statistic: statistic, comparison: statistic == nil ? .atLeast : .atMost,
                    limit: limit),
                of: summary)
        }
        let refused = outcome(rising, "ttft", "p50", 10_000)
        #expect(refused.outcome == .undecided && refused.reason == sentence)
        #expect(outcome(rising, "success", nil, 0.5).outcome == .met)
        let level = summary((0..<100).map { Double(100 + $0 * 37 % 101) })
        #expect(level.unsteadiness == nil)
        #expect(outcome(level, "ttft", "p50", 10_000).outcome == .met)
        // A file without instants tells no order to drift in.
        let source = ImportSource(tool: "LLMPerf", tellsStarts: false)
        #expect(summary((0..<100).map { 100 + 5 * Double($0) }, source).unsteadiness == nil)
    }
}
