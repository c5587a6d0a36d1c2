import Metrics
import TestSupport
import Testing
import Timeline

struct BudgetVerdictTests {
    private let summary = RunSummary(run: .fixture(), records: RunSummaryTests.hundred).targets[0]

    private func verdict(
        _ metric: String, _ statistic: String?, _ comparison: Budget.Comparison, _ limit: Double
    ) -> BudgetVerdict {
        BudgetVerdict(
            Budget(metric: metric, statistic: statistic, comparison: comparison, limit: limit), of: summary)
    }

    @Test func `the whole interval decides`() {
        // TTFT p50 is 149.5 ms with the interval 139...160.
        #expect(verdict("ttft", "p50", .atMost, 170).outcome == .met)
        #expect(verdict("ttft", "p50", .atMost, 170).isCertain)
        #expect(verdict("ttft", "p50", .atMost, 150).outcome == .undecided)
        #expect(!verdict("ttft", "p50", .atMost, 150).isCertain)
        #expect(verdict("ttft", "p50", .atMost, 149).outcome == .undecided)
        #expect(!verdict("ttft", "p50", .atMost, 149).isCertain)
        #expect(verdict("ttft", "p50", .atMost, 120).outcome == .broken)
        #expect(verdict("ttft", "p50", .atMost, 120).isCertain)
        #expect(verdict("ttft", "p50", .atMost, 160).outcome == .met)
        #expect(verdict("ttft", "p50", .atMost, 138.9).outcome == .broken)
        #expect(verdict("ttft", "p50", .atMost, 139).outcome == .undecided)
        #expect(verdict("ttft", "p50", .atMost, 120).estimate?.value == 149.5)
    }

    @Test func `an open budget says about how many requests would decide it`() {
        // 149.5 in 139...160 of 100 requests: 155 is 5.5 away and the interval reaches 10.5, 100 * (10.5 / 5.5)^2 = 364.
        #expect(verdict("ttft", "p50", .atMost, 155).requestsNeeded == 370)
        #expect(verdict("ttft", "p50", .atMost, 149.5).requestsNeeded == nil)
        #expect(verdict("ttft", "p50", .atMost, 149.5001).requestsNeeded == nil)
        // Wilson's lower bound of n faultless requests is n / (n + 1.96^2), which passes .99 at n = 380.3.
        let share = verdict("success", nil, .atLeast, 0.99)
        #expect(share.outcome == .undecided && share.requestsNeeded == 390)
        #expect(verdict("success", nil, .atLeast, 1).requestsNeeded == nil)
    }

    @Test func `a figure that so few requests cannot bound is open, and one that never has an interval is not`() {
        #expect(verdict("ttft", "p99", .atMost, 900).outcome == .undecided)
        // The median alone is at least 139 ms, and the 99th percentile is no less.
        #expect(verdict("ttft", "p99", .atMost, 120).outcome == .broken)
        #expect(verdict("ttft", "p99", .atMost, 120).isCertain)
        #expect(verdict("ttft", "max", .atMost, 900).outcome == .met)
        #expect(verdict("ttft", "max", .atMost, 199).outcome == .broken)
        #expect(!verdict("ttft", "p99", .atMost, 900).isCertain)
    }

    @Test func `a limit within the instrument's own error is not decided`() {
        let records = RunSummaryTests.hundred.map { record in
            var record = record
            for index in record.events.indices { record.events[index].lateBound = .milliseconds(50) }
            return record
        }
        let late = RunSummary(run: .fixture(), records: records).targets[0]
        func verdict(_ limit: Double, _ summary: TargetSummary) -> BudgetVerdict {
            BudgetVerdict(Budget(metric: "ttft", statistic: "p50", comparison: .atMost, limit: limit), of: summary)
        }
        // TTFT p50 is 149.5 ms with the interval 139...160, and could be 50 ms less.
        #expect(verdict(120, late).isWithinMeasurementError)
        #expect(!verdict(120, late).isCertain)
        #expect(verdict(120, late).outcome == .undecided)
        #expect(!verdict(120, summary).isWithinMeasurementError)
        #expect(!verdict(90, late).isWithinMeasurementError)
        #expect(verdict(90, late).isCertain)
    }

    @Test func `shares and rates are floors`() {
        // Wilson's bound for 100 of 100 is .963.
        #expect(verdict("success", nil, .atLeast, 0.99).outcome == .undecided)
        #expect(verdict("success", nil, .atLeast, 0.96).outcome == .met)
        #expect(!verdict("success", nil, .atLeast, 0.99).isCertain)
        #expect(verdict("success", nil, .atLeast, 0.9).isCertain)
        #expect(verdict("output_throughput", nil, .atLeast, 1e6).outcome == .broken)
    }

    @Test func `what cannot be judged is broken and says why`() {
        #expect(verdict("goodput", nil, .atLeast, 0.9).reason == "goodput needs limits on requests: set slo:")
        #expect(verdict("ttf", "p50", .atMost, 9).reason == "there is no metric named ttf")
        #expect(
            verdict("ttft", nil, .atMost, 9).reason
                == "ttft is not a figure: write one of ttft.mean, ttft.min, ttft.p50, ttft.p75, ttft.p90, ttft.p95, "
                + "ttft.p99, ttft.p99.9, ttft.max")
        #expect(verdict("success", "p50", .atLeast, 1).reason?.hasPrefix("success has one value a run") == true)
        #expect(verdict("input_tokens", "p50", .atMost, 9).reason == "no complete stream has a value of input_tokens")
        #expect(verdict("ttft", "p98", .atMost, 9).outcome == .broken)
        let empty = RunSummary(run: .fixture(), records: []).targets[0]
        let budget = Budget(metric: "ttft", statistic: "p50", comparison: .atMost, limit: 9)
        #expect(BudgetVerdict(budget, of: empty).reason == "no request was measured")
        let failed = RunSummary(run: .fixture(), records: [StreamRecord(diagram: "x", tick: .milliseconds(1))])
        #expect(BudgetVerdict(budget, of: failed.targets[0]).reason == "none of the 1 measured attempts is complete")
    }
}
