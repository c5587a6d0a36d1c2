import Metrics
import TestSupport
import Testing
import Timeline

struct TargetComparisonTests {
    private func sample(_ records: [StreamRecord]) -> TargetSample {
        TargetSample(run: .fixture(), target: .fixture(), records: records)
    }

    /// Streams whose times to first token are `factor` times those of `RunSummaryTests.hundred`.
    private func slower(by factor: Double) -> [StreamRecord] {
        RunSummaryTests.hundred.enumerated().map { index, record in
            let first = factor * Double(100 + index * 37 % 101)
            return StreamRecord(
                arrivals: [first, first + 10, first + 30], tokens: [1, 1, 2], end: first + 31, requestIndex: index,
                sent: record.planned)
        }
    }

    private func figure(_ comparison: TargetComparison, _ metric: String, _ statistic: Statistic) -> ComparedFigure? {
        comparison.figures.first { $0.metric.name == metric && $0.statistic == statistic }
    }

    @Test func `a target twice as slow is twice the other, with an interval around it`() throws {
        let comparison = TargetComparison(
            baseline: ("A", sample(RunSummaryTests.hundred)), candidate: ("B", sample(slower(by: 2))))
        #expect(comparison.baseline == "A")
        #expect(comparison.candidate == "B")
        #expect(
            comparison.figures.map { "\($0.metric.name).\($0.statistic.rawValue)" } == [
                "ttft.p50", "ttft.p95", "tpot.p50", "itl.p50", "itl.p99", "e2e.p50", "output_speed.p50",
                "output_throughput.value", "success.value",
            ])
        let firstToken = try #require(figure(comparison, "ttft", .p50))
        #expect(firstToken.baseline == 149.5)
        #expect(firstToken.candidate == 299)
        #expect(firstToken.ratio == 2)
        // FNV-1a over both runs' and targets' names and the metric, each ended by a zero byte: its upper half.
        #expect(firstToken.method == "bootstrap B=2000 seed=1814554675")
        // np.quantile of 40,000 ratios of medians, both sides drawn anew: [1.826, 2.194]
        let interval = try #require(firstToken.interval)
        #expect(isClose(interval.lowerBound, 1.826, tolerance: 0.02))
        #expect(isClose(interval.upperBound, 2.194, tolerance: 0.02))
    }

    @Test func `what shows no spread has no interval`() throws {
        let same = sample(RunSummaryTests.hundred)
        let comparison = TargetComparison(baseline: ("A", same), candidate: ("A again", same))
        let success = try #require(figure(comparison, "success", .value))
        #expect(success.ratio == 1)
        #expect(success.interval == nil)
        let throughput = try #require(figure(comparison, "output_throughput", .value))
        #expect(throughput.ratio == 1)
        #expect(throughput.interval == nil)
        #expect(throughput.method == "none")
    }

    @Test func `without a baseline value there is no ratio`() throws {
        let none = sample([StreamRecord(diagram: "x", tick: .milliseconds(1))])
        let comparison = TargetComparison(
            baseline: ("none", none), candidate: ("B", sample(RunSummaryTests.hundred)))
        #expect(figure(comparison, "ttft", .p50)?.baseline == nil)
        #expect(figure(comparison, "ttft", .p50)?.ratio == nil)
        #expect(figure(comparison, "success", .value)?.baseline == 0)
        #expect(figure(comparison, "success", .value)?.ratio == nil)
        #expect(figure(comparison, "success", .value)?.interval == nil)
    }
}
