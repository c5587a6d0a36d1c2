import Scenarios
import Testing
import Timeline

@testable import Runner

@Suite("Pairs")
struct PairTests {
    private func plan(
        _ load: String = "{closed: {concurrency: 1}, requests: 1}", runID: String = "run"
    ) throws -> PairPlan {
        PairPlan(try scenario(load, targets: 2), runID: runID, pairsPerConnection: 4)
    }

    private func send(_ lane: inout PairLane, at now: Instant) -> Departure? {
        if case .send(let departure) = lane.step(at: now) { departure } else { nil }
    }

    private func isDone(_ step: LaneStep) -> Bool { if case .done = step { true } else { false } }

    @Test func `a pair asks both targets the same, behind words of their own`() throws {
        for (index, pair) in try plan().pairs(0..<50).enumerated() {
            #expect(pair.map(\.pairIndex) == [index, index])
            #expect(pair.map(\.targetIndex).sorted() == [0, 1])
            // Behind the two pairs of the warm-up.
            #expect(pair.map(\.index) == [4 + 2 * index, 5 + 2 * index])
            let texts = pair.map { $0.prompt.messages[0].content }
            let words = texts.map { $0.prefix { $0 != " " } }
            #expect(words[0] != words[1])
            #expect(texts[0].dropFirst(12) == texts[1].dropFirst(12))
            // One server's connection is closed behind the pair, or its second request would begin on a new one.
            #expect(pair.map(\.closesConnection) == [false, index % 4 == 3])
        }
    }

    @Test func `two servers' connections are renewed behind the same pair`() throws {
        var scenario = try scenario("{closed: {concurrency: 1}, requests: 1}", targets: 2)
        scenario.targets[0].baseURL = "http://127.0.0.1:8000/v1"
        scenario.targets[1].baseURL = "http://127.0.0.1:8001/v1"
        let pairs = PairPlan(scenario, runID: "run", pairsPerConnection: 3).pairs(0..<6)
        #expect(pairs.map { $0.map(\.closesConnection) == [true, true] } == [false, false, true, false, false, true])
        scenario.targets[1].baseURL = "http://127.0.0.1:8000/other/v1"
        let shared = PairPlan(scenario, runID: "run", pairsPerConnection: 3).pairs(2..<3)
        #expect(shared[0].map(\.closesConnection) == [false, true])
    }

    @Test func `the order is a fair coin of the seed, and words are new in every run`() throws {
        let (one, other) = (try plan().pairs(0..<1000), try plan(runID: "other").pairs(0..<1000))
        #expect(one.map { $0.map(\.targetIndex) } == other.map { $0.map(\.targetIndex) })
        let first = one.count { $0[0].targetIndex == 0 }
        // 500 and four standard deviations
        #expect((437...563).contains(first))
        // Neighbours do not alternate, nor repeat.
        let changes = zip(one, one.dropFirst()).count { $0[0].targetIndex != $1[0].targetIndex }
        #expect((436...564).contains(changes))
        let words = Set((one + other).flatMap { $0.map(\.prompt.id) })
        #expect(words.count == 4000)
    }

    @Test func `the second of a pair goes out when the first has ended, and the next pair after it`() throws {
        var lane = PairLane(pairs: try plan().pairs(0..<2), concurrency: 1, deadline: nil)
        let first = try #require(send(&lane, at: at(10)))
        #expect(first.planned == at(10))
        #expect(send(&lane, at: at(11)) == nil)
        lane.ended(requestIndex: first.request.index, at: at(20))
        let second = try #require(send(&lane, at: at(25)))
        #expect(second.request.pairIndex == first.request.pairIndex)
        #expect(second.request.targetIndex != first.request.targetIndex)
        #expect(second.planned == at(20))
        #expect(send(&lane, at: at(26)) == nil)
        lane.ended(requestIndex: second.request.index, at: at(30))
        let third = try #require(send(&lane, at: at(31)))
        #expect(third.request.pairIndex == 1)
        #expect(third.planned == at(30))
        lane.ended(requestIndex: third.request.index, at: at(40))
        let fourth = try #require(send(&lane, at: at(41)))
        #expect(!isDone(lane.step(at: at(42))))
        lane.ended(requestIndex: fourth.request.index, at: at(50))
        #expect(isDone(lane.step(at: at(50))))
    }

    @Test func `as many pairs are under way as there are places, and the arms of one never overlap`() throws {
        var generator = SeededGenerator(seed: 2)
        var lane = PairLane(
            pairs: try plan().warmupPairs + plan().pairs(0..<100), concurrency: 3, deadline: nil)
        var inFlight: [PlannedRequest] = []
        var sent: [PlannedRequest] = []
        var clock = 0.0
        while true {
            clock += 1
            while let departure = send(&lane, at: at(clock)) {
                #expect(!inFlight.contains { $0.index / 2 == departure.request.index / 2 })
                #expect(Set(inFlight.map(\.phase)).union([departure.request.phase]).count == 1)
                inFlight.append(departure.request)
                sent.append(departure.request)
            }
            #expect(inFlight.count <= 3)
            if isDone(lane.step(at: at(clock))) { break }
            let ended = inFlight.remove(at: Int.random(in: inFlight.indices, using: &generator))
            lane.ended(requestIndex: ended.index, at: at(clock))
        }
        #expect(sent.map(\.index).sorted() == Array(0..<204))
    }

