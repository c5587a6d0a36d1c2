import Metrics
import Testing
import Timeline

@testable import Report

/// What the table says of retries, and of several servers behind one name.
struct RetryReportTests {
    private func retried(requests: Int, attempts: Int, complete: Int) -> RunSummary {
        var summary = Fixture.small
        (summary.targets[0].attempts, summary.targets[0].complete) = (attempts, complete)
        summary.targets[0].outcomes = [
            OutcomeCount(outcome: .ok, detail: nil, count: complete, example: nil),
            OutcomeCount(outcome: .httpError, detail: "rate_limited", count: attempts - complete, example: nil),
        ]
        summary.targets[0].retries = RetrySummary(
            attempts: attempts - requests, requests: 4, recovered: 4 - (requests - complete),
            waits: MeasurementError.Spread(p50: 500, p99: 990, max: 1000))
        return summary
    }

    @Test func `success is of requests, and attempts stand beside it`() {
        let text = TableReportTests.table(retried(requests: 20, attempts: 25, complete: 20))
        #expect(text.contains("20 of 20 ok in 25 attempts"))
        #expect(text.contains("none failed after retries; 5 failed attempts: http_error rate_limited 5"))
        #expect(text.contains("4 of 20 requests, 4 of them complete in the end; waited 500 ms p50, 1000 ms max"))
        let failed = TableReportTests.table(retried(requests: 20, attempts: 25, complete: 18))
        #expect(failed.contains("18 of 20 ok in 25 attempts"))
        #expect(failed.contains("2 failed after retries (10.0 %); 7 failed attempts: http_error rate_limited 7"))
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= TableReport.lineLimit + 1)
    }

    @Test func `a run without retries says nothing of them`() {
        #expect(!TableReportTests.table(Fixture.small).contains("retries"))
        #expect(!TableReportTests.table(Fixture.small).contains("attempts"))
    }

    @Test func `a target behind whose name several answer has a row for each`() {
        func part(_ identity: ServedIdentity, _ complete: Int) -> ServedPart {
            var summary = Fixture.small.targets[0]
            (summary.attempts, summary.complete) = (10, complete)
            return ServedPart(identity: identity, summary: summary)
        }
        var summary = Fixture.small
        summary.targets[0].parts = [
            part(ServedIdentity(model: "m", fingerprint: "fp-1", provider: "north"), 10),
            part(ServedIdentity(model: "m", fingerprint: "fp-1", provider: "south"), 9), part(ServedIdentity(), 0),
        ]
        let rows = TableReportTests.table(summary).split(separator: "\n").map { $0.split(separator: " ") }
        // What they share does not tell them apart.
        #expect(!rows.contains { $0.contains("fp-1,") })
        for (name, count) in [("north", "10/10"), ("south", "9/10")] {
            #expect(rows.contains { $0.contains(Substring(name)) && $0.last == Substring(count) }, "\(name)")
        }
        #expect(rows.contains { $0.starts(with: ["not", "told"]) && $0.last == "0/10" })
        var several = Fixture.six
        several.targets[1].parts = summary.targets[0].parts
        #expect(TableReportTests.table(several, width: 200).contains("gpt-4o-mini: south"))
    }

    @Test func `figures that are limited are named with their targets`() {
        var summary = Fixture.six
        summary.targets[0].error.limitedFigures = ["ttft.p50"]
        summary.targets[3].error.limitedFigures = ["tpot.p50", "e2e.p50"]
        #expect(
            TableReportTests.table(summary, width: 200).contains(
                "do not trust ttft.p50 of gpt-4o, tpot.p50 of claude-sonnet-4.6, e2e.p50 of claude-sonnet-4.6"))
    }

    @Test func `a comparison of a run with itself says so`() {
        let column = ComparisonReport.Column(label: "a", runID: "1", summary: Fixture.small.targets[0])
        var again = column
        again.label = "a#2"
        #expect(ComparisonReport(columns: [column, again], comparisons: []).note?.contains("the same run") == true)
        again.runID = "2"
        #expect(ComparisonReport(columns: [column, again], comparisons: []).note?.contains("drift") == true)
        again.runID = "1"
        again.summary.target.name = "b"
        #expect(ComparisonReport(columns: [column, again], comparisons: []).note == nil)
    }
}
