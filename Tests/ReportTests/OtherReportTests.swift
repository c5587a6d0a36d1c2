import Metrics
import TestSupport
import Testing
import Timeline

@testable import Report

struct OtherReportTests {
    static let budgets = [
        BudgetLine(
            target: "a", key: "ttft.p95", comparison: .atMost, limit: 800, unit: .milliseconds, value: 604.21,
            interval: 581.2...640.9, outcome: .met),
        BudgetLine(
            target: "a", key: "tpot.p50", comparison: .atMost, limit: 25, unit: .millisecondsPerToken, value: 25.004,
            outcome: .broken, note: "20 requests"),
        BudgetLine(
            target: "a", key: "success", comparison: .atLeast, limit: 0.99, unit: .share, value: 0.9904, outcome: .met),
        BudgetLine(
            target: "a", key: "itl.p99", comparison: .atMost, limit: 50, unit: .millisecondsPerToken, value: nil,
            outcome: .broken, note: "no complete request"),
    ]

    @Test func `a check is the one that was reviewed`() {
        let report = CheckReport(runID: "01jd3z6q7abc", lines: Self.budgets)
        #expect(GoldenFile("check.txt").difference(to: report.table()) == nil)
        #expect(GoldenFile("check.json").difference(to: report.json) == nil)
    }

    @Test func `the Markdown of a long check stays within a comment, with what is broken first`() throws {
        let name = String(repeating: "&", count: 80)
        let lines = (0..<900).map { number in
            var line = Self.budgets[0]
            (line.target, line.outcome) = ("\(number)\(name)", number == 899 ? .broken : .met)
            return line
        }
        let text = CheckReport(runID: "1", lines: lines).markdown
        #expect(text.utf8.count < 65_536 && text.contains("more lines are left out"))
        #expect(try #require(text.split(separator: "\n").first { $0.contains("&amp;") }).hasPrefix("| 899&amp;"))
    }

    @Test func `a run that is not valid is told as that, whatever its budgets say`() {
        let report = CheckReport(runID: "1", lines: [Self.budgets[0]], flaws: ["this machine may have changed figures"])
        #expect(report.word == "invalid" && report.markdown.hasPrefix("## Check of run 1: invalid"))
        #expect(report.table().hasSuffix("invalid: this machine may have changed figures\n"))
        #expect(report.annotations.hasPrefix("::error title=run 1 is not valid::this machine"))
        #expect(report.junit.contains("errors=\"1\"") && report.json.contains("\"valid\": false"))
    }

    @Test func `a value that breaks its limit by little does not print as the limit`() {
        let text = CheckReport(runID: "1", lines: [Self.budgets[1]]).table()
        #expect(text.contains("25.004"))
        #expect(CheckReport(runID: "1", lines: []).table().contains("nothing was checked"))
    }

    @Test func `an explanation wraps at 80 columns and keeps every word`() {
        let long = Array(repeating: "From the first byte sent to the first content of any kind.", count: 9)
            .joined(separator: " ")
        let metric = MetricDefinition(
            name: "ttft", title: "TTFT", unit: .milliseconds, definition: long,
            formula: Array(repeating: "first content - sent", count: 9).joined(separator: "; "), dialects: long)
        for text in [ExplainReport.text(of: metric), ExplainReport.list(of: [metric, metric])] {
            #expect(text.split(separator: "\n").allSatisfy { PrintableText.width(String($0)) <= 80 })
        }
        let words = ExplainReport.text(of: metric).split { $0 == " " || $0 == "\n" }
        #expect(words.joined(separator: " ").contains(long))
        #expect(words.contains("ms,"))
    }

    @Test func `runs are listed with what came of them`() {
        var interrupted = Fixture.six.run
        interrupted.status = .interrupted
        interrupted.tags = ["before"]
        let report = RunsListReport(rows: [
            RunsListReport.Row(run: Fixture.chat.run, attempts: 938, complete: 929),
            RunsListReport.Row(run: interrupted, attempts: 600, complete: 512),
        ])
        #expect(GoldenFile("runs.txt").difference(to: report.table(options: TableReport.Options(width: 120))) == nil)
        #expect(report.json.contains("\"complete\": 929"))
    }

    @Test func `a request is shown with its instants counted from sent`() {
        let start: Int64 = 1_000_000_000
        let at = { (milliseconds: Double) in Instant(nanoseconds: start + Int64(milliseconds * 1e6)) }
        let events = [(0, 0.0, StreamEvent.Kind.control), (1, 318.25, .text), (2, 331, .text), (3, 331.5, .terminal)]
            .map {
                StreamEvent(
                    index: $0.0, readIndex: $0.0, arrival: at($0.1 + 2.5), reading: at($0.1 + 2.6),
                    lateBound: Nanoseconds(9000), kind: $0.2)
            }
        let record = StreamRecord(
            requestIndex: 412, attempt: 2, target: "openai-a", promptID: "p1", clientRequestID: "ttft-412",
            planned: at(0),
            dispatched: at(0.02), sent: at(2.5), firstByte: at(300.5), headersComplete: at(301), terminal: at(334),
            closed: at(334.1),
            connection: ConnectionPhases(
                isNew: true, nameLookup: Nanoseconds(400_000), connect: Nanoseconds(2_000_000)),
            httpStatus: 200, httpVersion: "1.1", events: events, readCount: 4, bytesReceived: 1234,
            finishReason: "stop",
            servedModel: "gpt-4o-mini-2024-07-18", warnings: ["data after the end"])
        let row = ShowReport.Row(
            record: record, timeToFirstToken: 318.25, timePerOutputToken: 12.75, endToEnd: 331.5, longestGap: 12.75,
            outputTokens: 2)
        #expect(GoldenFile("request.txt").difference(to: ShowReport().detail(row)) == nil)
        #expect(GoldenFile("requests.txt").difference(to: ShowReport().list([row])) == nil)
    }
}
