import Scenarios
import Testing
import Timeline
import Transport

@testable import Runner

@Suite("Dispatch")
struct DispatchTests {
    /// Takes all that a lane would send at an instant; the last step is what keeps it from more.
    private func sends(
        _ lane: inout DispatchLane, at now: Instant
    ) -> (planned: [Instant], phases: [RequestPhase], then: DispatchLane.Step) {
        var planned: [Instant] = []
        var phases: [RequestPhase] = []
        while true {
            let step = lane.step(at: now)
            guard case .send(let departure) = step else { return (planned, phases, step) }
            planned.append(departure.planned)
            phases.append(departure.request.phase)
        }
    }

    private func lane(_ load: String) throws -> DispatchLane { try lanes(of: scenario(load))[0] }

    private func isBusy(_ step: DispatchLane.Step) -> Bool { if case .busy = step { true } else { false } }

    private func isDone(_ step: DispatchLane.Step) -> Bool { if case .done = step { true } else { false } }

    @Test func `a closed loop fills its places and plans each next request for when a place became free`() throws {
        var lane = try lane("{closed: {concurrency: 3}, requests: 6}")
        let first = sends(&lane, at: at(10))
        #expect(first.planned == [at(10), at(10), at(10)])
        #expect(isBusy(first.then))
        lane.transferEnded(at: at(20))
        lane.transferEnded(at: at(25))
        // Asked late, as by a thread that was held up: the plan does not move.
        #expect(sends(&lane, at: at(40)).planned == [at(20), at(25)])
        lane.transferEnded(at: at(41))
        let last = sends(&lane, at: at(42))
        #expect(last.planned == [at(41)])
        #expect(isBusy(last.then))
        for _ in 0..<3 { lane.transferEnded(at: at(50)) }
        #expect(isDone(lane.step(at: at(50))))
    }

    @Test func `what waits for a connection was due when its place was free`() throws {
        let text = "targets: [{simulate: gpt-4o, max_connections: 2}]\nload: {closed: {concurrency: 3}, requests: 5}"
        var lane = try lanes(of: scenario(whole: text))[0]
        #expect(sends(&lane, at: at(10)).planned == [at(10), at(10)])
        lane.transferEnded(at: at(20))
        // The third has waited since 10; the place that became free at 20 is taken after it.
        #expect(sends(&lane, at: at(20)).planned == [at(10)])
        lane.transferEnded(at: at(30))
        lane.transferEnded(at: at(40))
        #expect(sends(&lane, at: at(40)).planned == [at(20), at(30)])
    }

    @Test func `what waits for a connection in an open loop keeps its time`() throws {
        let text =
            "targets: [{simulate: gpt-4o, max_connections: 1}]\nload: {open: {rate: 100}, requests: 3}"
        var lane = try lanes(of: scenario(whole: text))[0]
        #expect(sends(&lane, at: at(0)).planned == [at(0)])
        let second = sends(&lane, at: at(25))
        #expect(second.planned.isEmpty && isBusy(second.then))
        lane.transferEnded(at: at(50))
        #expect(sends(&lane, at: at(50)).planned == [at(10)])
    }

    @Test func `at no time are there more in flight than a closed loop allows`() throws {
        var generator = SeededGenerator(seed: 5, purpose: "dispatch")
        for concurrency in 1...5 {
            var lane = try lane("{closed: {concurrency: \(concurrency)}, requests: 200, warmup: {requests: 7}}")
            var (inFlight, sent, clock) = (0, 0, 0.0)
            while true {
                clock += Double.random(in: 0..<3, using: &generator)
                let step = sends(&lane, at: at(clock))
                inFlight += step.planned.count
                sent += step.planned.count
                #expect(inFlight <= concurrency)
                if isDone(step.then) { break }
                try #require(inFlight > 0)
                for _ in 0..<Int.random(in: 1...inFlight, using: &generator) {
                    lane.transferEnded(at: at(clock))
                    inFlight -= 1
                }
            }
            #expect(sent == 207)
        }
    }