    @Test func `after the deadline no pair begins, and the one under way is finished`() throws {
        var lane = PairLane(pairs: try plan().pairs(0..<5), concurrency: 1, deadline: at(100))
        let first = try #require(send(&lane, at: at(99)))
        lane.ended(requestIndex: first.request.index, at: at(150))
        let second = try #require(send(&lane, at: at(150)))
        lane.ended(requestIndex: second.request.index, at: at(200))
        #expect(isDone(lane.step(at: at(200))))
    }

    @Test func `a stop sends nothing more, not even the second of a pair`() throws {
        var lane = PairLane(pairs: try plan().pairs(0..<5), concurrency: 1, deadline: nil)
        let first = try #require(send(&lane, at: at(1)))
        lane.stop()
        #expect(!isDone(lane.step(at: at(2))))
        lane.ended(requestIndex: first.request.index, at: at(3))
        #expect(isDone(lane.step(at: at(3))))
    }

    private func blocks(_ count: Int) throws -> PairPlan {
        PairPlan(
            try scenario("{closed: {concurrency: 3}, requests: 1}", targets: 2), runID: "run", pairsPerConnection: 4,
            requestsPerBlock: count)
    }

    @Test func `a pair of blocks asks both targets the same, one block after the other`() throws {
        let plan = try blocks(6)
        #expect(plan.warmupPairs.map(\.count) == [2, 2])
        let pairs = plan.pairs(0..<20)
        #expect(pairs.flatMap { $0.map(\.index) } == Array(4..<244))
        for (index, pair) in pairs.enumerated() {
            #expect(pair.map(\.pairIndex) == Array(repeating: index, count: 12))
            #expect(Set(pair[..<6].map(\.targetIndex)).union(pair[6...].map { 1 - $0.targetIndex }).count == 1)
            let texts = pair.map { $0.prompt.messages[0].content.dropFirst(12) }
            #expect(Array(texts[..<6]) == Array(texts[6...]))
            // Every fourth request of a target closes its connection, and the last of a block.
            let expected = (0..<6).map { $0 == 5 || (6 * index + $0) % 4 == 3 }
            #expect(pair.map(\.closesConnection) == expected + expected)
        }
        #expect(Set(pairs.flatMap { $0.map(\.prompt.id) }).count == 240)
        #expect(Set(pairs.map { $0[0].targetIndex }) == [0, 1])
    }

    @Test func `blocks never overlap, and within one as many are in flight as there are places`() throws {
        var generator = SeededGenerator(seed: 3)
        let plan = try blocks(5)
        var lane = BlockLane(pairs: plan.warmupPairs + plan.pairs(0..<10), concurrency: 3, deadline: nil)
        var inFlight: [PlannedRequest] = []
        var sent: [PlannedRequest] = []
        var most = 0
        var clock = 0.0
        while true {
            clock += 1
            while case .send(let departure) = lane.step(at: at(clock)) {
                #expect(inFlight.allSatisfy { $0.targetIndex == departure.request.targetIndex })
                inFlight.append(departure.request)
                sent.append(departure.request)
            }
            most = max(most, inFlight.count)
            if isDone(lane.step(at: at(clock))) { break }
            let ended = inFlight.remove(at: Int.random(in: inFlight.indices, using: &generator))
            lane.ended(requestIndex: ended.index, at: at(clock))
        }
        #expect(most == 3)
        #expect(sent.map(\.index) == Array(0..<104))
        #expect(lane.measuredStart != nil)
    }

    @Test func `after the deadline no pair of blocks begins, and a stop leaves one half done`() throws {
        var lane = BlockLane(pairs: try blocks(2).pairs(0..<5), concurrency: 1, deadline: at(100))
        for clock in [99.0, 150, 160, 170] {
            guard case .send(let departure) = lane.step(at: at(clock)) else {
                Issue.record("nothing was sent at \(clock)")
                return
            }
            lane.ended(requestIndex: departure.request.index, at: at(clock))
        }
        #expect(isDone(lane.step(at: at(200))))
        var stopped = BlockLane(pairs: try blocks(2).pairs(0..<5), concurrency: 1, deadline: nil)
        guard case .send(let departure) = stopped.step(at: at(1)) else {
            Issue.record("nothing was sent")
            return
        }
        stopped.stop()
        #expect(!isDone(stopped.step(at: at(2))))
        stopped.ended(requestIndex: departure.request.index, at: at(3))
        #expect(isDone(stopped.step(at: at(3))))
    }
}
