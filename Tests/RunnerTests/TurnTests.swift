import Scenarios
import Testing
import Timeline
import Transport

@testable import Runner

/// Paths to one server take turns.
struct TurnTests {
    private func dispatcher(_ load: String) throws -> Dispatcher {
        let lanes = try lanes(of: scenario(load, targets: 3))
        return Dispatcher(
            lanes: lanes, isInterleaved: true, turns: [Turns(members: [0, 2], places: 2)],
            retryPolicy: RetryPolicy(limit: 0, seed: 1),
            prepare: { departure in
                TransportRequest(
                    plan: departure.request, planned: departure.planned,
                    target: TransportTarget(
                        url: "http://127.0.0.1", headers: [], httpVersion: .one, connections: .reuse,
                        certificateAuthorityFile: nil, timeouts: Timeouts(), eventEnd: .blankLine),
                    body: RequestBody([]), clientRequestID: "", attempt: 1)
            })
    }

    /// All that a dispatcher sends at an instant, as target and planned time; and what it waits for then.
    private func sends(_ dispatcher: Dispatcher, at now: Instant) -> (requests: [TransportRequest], then: NextRequest) {
        var requests: [TransportRequest] = []
        while true {
            let next = dispatcher.next(at: now)
            guard case .send(let request) = next else { return (requests, next) }
            requests.append(request)
        }
    }

    private func end(_ request: TransportRequest, of dispatcher: Dispatcher, at now: Instant) {
        dispatcher.transferEnded(EndedTransfer(token: request.token, end: .clean), at: now)
    }

    @Test func `a path waits until those of another have ended, and is then due`() throws {
        let dispatcher = try dispatcher("{closed: {concurrency: 2}, requests: 4}")
        let first = sends(dispatcher, at: at(0)).requests
        // The second target is no path to the first's server, and waits for nobody.
        #expect(first.map(\.plan.targetIndex).sorted() == [0, 0, 1, 1])
        let direct = first.filter { $0.plan.targetIndex == 0 }
        end(direct[0], of: dispatcher, at: at(10))
        #expect(sends(dispatcher, at: at(10)).requests.isEmpty)
        end(direct[1], of: dispatcher, at: at(30))
        let second = sends(dispatcher, at: at(30)).requests
        #expect(second.map(\.plan.targetIndex) == [2, 2])
        #expect(second.map(\.planned) == [at(30), at(30)])
        for request in second { end(request, of: dispatcher, at: at(50)) }
        // The second round goes the other way.
        // Asked late, as by a thread that was held up: the plan does not move.
        let third = sends(dispatcher, at: at(52)).requests
        #expect(third.map(\.plan.targetIndex) == [2, 2])
        #expect(third.map(\.planned) == [at(50), at(50)])
        for request in third { end(request, of: dispatcher, at: at(70)) }
        let fourth = sends(dispatcher, at: at(70)).requests
        #expect(fourth.map(\.plan.targetIndex) == [0, 0])
        for request in fourth + first.filter({ $0.plan.targetIndex == 1 }) { end(request, of: dispatcher, at: at(90)) }
        let rest = sends(dispatcher, at: at(90)).requests
        #expect(rest.map(\.plan.targetIndex) == [1, 1])
        for request in rest { end(request, of: dispatcher, at: at(99)) }
        guard case .finished = dispatcher.next(at: at(99)) else {
            Issue.record("not finished")
            return
        }
    }

    @Test func `turns go on to the end, whatever number of requests each has`() throws {
        let dispatcher = try dispatcher("{closed: {concurrency: 3}, requests: 7, warmup: {requests: 2}}")
        var (sent, clock) = (0, 0.0)
        while true {
            let (requests, then) = sends(dispatcher, at: at(clock))
            sent += requests.count
            #expect(!(requests.contains { $0.plan.targetIndex == 0 } && requests.contains { $0.plan.targetIndex == 2 }))
            clock += 1
            for request in requests { end(request, of: dispatcher, at: at(clock)) }
            if case .finished = then { break }
            try #require(clock < 100)
        }
        #expect(sent == 27)
    }
}
