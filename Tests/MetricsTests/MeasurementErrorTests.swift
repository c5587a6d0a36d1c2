import Metrics
import TestSupport
import Testing
import Timeline

struct MeasurementErrorTests {
    private func summary(
        _ diagram: String, tick: Double = 10, load: LoadShape = .closed(concurrency: 1), copies: Int = 1,
        changing change: (inout StreamRecord) -> Void
    ) -> TargetSummary {
        var record = StreamRecord(diagram: diagram, tick: .milliseconds(tick))
        change(&record)
        let records = Array(repeating: record, count: copies)
        return RunSummary(run: .fixture(load: load), records: records).targets[0]
    }

    @Test(arguments: [false, true])
    func `the instrument's error is that of content and terminal events`(goesOn: Bool) {
        let target = summary("r-a-(bc)-d|") { record in
            for (index, late) in [50.0, 1, 2, 2, 3, 90].enumerated() {
                record.events[index].lateBound = .milliseconds(late)
                record.events[index].reading = record.events[index].arrival + .milliseconds(late / 2)
            }
            record.dispatched = record.planned + .milliseconds(4)
            guard goesOn, var late = record.events.last else { return }
            // What follows the end of a stream is no end.
            late.kind = .control
            late.lateBound = .milliseconds(200)
            record.events.append(late)
        }
        // Content 1, 2, 2, 3 and the terminal event's 90: np.quantile([1, 2, 2, 3, 90], [.5, .99, 1])
        #expect(target.error.lateBound?.p50 == 2)
        #expect(isClose(target.error.lateBound?.p99, 86.52))
        #expect(target.error.lateBound?.max == 90)
        #expect(target.error.lag?.max == 1.5)
        #expect(target.error.queueDelay?.max == 4)
        #expect(isClose(target.error.eventsPerRead, 4.0 / 3))
    }

    @Test func `figures have the range in which they would lie without delay`() {
        let target = summary("--a-b--c|") { record in
            for index in record.events.indices { record.events[index].lateBound = .milliseconds(2) }
        }
        #expect(target[metric: "ttft"]?[.p50]?.measurementRange == 18...20)
        #expect(target[metric: "ttft_sched"]?[.p50]?.measurementRange == 18...20)
        // Gaps of 20 and 30 ms, each 2 ms shorter or longer.
        #expect(target[metric: "icl"]?[.p50]?.measurementRange == 23...27)
        #expect(target[metric: "itl"]?[.max]?.measurementRange == 28...32)
        #expect(target[metric: "tpot"]?[.p50]?.measurementRange == 24...26)
        #expect(target[metric: "output_speed"]?[.p50]?.measurementRange == nil)
    }

    @Test func `no gap is shorter than nothing`() {
        let target = summary("--a-b|") { record in
            for index in record.events.indices { record.events[index].lateBound = .milliseconds(50) }
        }
        #expect(target[metric: "itl"]?[.p50]?.measurementRange == 0...70)
        #expect(target[metric: "ttft"]?[.p50]?.measurementRange == 0...20)
    }

    @Test func `a figure is limited from more than two percent on`() {
        // TTFT 100 ms, one gap of 100 ms, E2E 300 ms; only the first token is late.
        func limited(_ late: Double, copies: Int = 80) -> [String] {
            summary("-a-b|", tick: 100, copies: copies) { $0.events[0].lateBound = .milliseconds(late) }
                .error.limitedFigures
        }
        #expect(limited(2).isEmpty)
        #expect(limited(3).contains("ttft.p50"))
        #expect(!limited(3).contains("e2e.p50"))
        #expect(limited(3).contains("ttft.max"))
        // The only gap is 200 ms, of which 3 ms is 1.5 %.
        #expect(!limited(3).contains("itl.p50"))
        #expect(limited(5).contains("itl.p99"))
        #expect(limited(5).contains("tpot.p95"))
        // 80 requests support no p99, and one supports nothing: what is not printed cannot mislead.
        #expect(!limited(5).contains("ttft.p99"))
        #expect(limited(50, copies: 1) == ["ttft.max", "tpot.max", "itl.max"])
    }

    @Test func `a maximum alone does not make a run client limited unless a budget judges it`() {
        func error(_ budgets: [Budget]) -> MeasurementError {
            var record = StreamRecord(diagram: "-a-b|", tick: .milliseconds(100))
            record.events[0].lateBound = .milliseconds(50)
            var run = RunDescription.fixture()
            run.budgets = budgets
            return RunSummary(run: run, records: [record]).targets[0].error
        }
        func budget(_ metric: String, _ statistic: String) -> Budget {
            Budget(metric: metric, statistic: statistic, comparison: .atMost, limit: 1000)
        }
        #expect(!error([]).isClientLimited)
        #expect(!error([]).limitedFigures.isEmpty)
        #expect(error([budget("ttft", "max")]).isClientLimited)
        #expect(error([budget("ttft", "max")]).limitedBudgets == ["ttft.max"])
        #expect(!error([budget("e2e", "max")]).isClientLimited)
        // One request supports no median, but the budget's verdict is of the value.
        for statistic in ["mean", "min", "p50", "p75"] {
            let limited = error([budget("ttft", statistic)])
            #expect(limited.isClientLimited)
            #expect(limited.limitedFigures.contains("ttft.\(statistic)"))
        }
        #expect(error([budget("ttlt", "max")]).limitedBudgets.isEmpty)
    }

    @Test func `what only the full table prints is named for it`() {
        let error = summary("-a-b|", tick: 100, copies: 80) { $0.events[0].lateBound = .milliseconds(5) }.error
        #expect(error.furtherLimitedFigures.contains("ttft.mean"))
        #expect(error.furtherLimitedFigures.contains("ttft.min"))
        #expect(error.furtherLimitedFigures.contains("ttft.p75"))
        #expect(error.furtherLimitedFigures.contains("icl.p50"))
        #expect(Set(error.furtherLimitedFigures).isDisjoint(with: error.limitedFigures))
        #expect(!error.furtherLimitedFigures.contains("ttft.p99"))
    }

    @Test func `only an open loop is limited by its dispatch`() {
        func limited(_ load: LoadShape, _ delay: Double) -> [String] {
            summary("----------a-b|", load: load) { $0.dispatched = $0.planned + .milliseconds(delay) }
                .error.limitedFigures
        }
        let open = LoadShape.open(rate: 1, arrivals: .constant)
        // The limit is 2 % of the TTFT of 100 ms, and never less than 1 ms.
        #expect(limited(open, 3) == ["dispatch"])
        #expect(limited(open, 1.9).isEmpty)
        #expect(limited(.closed(concurrency: 1), 3).isEmpty)
    }
}
