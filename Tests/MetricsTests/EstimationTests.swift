import Metrics
import Testing
import Timeline

/// Tokens that nobody counted are estimates, which are shown and decide nothing.
struct EstimationTests {
    /// Streams whose gaps are those given times 10 ms; the first few of them come with no count of the server's.
    private func records(_ gap: Double, uncounted: Int, side: Int = 0, paired: Bool = false) -> [StreamRecord] {
        (0..<100).map { index in
            let arrivals = (0..<10).map { 100 + Double($0) * gap * 10 + Double(index % 7) / 10 }
            var record = StreamRecord(
                arrivals: arrivals, tokens: arrivals.map { _ in index < uncounted ? nil : 1 },
                end: arrivals[9] + 1, requestIndex: index, sent: Instant(nanoseconds: Int64(index) * 1_000_000_000))
            record.target = side == 0 ? "target" : "other"
            if paired { record.pairIndex = index }
            return record
        }
    }

    private func summary(uncounted: Int) -> TargetSummary {
        let objectives = [RequestLimit(metric: "tpot", limit: 50)]
        return RunSummary(run: .fixture(objectives: objectives), records: records(1, uncounted: uncounted)).targets[0]
    }

    private func verdict(_ metric: String, _ statistic: String?, uncounted: Int) -> BudgetVerdict {
        let isShare = statistic == nil
        return BudgetVerdict(
            Budget(
                metric: metric, statistic: statistic, comparison: isShare ? .atLeast : .atMost,
                limit: isShare ? 0.5 : 50_000), of: summary(uncounted: uncounted))
    }

    @Test(arguments: ["tpot", "itl", "output_speed", "output_tokens", "tokens_per_event"])
    func `a budget per token is open where one stream's tokens were not counted`(metric: String) {
        #expect(verdict(metric, "p50", uncounted: 0).outcome == .met)
        let open = verdict(metric, "p50", uncounted: 1)
        #expect(open.outcome == .undecided && open.estimate?.value != nil)
        #expect(open.reason?.hasPrefix("nobody counted the tokens of 1 of 100 streams") == true)
    }

    @Test func `budgets that need no count are decided`() {
        #expect(verdict("ttft", "p50", uncounted: 100).outcome == .met)
        #expect(verdict("icl", "p50", uncounted: 100).outcome == .met)
        #expect(verdict("success", nil, uncounted: 100).outcome == .met)
    }

    @Test func `goodput is open where its limits are per token`() {
        #expect(verdict("goodput", nil, uncounted: 0).outcome == .met)
        #expect(verdict("goodput", nil, uncounted: 100).outcome == .undecided)
    }

    @Test func `a history neither keeps nor judges an estimate`() {
        let counted = HistoryEntry(RunSummary(run: .fixture(), records: records(1, uncounted: 0)))
        let run = RunSummary(run: .fixture(), records: records(1, uncounted: 100))
        #expect(counted.figures["target"]?["tpot.p50"] != nil)
        let entry = HistoryEntry(run)
        #expect(entry.figures["target"]?["tpot.p50"] == nil && entry.figures["target"]?["ttft.p50"] != nil)
        let verdicts = HistoryVerdict.figures.map {
            HistoryVerdict(target: "target", figure: $0, value: 100, history: (0..<12).map { 100 + Double($0) / 10 })
        }
        let withheld = run.withheld(verdicts)
        #expect(withheld.map(\.verdict) == [.passed, .inconclusive])
        #expect(withheld[1].reason?.hasPrefix("nobody counted") == true)
    }

    @Test func `pairs with an estimate have no value per token`() {
        func pairs(uncounted: Int) -> PairedSample {
            let sides = [0, 1].map { side in
                TargetSample(
                    run: .fixture(), target: .fixture(name: side == 0 ? "target" : "other"),
                    records: records(1, uncounted: side == 0 ? 0 : uncounted, side: side, paired: true))
            }
            let metrics = ["ttft", "tpot"].compactMap(MetricCatalogue.named)
            return PairedSample(
                AttemptPair.pairs(baseline: sides[0], candidate: sides[1], of: 1), metrics: metrics,
                requestsPerBlock: 1)
        }
        #expect(pairs(uncounted: 0).values.map(\.baseline.count) == [100, 100])
        #expect(pairs(uncounted: 30).values.map(\.baseline.count) == [100, 70])
    }

    @Test func `an estimate is best nowhere, and beats nobody`() {
        func sample(_ gap: Double, _ uncounted: Int) -> TargetSample {
            TargetSample(run: .fixture(), target: .fixture(), records: records(gap, uncounted: uncounted))
        }
        let counted = Leaderboard([(label: "fast", sample: sample(1, 0)), (label: "slow", sample: sample(3, 0))])
        #expect(counted.entries[0].isBest[1] && !counted.entries[1].isUnbeaten)
        for uncounted in [(100, 0), (0, 100)] {
            let board = Leaderboard([
                (label: "fast", sample: sample(1, uncounted.0)), (label: "slow", sample: sample(3, uncounted.1)),
            ])
            #expect(board.entries.allSatisfy { !$0.isBest[1] && $0.isUnbeaten })
            #expect(board.entries.map { $0.isEstimated[1] } == [uncounted.0 > 0, uncounted.1 > 0])
        }
    }
}
