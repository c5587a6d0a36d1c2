import Metrics
import Testing
import Timeline

struct GateTests {
    private func design(metrics: [String] = ["ttft"], looks: [Int] = [20, 40]) -> PairedDesign {
        PairedDesign(baseline: "a", candidate: "b", metrics: metrics, looks: looks)
    }

    /// A stream of four tokens whose first comes after so many milliseconds, or one that broke.
    private func record(
        _ target: String, pair: Int?, firstToken: Double, gap: Double = 10, isBroken: Bool = false
    ) -> StreamRecord {
        var record = StreamRecord(
            arrivals: (0..<4).map { firstToken + Double($0) * gap }, tokens: [1, 1, 1, 1],
            end: firstToken + 3 * gap, requestIndex: 2 * (pair ?? 0) + (target == "a" ? 0 : 1))
        record.target = target
        record.pairIndex = pair
        if isBroken { record.outcome = StreamOutcome(.truncated) }
        return record
    }

    private func pairs(_ records: [StreamRecord], of size: Int = 1) -> [AttemptPair] {
        let run = RunDescription.fixture(targets: [.fixture(name: "a"), .fixture(name: "b")])
        return AttemptPair.pairs(
            baseline: TargetSample(run: run, target: run.targets[0], records: records),
            candidate: TargetSample(run: run, target: run.targets[1], records: records), of: size)
    }

    /// Pairs whose baseline scatters by a few per cent; the candidate's first token takes `ratio` times as long, give
    /// or take as little.
    private func pairs(_ count: Int, ratio: Double, brokenCandidates: Set<Int> = []) -> [AttemptPair] {
        pairs(
            (0..<count).flatMap { pair in
                let baseline = 200 + Double(pair * 7 % 13)
                let scatter = 1 + Double(pair * 5 % 11 - 5) / 500
                return [
                    record("a", pair: pair, firstToken: baseline),
                    record(
                        "b", pair: pair, firstToken: baseline * ratio * scatter,
                        isBroken: brokenCandidates.contains(pair)),
                ]
            })
    }

    @Test func `a clear change regresses at the first look, with its size`() throws {
        let gate = try #require(Gate.judged(pairs(20, ratio: 1.2), design: design(), isOver: false))
        #expect(gate.verdict == .regressed)
        #expect(gate.pairs == 20)
        let figure = gate.figures[0]
        #expect(isClose(figure.change, 0.2, tolerance: 0.005))
        #expect(figure.interval?.contains(0.2) == true)
        // All 20 pairs above the margin: 2^-20, twice for two tests.
        #expect(isClose(figure.pValue, 2 / 1_048_576, tolerance: 1e-12))
        #expect(figure.verdict == .regressed)
        #expect(gate.figures[1].metric.name == "success")
        #expect(gate.figures[1].verdict == .passed)
    }

    @Test func `no change passes, and a gain is a note to a pass`() throws {
        let same = try #require(Gate.judged(pairs(20, ratio: 1), design: design(), isOver: false))
        #expect(same.verdict == .passed)
        #expect(!same.figures[0].isImproved)
        let faster = try #require(Gate.judged(pairs(20, ratio: 0.8), design: design(), isOver: false))
        #expect(faster.verdict == .passed)
        #expect(faster.figures[0].isImproved)
        #expect(isClose(faster.figures[0].change, -0.2, tolerance: 0.005))
    }

    @Test func `a change within the margin never regresses, however sure it is`() throws {
        let gate = try #require(Gate.judged(pairs(40, ratio: 1.03), design: design(), isOver: false))
        #expect(gate.verdict == .passed)
        #expect((gate.figures[0].interval?.lowerBound ?? 0) > 0.02)
    }

    @Test func `a change at the margin is left open, and asks for the pairs of the next look`() throws {
        #expect(Gate.judged(pairs(20, ratio: 1.05), design: design(), isOver: false) == nil)
        #expect(Gate.judged(pairs(39, ratio: 1.05), design: design(), isOver: false) == nil)
        let last = try #require(Gate.judged(pairs(40, ratio: 1.05), design: design(), isOver: false))
        #expect(last.verdict == .inconclusive)
        #expect(!last.ranOut)
    }

