import Metrics
import Testing
import Timeline

/// Records that no measurement gives: files and databases can be edited by hand.
struct DamagedRecordTests {
    private static let odd: [Int] = [.min, -1_000_000_007, -1, 0, 1, 1_000_000_000, 1 << 62, .max]

    /// Summaries, comparisons and exported rows of such records; a trap would end the test's process.
    private func compute(_ records: [StreamRecord]) -> TargetSummary {
        let run = RunDescription.fixture()
        let sample = TargetSample(run: run, target: run.targets[0], records: records)
        let summary = TargetSummary(sample)
        _ = TargetComparison(baseline: ("a", sample), candidate: ("b", sample))
        for stream in records.map({ StreamMetrics($0) }) {
            _ = stream.exportColumns
            _ = stream.eventMetrics
            for metric in ["ttft", "ttft_sched", "ttfat", "ttlt", "e2e", "tpot"] { _ = stream.range(of: metric) }
        }
        return summary
    }

    private func records(changing change: (inout StreamRecord) -> Void) -> [StreamRecord] {
        (0..<4).map { index in
            var record = StreamRecord(
                arrivals: [400, 412, 424], tokens: [1, 2, nil], end: 430, usage: TokenUsage(output: 4),
                requestIndex: index)
            if index == 1 { change(&record) }
            return record
        }
    }

    @Test(arguments: odd)
    func `an odd instant or length ends nothing`(value: Int) {
        let instant = Instant(nanoseconds: Int64(value))
        let length = Nanoseconds(Int64(value))
        let changes: [(inout StreamRecord) -> Void] = [
            { $0.sent = instant }, { $0.planned = instant }, { $0.dispatched = instant }, { $0.terminal = instant },
            { $0.firstByte = instant }, { $0.events[0].arrival = instant }, { $0.events[1].arrival = instant },
            { $0.events[2].reading = instant }, { $0.events[1].lateBound = length },
            { $0.events[2].lateBound = length }, { $0.closed = instant },
        ]
        for change in changes { #expect(compute(records(changing: change)).attempts == 4) }
    }

    @Test(arguments: odd)
    func `an odd count ends nothing`(value: Int) {
        let changes: [(inout StreamRecord) -> Void] = [
            { $0.usage = TokenUsage(input: value, output: value, reasoning: value, cached: value) },
            { $0.usage = TokenUsage(output: 7, reasoning: value) }, { $0.attempt = value },
            { $0.events[0].tokens = value }, { $0.events[1].contentBytes = value },
            {
                $0.usage = nil
                $0.events[2].tokens = value
            },
            { $0.counted = CountedTokens(input: value, output: value) }, { $0.requestIndex = value },
            { $0.readCount = value },
        ]
        for change in changes { #expect(compute(records(changing: change)).attempts == 4) }
    }

    @Test func `all requests lack their first attempt, and no more succeed than were asked`() throws {
        var only = records { _ in }
        for index in only.indices { only[index].attempt = 2 }
        let summary = compute(only)
        #expect(summary[metric: "success"]?[.value]?.value == 1)
    }

    @Test func `a time below 0 has no range above it`() {
        var record = StreamRecord(arrivals: [10, 20], tokens: [1, 1], end: 30)
        record.sent = Instant(nanoseconds: record.events[0].arrival.nanoseconds + 5_000_000)
        let stream = StreamMetrics(record)
        #expect(stream.timeToFirstToken == -5)
        #expect(stream.range(of: "ttft") == -5 ... -5)
    }
}
