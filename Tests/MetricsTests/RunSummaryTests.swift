import Metrics
import TestSupport
import Testing
import Timeline

struct RunSummaryTests {
    /// A hundred streams whose times to first token are 100 + 37 i mod 101 ms.
    static let hundred: [StreamRecord] = (0..<100).map { index in
        let first = Double(100 + index * 37 % 101)
        return StreamRecord(
            arrivals: [first, first + 10, first + 30], tokens: [1, 1, 2], end: first + 31, requestIndex: index,
            sent: Instant(nanoseconds: Int64(index) * 1_000_000_000))
    }

    private func summary(
        _ records: [StreamRecord], run: RunDescription = .fixture()
    ) -> TargetSummary {
        RunSummary(run: run, records: records).targets[0]
    }

    private func records(_ diagrams: [String], phase: RequestPhase = .measured) -> [StreamRecord] {
        diagrams.enumerated().map { index, diagram in
            StreamRecord(
                diagram: diagram, tick: .milliseconds(100),
                start: Instant(nanoseconds: 1_000_000_000 * Int64(index)), requestIndex: index, phase: phase)
        }
    }

    @Test func `figures of requests have type-7 values and order-statistic intervals`() throws {
        let firstToken = try #require(summary(Self.hundred)[metric: "ttft"])
        // t = [100 + (i * 37) % 101 for i in range(100)]; np.quantile(t, q), np.mean(t)
        let expected: [(Statistic, Double)] = [
            (.mean, 149.86), (.min, 100), (.p50, 149.5), (.p75, 175.25), (.p90, 190.1), (.p95, 195.05),
            (.p99, 199.01), (.p999, 199.901), (.max, 200),
        ]
        for (statistic, value) in expected { #expect(isClose(firstToken[statistic]?.value, value)) }
        #expect(firstToken.estimates.map(\.statistic) == expected.map(\.0))
        // np.sort(t)[[39, 60]] and so on, by the ranks of the exact binomial distribution
        #expect(firstToken[.p50]?.interval == 139...160)
        #expect(firstToken[.p75]?.interval == 166...184)
        #expect(firstToken[.p90]?.interval == 184...196)
        #expect(firstToken[.p95]?.interval == 190...200)
        #expect(firstToken[.p50]?.method == "order_statistic")
        #expect(firstToken[.p99]?.interval == nil)
        #expect(firstToken[.p99]?.countNeeded == 368)
        #expect(firstToken[.p95]?.countNeeded == nil)
        #expect(firstToken[.p95]?.count == 100)
    }

    @Test func `figures of gaps count requests and resample them`() throws {
        let latency = try #require(summary(Self.hundred)[metric: "itl"])
        // One token of 10 ms and two of 10 ms in each stream: 10 and 20 / 2.
        #expect(latency[.p50]?.value == 10)
        #expect(latency[.p50]?.count == 100)
        #expect(latency[.p50]?.method == "cluster_bootstrap B=2000 seed=1675942092")
        let chunks = try #require(summary(Self.hundred)[metric: "icl"])
        #expect(chunks[.mean]?.value == 15)
        #expect(chunks[.max]?.value == 20)
        let few = try #require(summary(Array(Self.hundred.prefix(9)))[metric: "icl"])
        #expect(few[.p50]?.interval == nil)
        #expect(few[.p50]?.countNeeded == 10)
    }

    @Test func `only complete measured streams enter latency, and all attempts the success rate`() throws {
        let warmup = records(["-----a|"], phase: .warmup)
        let target = summary(warmup + records(["-a-b|", "---a-b|", "a--x", "x"]))
        #expect(target.warmupAttempts == 1)
        #expect(target.attempts == 4)
        #expect(target.complete == 2)
        #expect(target[metric: "ttft"]?[.p50]?.value == 200)
        #expect(target[metric: "ttft"]?[.p50]?.count == 2)
        #expect(target[metric: "success"]?[.value]?.value == 0.5)
        #expect(target[metric: "success"]?[.value]?.method == "wilson")
        #expect(target.outcomes.map(\.outcome) == [.ok, .truncated])
        #expect(target.outcomes.map(\.count) == [2, 2])
    }

    @Test func `a record without every event gives no gaps to the figures`() {
        var imported = StreamRecord(diagram: "-a----b|", tick: .milliseconds(10), usage: TokenUsage(output: 6))
        imported.hasEveryEvent = false
        let target = summary([imported])
        #expect(target[metric: "itl"]?[.p50]?.value == nil)
        #expect(target[metric: "itl"]?[.p50]?.count == 0)
        #expect(target[metric: "tpot"]?[.p50]?.value == 10)
        #expect(target.error.eventsPerRead == nil)
    }

    @Test func `the window of a number of requests ends with the last one`() {
        // Sends at 0 and 1 s; ends at 0.4 s and 1.5 s; 2 + 3 tokens.
        let target = summary(records(["-a-b|", "-abc-|"]), run: .fixture(amount: .requests(2)))
        #expect(target.windowStart == Instant(nanoseconds: 0))
        #expect(target.windowEnd == Instant(nanoseconds: 1_500_000_000))
        #expect(isClose(target[metric: "output_throughput"]?[.value]?.value, 5 / 1.5))
        #expect(isClose(target[metric: "request_throughput"]?[.value]?.value, 2 / 1.5))
    }

    @Test func `tokens and ends after a planned end do not count in throughput`() {
        let end = Instant(nanoseconds: 1_250_000_000)
        let run = RunDescription.fixture(
            amount: .duration(.seconds(1.25)), objectives: [RequestLimit(metric: "ttft", limit: 500)],
            targets: [.fixture(plannedEnd: end)])
        // The second stream's tokens come at 1.1, 1.2 and 1.3 s, its end at 1.5 s.
        let target = summary(records(["-a-b|", "-abc-|"]), run: run)
        #expect(target.windowEnd == end)
        #expect(isClose(target[metric: "output_throughput"]?[.value]?.value, 4 / 1.25))
        #expect(isClose(target[metric: "request_throughput"]?[.value]?.value, 1 / 1.25))
        #expect(isClose(target[metric: "goodput_rps"]?[.value]?.value, 1 / 1.25))
        #expect(target[metric: "goodput"]?[.value]?.value == 1)
        #expect(target[metric: "ttft"]?[.p50]?.count == 2)
    }

    @Test func `a run that was stopped early has no load until its planned end`() {
        let run = RunDescription.fixture(
            amount: .duration(.seconds(60)), targets: [.fixture(plannedEnd: Instant(nanoseconds: 60_000_000_000))],
            status: .interrupted)
        #expect(summary(records(["-a-b|"]), run: run).windowEnd == Instant(nanoseconds: 400_000_000))
    }

    @Test func `goodput counts every attempt, and needs limits`() {
        let limits = [RequestLimit(metric: "ttft", limit: 200)]
        let diagrams = ["-a-b|", "---a-b|", "-a-x", "--a|"]
        let target = summary(records(diagrams), run: .fixture(objectives: limits))
        #expect(target[metric: "goodput"]?[.value]?.value == 0.5)
        #expect(target[metric: "goodput"]?[.value]?.count == 4)
        let without = summary(records(diagrams))
        #expect(without[metric: "goodput"]?[.value]?.value == nil)
        #expect(without[metric: "goodput_rps"]?[.value]?.value == nil)
    }

    @Test func `targets keep the run's order and their own requests`() {
        var other = StreamRecord(diagram: "----a|", tick: .milliseconds(100), target: "other")
        other.servedModel = "other-1"
        let run = RunDescription.fixture(targets: [.fixture(name: "other"), .fixture()])
        let summary = RunSummary(run: run, records: records(["-a|", "x"]) + [other])
        #expect(summary.targets.map(\.target.name) == ["other", "target"])
        #expect(summary.targets.map { $0[metric: "ttft"]?[.p50]?.value } == [400, 100])
        #expect(summary.targets[0].servedModels == ["other-1": 1])
        #expect(isClose(summary.errorRate, 1.0 / 3))
    }

    @Test func `a run without a request has no figures and breaks nothing`() {
        let target = summary([])
        #expect(target.attempts == 0)
        #expect(target.metrics.count == MetricCatalogue.all.count)
        #expect(target.metrics.allSatisfy { $0.estimates.allSatisfy { $0.value == nil && $0.interval == nil } })
        #expect(target.windowStart == nil)
        #expect(target.warnings.isEmpty)
    }

    @Test func `where tokens came from is counted`() {
        let usage = StreamRecord(diagram: "-a-é|", tick: .milliseconds(10), usage: TokenUsage(output: 6))
        let target = summary([usage, .golden] + records(["-a-b|"]))
        #expect(target.tokenSources == ["server_usage": 1, "server_events": 1, "events": 1])
        #expect(target.tokenBases == ["apportioned": 1, "server_events": 1, "events": 1])
        #expect(target.finishReasons == ["stop": 3])
        #expect(isClose(target.meanOutputTokens, (6.0 + 16 + 2) / 3))
    }
}