    @Test func `more pairs than the looks ask for change nothing`() throws {
        let wanted = pairs(20, ratio: 1) + pairs(60, ratio: 3).dropFirst(20)
        let gate = try #require(Gate.judged(wanted, design: design(), isOver: true))
        #expect(gate.verdict == .passed)
        #expect(gate.pairs == 20)
    }

    @Test func `what ran out short of the first look is open, whatever it shows`() throws {
        let same = try #require(Gate.judged(pairs(19, ratio: 1), design: design(), isOver: true))
        #expect(same.ranOut)
        #expect(same.verdict == .inconclusive)
        #expect(Gate.judged(pairs(19, ratio: 1), design: design(), isOver: false) == nil)
        let slower = try #require(Gate.judged(pairs(19, ratio: 1.3), design: design(), isOver: true))
        #expect(slower.verdict == .inconclusive && slower.looked.isEmpty && slower.measuredPairs == 19)
        #expect(slower.figures.allSatisfy { $0.verdict == .inconclusive })
        #expect(Gate.judged([], design: design(), isOver: true)?.verdict == .inconclusive)
    }

    @Test func `what ran out behind a look is judged there, and not by what came later`() throws {
        // At the margin the first look is open; then the candidate gets far worse, and time runs out.
        let wanted = Array(pairs(20, ratio: 1.05)) + pairs(39, ratio: 2).dropFirst(20)
        let gate = try #require(Gate.judged(wanted, design: design(), isOver: true))
        #expect(gate.verdict == .inconclusive && gate.ranOut)
        #expect(gate.pairs == 20 && gate.measuredPairs == 39 && gate.looked == [20])
        #expect(isClose(gate.figures[0].change, 0.05, tolerance: 0.01))
    }

    @Test func `too few pairs are inconclusive`() throws {
        let gate = try #require(Gate.judged(pairs(5, ratio: 1.5), design: design(looks: [5]), isOver: true))
        #expect(gate.verdict == .inconclusive)
        #expect(gate.figures[0].interval == nil)
    }