    @Test func `nothing is measured before the whole warm-up has ended`() throws {
        var lane = try lane("{closed: {concurrency: 2}, requests: 4, warmup: {requests: 3}}")
        #expect(sends(&lane, at: at(0)).phases == [.warmup, .warmup])
        lane.transferEnded(at: at(5))
        #expect(sends(&lane, at: at(5)).phases == [.warmup])
        lane.transferEnded(at: at(6))
        let barrier = sends(&lane, at: at(7))
        #expect(barrier.planned.isEmpty && isBusy(barrier.then))
        #expect(lane.measuredStart == nil)
        lane.transferEnded(at: at(8))
        let measured = sends(&lane, at: at(9))
        #expect(measured.phases == [.measured, .measured])
        // The phase starts when it can, not when the last warm-up request left its place.
        #expect(measured.planned == [at(9), at(9)])
        #expect(lane.measuredStart == at(9))
        #expect(lane.plannedEnd == nil)
    }

    @Test func `a closed loop for a duration sends nothing at or after its end`() throws {
        var lane = try lane("{closed: {concurrency: 1}, duration: 100ms, warmup: {requests: 1}}")
        _ = sends(&lane, at: at(0))
        lane.transferEnded(at: at(50))
        #expect(sends(&lane, at: at(50)).planned == [at(50)])
        #expect(lane.plannedEnd == at(150))
        lane.transferEnded(at: at(149))
        #expect(sends(&lane, at: at(149)).planned == [at(149)])
        #expect(isBusy(lane.step(at: at(150))))
        lane.transferEnded(at: at(150))
        #expect(isDone(lane.step(at: at(150))))
    }

    @Test func `an open loop sends at its due instants, late or not, whatever is in flight`() throws {
        var lane = try lane("{open: {rate: 100, arrivals: constant}, requests: 5}")
        #expect(sends(&lane, at: at(1000)).planned == [at(1000)])
        guard case .wait(let next) = lane.step(at: at(1001)) else {
            Issue.record("does not wait")
            return
        }
        #expect(next == at(1010))
        // Held up for 25 ms: two are late, and planned for when they were due.
        let late = sends(&lane, at: at(1035))
        #expect(late.planned == [at(1010), at(1020), at(1030)])
        #expect(sends(&lane, at: at(1040)).planned == [at(1040)])
        #expect(isBusy(lane.step(at: at(1040))))
        for _ in 0..<5 { lane.transferEnded(at: at(1050)) }
        #expect(isDone(lane.step(at: at(1050))))
    }

    @Test func `an open loop measures from after its warm-up, by a schedule of its own`() throws {
        var lane = try lane("{open: {rate: 100, arrivals: constant}, duration: 25ms, warmup: {requests: 2}}")
        #expect(sends(&lane, at: at(0)).phases == [.warmup])
        #expect(sends(&lane, at: at(10)).phases == [.warmup])
        #expect(isBusy(lane.step(at: at(30))))
        lane.transferEnded(at: at(31))
        lane.transferEnded(at: at(60))
        let first = sends(&lane, at: at(61))
        #expect(first.planned == [at(61)])
        #expect(first.phases == [.measured])
        #expect(lane.plannedEnd == at(86))
        #expect(sends(&lane, at: at(90)).planned == [at(71), at(81)])
        #expect(isBusy(lane.step(at: at(90))))
    }

    @Test func `a lane that is stopped sends nothing more and is done with what is in flight`() throws {
        var lane = try lane("{closed: {concurrency: 2}, requests: 9}")
        _ = sends(&lane, at: at(0))
        lane.stop()
        #expect(isBusy(lane.step(at: at(1))))
        lane.transferEnded(at: at(2))
        #expect(isBusy(lane.step(at: at(2))))
        lane.transferEnded(at: at(3))
        #expect(isDone(lane.step(at: at(3))))
    }
}

@Suite("Dispatcher")
struct DispatcherTests {
    private static let target = TransportTarget(
        url: "http://127.0.0.1/", headers: [], httpVersion: .one, connections: .reuse, certificateAuthorityFile: nil,
        timeouts: Timeouts())

