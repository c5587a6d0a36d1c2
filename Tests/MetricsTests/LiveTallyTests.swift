import Testing
import Timeline

@testable import Metrics

@Suite struct LiveTallyTests {
    private static let start = Instant(nanoseconds: 0)

    /// A stream with a first token after `first` milliseconds and three more, 10 ms apart; it ends in the given second.
    private func record(_ index: Int, first: Double, second: Double, late: Double = 0) -> StreamRecord {
        let end = first + 30
        let sent = Self.start + .seconds(second) - .milliseconds(end)
        var record = StreamRecord(
            arrivals: [first, first + 10, first + 20, end], tokens: [1, 1, 1, 1], end: end,
            usage: TokenUsage(input: 1, output: 4), requestIndex: index, sent: sent)
        record.planned = sent - .milliseconds(late)
        record.dispatched = sent
        record.closed = Self.start + .seconds(second)
        return record
    }

    private func state(_ start: Double?) -> DispatchState {
        DispatchState(started: 9, inFlight: 2, measuredStarts: [start.map { Self.start + .seconds($0) }])
    }

    @Test func `percentiles stand where the sample bounds them, and rates are of the last whole seconds`() throws {
        var tally = LiveTally(
            run: .fixture(
                amount: .duration(.seconds(20)), objectives: [RequestLimit(metric: "ttft", limit: 115)]))
        for index in 0..<10 {
            tally.add(
                record(index, first: 100 + 5 * Double(index), second: 1 + Double(index), late: index == 3 ? 4 : 0))
        }
        let figures = tally.figures(at: Self.start + .seconds(10.5), dispatch: state(0.5))
        let target = figures.targets[0]
        #expect(figures.ended == 10 && figures.complete == 10 && figures.failed == 0)
        #expect(figures.started == 9 && figures.inFlight == 2 && figures.isMeasuring)
        #expect(figures.elapsed == .seconds(10.5) && figures.share == 0.5)
        // 100, 105, ... 145: the median lies between 120 and 125.
        #expect(abs((target.timeToFirstToken.p50 ?? 0) - 122.5) < 0.1)
        #expect(target.timeToFirstToken.p90 == nil && target.timeToFirstToken.latest == 145)
        #expect(abs((target.gap.p50 ?? 0) - 10) < 0.01 && abs((target.speed.p50 ?? 0) - 100) < 0.1)
        // 100, 105, 110 and 115 meet the limit.
        #expect(target.good == 4)
        // Nine requests of four tokens ended in the nine whole seconds from 1 to 9; that of the second 10 is too new.
        #expect(target.requestsPerSecond == 1 && target.tokensPerSecond == 4)
        #expect(abs((target.goodRequestsPerSecond ?? 0) - 4.0 / 9) < 1e-12)
        #expect(figures.lateStarts == 1)
        let seconds = target.timeToFirstToken.seconds
        #expect(seconds.count == 60 && seconds.suffix(10) == [100, 105, 110, 115, 120, 125, 130, 135, 140, 145])
        #expect(seconds.prefix(50).allSatisfy { $0 == nil })
    }

    @Test func `failures count by class, and neither they nor the warm-up enter a figure`() {
        var tally = LiveTally(run: .fixture(amount: .requests(4)))
        var warm = record(0, first: 900, second: 1)
        warm.phase = .warmup
        tally.add(warm)
        #expect(!tally.figures(at: Self.start + .seconds(1), dispatch: state(nil)).isMeasuring)
        for (index, outcome) in [
            StreamOutcome(.httpError, detail: "rate_limited", message: "slow down"), StreamOutcome(.truncated),
            StreamOutcome(.httpError, detail: "rate_limited"),
        ].enumerated() {
            var broken = record(index + 1, first: 700, second: 2)
            broken.outcome = outcome
            tally.add(broken)
        }
        let figures = tally.figures(at: Self.start + .seconds(3), dispatch: state(1))
        #expect(figures.warmupEnded == 1 && figures.ended == 3 && figures.failed == 3 && figures.share == 0.75)
        #expect(
            figures.errors == [
                LiveError(name: "http_error rate_limited", count: 2, example: "slow down"),
                LiveError(name: "truncated", count: 1, example: nil),
            ])
        #expect(figures.targets[0].timeToFirstToken == LiveFigures.Course(seconds: Array(repeating: nil, count: 60)))
        #expect(figures.targets[0].requestsPerSecond == 0)
    }
}
