import TestSupport
import Testing
import Timeline

@testable import Metrics

/// Requests that were tried more than once: what counts per attempt, and what per request.
struct RetryFiguresTests {
    /// A request that was refused at 0 ms, waited for 500 ms and was answered 10 ms after the second send at 510 ms.
    private func refusedOnce(_ index: Int, answered: String = "-a-b-c|") -> [StreamRecord] {
        let start = Instant(nanoseconds: 1_000_000_000)
        var first = StreamRecord(requestIndex: index, target: "target", planned: start, dispatched: start, sent: start)
        first.outcome = StreamOutcome(.httpError, detail: "rate_limited")
        first.httpStatus = 429
        first.closed = start + .milliseconds(5)
        first.rateLimits = RateLimits(
            retryAfter: .milliseconds(500),
            allowances: [RateLimits.Allowance(name: "requests", limit: 60, remaining: 0, reset: .seconds(1))])
        var second = StreamRecord(
            diagram: answered, tick: .milliseconds(10), start: start + .milliseconds(510), requestIndex: index)
        second.planned = start
        second.attempt = 2
        second.retryWait = RetryWait(length: .milliseconds(500), due: start + .milliseconds(505))
        return [first, second]
    }

    private func summary(_ records: [StreamRecord], objectives: [RequestLimit] = []) -> TargetSummary {
        RunSummary(run: .fixture(objectives: objectives), records: records).targets[0]
    }

    @Test func `latency is of the attempt that was answered, from its own send`() {
        let target = summary((0..<20).flatMap { refusedOnce($0) })
        #expect(target[metric: "ttft"]?[.p50]?.value == 10)
        #expect(target[metric: "ttft"]?[.p50]?.count == 20)
        // From the instant for which the request was planned in the first place.
        #expect(target[metric: "ttft_sched"]?[.p50]?.value == 520)
        // 5 ms behind the end of the pause; the pause itself is nobody's delay.
        #expect(target[metric: "queue_delay"]?[.p50]?.value == 5)
    }

    @Test func `success counts requests, and attempts stand beside it`() {
        let records =
            refusedOnce(0) + refusedOnce(1, answered: "-a-x") + [
                StreamRecord(diagram: "-a-b|", tick: .milliseconds(10), requestIndex: 2)
            ]
        let target = summary(records)
        #expect(target.requests == 3)
        #expect(target.attempts == 5)
        #expect(target.complete == 2)
        #expect(target[metric: "success"]?[.value]?.value == 2.0 / 3)
        #expect(target[metric: "success"]?[.value]?.count == 3)
        #expect(target.retries.requests == 2)
        #expect(target.retries.attempts == 2)
        #expect(target.retries.recovered == 1)
        #expect(target.retries.waits?.p50 == 500)
        #expect(RunSummary(run: .fixture(), records: records).errorRate == 1.0 / 3)
    }

    @Test(arguments: [
        ("first_sentence", AnswerMarks(reading: AnswerMarks.Reading(firstSentence: 0, wordCount: 3))),
        ("time_to_tool", AnswerMarks(toolCalls: [AnswerMarks.ToolCall(name: "t", start: 0)])),
        (
            "time_to_field.a",
            AnswerMarks(structure: AnswerMarks.Structure(fields: [AnswerMarks.Field(name: "a", complete: 0)]))
        ),
    ])
    func `a limit on a part of the answer counts the wait for the retry too`(metric: String, marks: AnswerMarks) {
        var records = refusedOnce(0)
        // The first event is of the kind that the diagram begins with, 10 ms after the second send at 510 ms.
        records[1].answerMarks = marks
        func good(_ limit: Double) -> Double? {
            summary(records, objectives: [RequestLimit(metric: metric, limit: limit)])[metric: "goodput"]?[.value]?
                .value
        }
        #expect(good(519) == 0 && good(521) == 1)
    }

    @Test func `a request that was cancelled after a retry is neither good nor failed`() {
        var cancelled = refusedOnce(1)
        cancelled[1].outcome = StreamOutcome(.cancelled)
        cancelled[1].cancellation = cancelled[1].closed.map { Cancellation(instant: $0) }
        let records =
            refusedOnce(0) + cancelled + [StreamRecord(diagram: "-a-x", tick: .milliseconds(10), requestIndex: 2)]
        let target = summary(records)
        #expect(target.requests == 2 && target.complete == 1 && target.attempts == 4)
        #expect(target[metric: "cancelled"]?[.value]?.value == 1)
        #expect(target[metric: "success"]?[.value]?.count == 2)
        #expect(target.retries.attempts == 2 && target.retries.requests == 2 && target.retries.recovered == 1)
        #expect(RunSummary(run: .fixture(), records: records).errorRate == 0.5)
        #expect(RunSummary(run: .fixture(), records: cancelled).errorRate == 0)
    }

    @Test func `goodput counts what the one who waited felt`() {
        let records = refusedOnce(0) + [StreamRecord(diagram: "-a-b-c|", tick: .milliseconds(10), requestIndex: 1)]
        func goodput(_ metric: String, _ limit: Double) -> Double? {
            let limits = [RequestLimit(metric: metric, limit: limit)]
            return summary(records, objectives: limits)[metric: "goodput"]?[.value]?.value
        }
        // Both first tokens came 10 ms after their sends, one of them 520 ms after the request was due.
        #expect(goodput("ttft", 100) == 0.5)
        #expect(goodput("ttft", 520) == 1)
        #expect(goodput("ttft", 519) == 0.5)
        #expect(goodput("e2e", 569) == 0.5)
        #expect(goodput("e2e", 570) == 1)
        // A pace is that of the stream alone.
        #expect(goodput("tpot", 25) == 1)
    }

    @Test func `a refusal says how often, what was asked for and what to do`() throws {
        let warnings = summary(refusedOnce(0) + refusedOnce(1)).warnings
        let warning = try #require(warnings.first { $0.contains("429") })
        #expect(
            warning == "The server refused 2 of 4 attempts for its rate limit (HTTP 429) and asked to wait 500 ms; "
                + "used up: 60 requests. Offer less load.")
        let given = summary(Array(refusedOnce(0).prefix(1))).warnings
        #expect(given.contains { $0.contains("or set retries:") })
    }
}
