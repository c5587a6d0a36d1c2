import Metrics
import Testing
import Timeline

struct LeaderboardTests {
    /// A hundred streams with a TTFT of 100 to 200 ms times a factor, gaps of 10 ms times another, and some failures.
    private func sample(_ factor: Double, gap: Double = 10, failures: Int = 0) -> TargetSample {
        let records = (0..<100).map { index -> StreamRecord in
            let first = factor * Double(100 + index * 37 % 101)
            var record = StreamRecord(
                arrivals: [first, first + gap, first + 2 * gap + Double(index % 7) / 10], tokens: [1, 1, 1],
                end: first + 3 * gap, requestIndex: index, sent: Instant(nanoseconds: Int64(index) * 1_000_000_000))
            if index < failures { record.outcome = StreamOutcome(.truncated) }
            return record
        }
        return TargetSample(run: .fixture(), target: .fixture(), records: records)
    }

    @Test func `the fastest is best, and who is beaten by none is in the Pareto set`() {
        let board = Leaderboard([
            (label: "slow and steady", sample: sample(3, gap: 5)), (label: "fast", sample: sample(1)),
            (label: "beaten", sample: sample(2, gap: 20, failures: 30)),
        ])
        #expect(board.figures.map(\.metric.name) == ["ttft", "tpot", "success"])
        #expect(board.entries.map(\.label) == ["fast", "beaten", "slow and steady"])
        #expect(board.entries.map(\.isUnbeaten) == [true, false, true])
        // fast has the best TTFT, slow and steady the best TPOT; two sides without a failure have no best success.
        #expect(board.entries.map(\.isBest) == [[true, false, false], [false, false, false], [false, true, false]])
        #expect(board.entries[0].estimates.map(\.value) == [149.5, board.entries[0].estimates[1].value, 1])
        #expect(board.entries[1].estimates[2].value == 0.7)
    }

    @Test func `what the intervals leave open marks no best and beats nobody`() {
        let board = Leaderboard([(label: "a", sample: sample(1)), (label: "b", sample: sample(1.03))])
        #expect(board.entries.map(\.label) == ["a", "b"])
        #expect(board.entries.allSatisfy { !$0.isBest.contains(true) && $0.isUnbeaten })
    }

    @Test func `a target without a complete stream comes last and is not best`() {
        let board = Leaderboard([
            (label: "dead", sample: sample(1, failures: 100)), (label: "alive", sample: sample(2)),
        ])
        #expect(board.entries.map(\.label) == ["alive", "dead"])
        #expect(board.entries[1].isBest == [false, false, false])
        // Wilson: 0 of 100 lies below .04, 100 of 100 above .96.
        #expect(board.entries[0].isBest[2] && !board.entries[1].isUnbeaten)
    }

    private func summaries(_ medians: [Double]) -> [TargetSummary] {
        medians.map { TargetSummary(sample($0 / 149.5)) }
    }

    @Test func `over sessions the run is the unit, and its median has the interval of order statistics`() throws {
        let a = [300, 310, 290, 305, 295, 500].map(Double.init)
        let b = [700, 720, 710, 690, 705, 250].map(Double.init)
        let board = Leaderboard(sessions: [
            (label: "b", summaries: summaries(b)), (label: "a", summaries: summaries(a)),
        ])
        #expect(board.entries.map(\.label) == ["a", "b"])
        #expect(board.entries.map(\.sessions) == [6, 6])
        // np.median; of 6 values the whole range is the 95 % interval, so that the outlier of b leaves all open.
        let first = board.entries.map { $0.estimates[0] }
        #expect(isClose(first[0].value, 302.5, tolerance: 1e-6) && isClose(first[1].value, 702.5, tolerance: 1e-6))
        #expect(isClose(first[1].interval?.lowerBound, 250, tolerance: 1e-6))
        #expect(isClose(first[1].interval?.upperBound, 720, tolerance: 1e-6))
        #expect(board.entries[0].isBest[0] == false)
        let apart = Leaderboard(sessions: [
            (label: "b", summaries: summaries(b.map { max($0, 600) })), (label: "a", summaries: summaries(a)),
        ])
        #expect(apart.entries[0].isBest[0])
        let few = Leaderboard(sessions: [(label: "a", summaries: summaries(Array(a.prefix(5))))])
        #expect(few.entries[0].estimates[0].interval == nil)
    }
}