    private func dispatcher(_ load: String, targets: Int, order: String) throws -> Dispatcher {
        Dispatcher(
            lanes: lanes(of: try scenario(load, targets: targets, order: order)),
            isInterleaved: order == "interleaved", retryPolicy: RetryPolicy(limit: 0, seed: 1)
        ) { departure in
            TransportRequest(
                plan: departure.request, planned: departure.planned, target: Self.target, body: RequestBody([]),
                clientRequestID: "\(departure.request.index)")
        }
    }

    private func ended(_ token: Int) -> EndedTransfer { EndedTransfer(token: token, end: .clean, status: 200) }

    /// Sends until something must end or become due; the requests' tokens and their targets.
    private func sends(_ dispatcher: Dispatcher, at now: Instant) -> (tokens: [Int], targets: [Int], then: String) {
        var tokens: [Int] = []
        var targets: [Int] = []
        while true {
            switch dispatcher.next(at: now) {
            case .send(let request):
                tokens.append(request.token)
                targets.append(request.plan.targetIndex)
            case .wait(let instant): return (tokens, targets, "wait \((instant - at(0)).milliseconds)")
            case .waitForEnd: return (tokens, targets, "waitForEnd")
            case .finished: return (tokens, targets, "finished")
            }
        }
    }

    @Test func `interleaved targets take turns, and each keeps its own concurrency`() throws {
        let dispatcher = try dispatcher("{closed: {concurrency: 2}, requests: 3}", targets: 3, order: "interleaved")
        let first = sends(dispatcher, at: at(0))
        #expect(first.targets == [0, 1, 2, 0, 1, 2])
        #expect(first.then == "waitForEnd")
        dispatcher.transferEnded(ended(first.tokens[1]), at: at(5))
        #expect(sends(dispatcher, at: at(5)).targets == [1])
        #expect(sends(dispatcher, at: at(6)).then == "waitForEnd")
    }

    @Test func `sequential targets follow one another, each when the one before is done`() throws {
        let dispatcher = try dispatcher("{closed: {concurrency: 2}, requests: 2}", targets: 2, order: "sequential")
        let first = sends(dispatcher, at: at(0))
        #expect(first.targets == [0, 0])
        dispatcher.transferEnded(ended(first.tokens[0]), at: at(5))
        let between = sends(dispatcher, at: at(5))
        #expect(between.tokens.isEmpty && between.then == "waitForEnd")
        dispatcher.transferEnded(ended(first.tokens[1]), at: at(9))
        let second = sends(dispatcher, at: at(10))
        #expect(second.targets == [1, 1])
        #expect(dispatcher.phases.map(\.start) == [at(0), at(10)])
        for token in second.tokens { dispatcher.transferEnded(ended(token), at: at(20)) }
        #expect(sends(dispatcher, at: at(20)).then == "finished")
    }

    @Test func `the earliest due instant of all open loops is waited for`() throws {
        let dispatcher = try dispatcher(
            "{open: {rate: 10, arrivals: constant}, requests: 2}", targets: 2, order: "interleaved")
        let first = sends(dispatcher, at: at(0))
        #expect(first.targets == [0, 1])
        #expect(first.then == "wait 100.0")
        #expect(sends(dispatcher, at: at(100)).then == "waitForEnd")
    }

    @Test func `stopping stops every lane, and an unknown token is nobody's`() throws {
        let dispatcher = try dispatcher("{closed: {concurrency: 1}, requests: 5}", targets: 2, order: "interleaved")
        let first = sends(dispatcher, at: at(0))
        dispatcher.stop()
        dispatcher.transferEnded(ended(999), at: at(1))
        #expect(sends(dispatcher, at: at(1)).then == "waitForEnd")
        for token in first.tokens { dispatcher.transferEnded(ended(token), at: at(2)) }
        #expect(sends(dispatcher, at: at(2)).then == "finished")
    }
}