    @Test func `for a metric where more is better, less is a regression`() throws {
        let slower = pairs(
            (0..<20).flatMap { pair in
                let gap = 10 + Double(pair % 7) / 10
                return [
                    record("a", pair: pair, firstToken: 100, gap: gap),
                    record("b", pair: pair, firstToken: 100, gap: gap * 1.25),
                ]
            })
        let gate = try #require(
            Gate.judged(slower, design: design(metrics: ["output_speed", "ttft", "tpot"]), isOver: false))
        #expect(gate.figures.map(\.verdict) == [.regressed, .passed, .regressed, .passed])
        #expect(isClose(gate.figures[0].change, -0.2, tolerance: 1e-9))
        #expect(isClose(gate.figures[2].change, 0.25, tolerance: 1e-9))
        #expect(gate.figures[0].isWorse && gate.figures[2].isWorse && !gate.figures[1].isWorse)
    }

    @Test func `failures drop their pairs from latency and are judged by themselves`() throws {
        let broken = Set((0..<60).map { $0 * 3 })
        let gate = try #require(
            Gate.judged(
                pairs(200, ratio: 1, brokenCandidates: broken), design: design(looks: [200]), isOver: false))
        #expect(gate.figures[0].pairs == 140)
        #expect(gate.figures[0].verdict == .passed)
        #expect(gate.figures[1].verdict == .regressed)
        #expect(isClose(gate.figures[1].change, -0.3))
        #expect(gate.verdict == .regressed)
        // Half an answer is no latency: 3 of 200 in the candidate alone are too few to call, and too many to pass.
        let few = try #require(
            Gate.judged(
                pairs(200, ratio: 1, brokenCandidates: [3, 70, 150]), design: design(looks: [200]), isOver: false))
        #expect(few.figures[1].verdict == .inconclusive)
    }

    @Test func `requests outside of pairs and pairs with one request are not judged`() {
        let records = [
            record("a", pair: 0, firstToken: 1), record("b", pair: 0, firstToken: 2),
            record("a", pair: 1, firstToken: 3),
            record("a", pair: nil, firstToken: 4), record("b", pair: nil, firstToken: 5),
        ]
        #expect(pairs(records).map(\.index) == [0])
    }

    @Test func `each look and each figure pays its share of the error`() {
        let two = design(metrics: ["ttft", "tpot"])
        #expect(isClose(two.errorRatePerLook, 0.005))
        #expect(isClose(two.errorRatePerFigure, 0.005 / 3))
    }

    @Test func `an open verdict says how many pairs would find twice the margin`() throws {
        // A scatter of about 45 %, as of a busy server's TTFT.
        var generator = SeededGenerator(seed: 4)
        let noisy = pairs(
            (0..<40).flatMap { pair in
                ["a", "b"].map {
                    record($0, pair: pair, firstToken: 300 * (1 + 1.2 * (generator.unitInterval() - 0.5)))
                }
            })
        let gate = try #require(Gate.judged(noisy, design: design(), isOver: false))
        #expect(gate.verdict == .inconclusive)
        let needed = try #require(gate.pairsNeeded)
        let detectable = try #require(gate.figures[0].detectable)
        // The excess over the margin falls with the root of the number of pairs, to one more margin.
        let expected = 40 * ((detectable - 0.05) / 0.05) * ((detectable - 0.05) / 0.05)
        #expect(Double(needed) >= expected && Double(needed) < expected + 50)
    }

    /// Pairs of blocks of four: times to first token of 100, 110, 120 and 900 ms, of the candidate `ratio` times that.
    private func blocks(_ count: Int, ratio: Double, broken: (_ pair: Int, _ member: Int) -> Bool) -> [AttemptPair] {
        pairs(
            (0..<count).flatMap { pair in
                [100.0, 110, 120, 900].enumerated().flatMap { member, time in
                    [("a", 1), ("b", ratio)].map { target, ratio in
                        record(
                            target, pair: pair, firstToken: (time + Double(pair)) * ratio,
                            isBroken: target == "b" && broken(pair, member))
                    }
                }
            }, of: 4)
    }

    private var blockDesign: PairedDesign {
        PairedDesign(baseline: "a", candidate: "b", metrics: ["ttft"], looks: [16], requestsPerBlock: 4)
    }

    @Test func `a pair of blocks is compared by its medians, and is one observation`() throws {
        let gate = try #require(
            Gate.judged(blocks(16, ratio: 1.2) { _, _ in false }, design: blockDesign, isOver: true))
        #expect(gate.pairs == 16)
        let figure = gate.figures[0]
        // Medians of 115 + pair, of which the middle lies between 122 and 123.
        #expect(isClose(figure.baseline, 122.5, tolerance: 1e-9))
        #expect(isClose(figure.change, 0.2, tolerance: 1e-9))
        #expect(figure.verdict == .regressed)
        // All 16 pairs above the margin: 2^-16, twice for two tests.
        #expect(isClose(figure.pValue, 2 / 65_536, tolerance: 1e-12))
        #expect(gate.figures[1].verdict == .passed)
    }

    @Test func `an outage of one block is no regression of success, and a few failures in each are`() throws {
        let outage = try #require(
            Gate.judged(blocks(16, ratio: 1) { pair, _ in pair == 3 }, design: blockDesign, isOver: true))
        #expect(outage.figures[1].candidate == 60.0 / 64)
        #expect(outage.figures[1].verdict != .regressed)
        #expect(outage.figures[0].pairs == 15)
        let steady = try #require(
            Gate.judged(blocks(16, ratio: 1) { _, member in member == 0 }, design: blockDesign, isOver: true))
        #expect(steady.figures[1].change == -0.25)
        #expect(steady.figures[1].verdict == .regressed)
        // What is left of each block is compared: the middle of 110, 120 and 900 with that of all four.
        #expect(steady.figures[0].pairs == 16)
    }

    @Test func `a block that was not finished is left out`() {
        let records = blocks(16, ratio: 1) { _, _ in false }
        #expect(records.count == 16)
        let cut = (0..<7).map { record($0 < 4 ? "a" : "b", pair: 0, firstToken: 100) }
        #expect(pairs(cut, of: 4).isEmpty)
    }
}
