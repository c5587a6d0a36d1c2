import Scenarios
import Testing
import Timeline
import Transport

@testable import Runner

@Suite("Retry policy")
struct RetryPolicyTests {
    private let policy = RetryPolicy(limit: 2, seed: 1)

    private func wait(
        _ end: TransportEnd = .clean, status: Int? = nil, headers: String = "", bytes: Int = 0, attempt: Int = 1
    ) -> Nanoseconds? {
        policy.wait(
            after: EndedTransfer(
                token: 0, end: end, status: status, headers: HeaderLines(bytes: Array(headers.utf8)),
                bytesReceived: bytes), requestIndex: 3, attempt: attempt)
    }

    @Test(arguments: [408, 409, 429, 500, 502, 503, 529])
    func `a status that passes is tried again`(status: Int) { #expect(wait(status: status) != nil) }

    @Test(arguments: [200, 204, 301, 400, 401, 403, 404, 413, 422])
    func `any other status is the answer`(status: Int) { #expect(wait(status: status, bytes: 10) == nil) }

    @Test func `a request without a response is tried again, one that HTTP broke or somebody cancelled is not`() {
        let passing: [TransportEnd] = [
            .clean, .connectFailed(message: ""), .tlsFailed(message: ""), .cutShort(message: ""), .broken(message: ""),
            .timedOut(.connect), .timedOut(.headers), .timedOut(.firstToken), .timedOut(.total),
        ]
        for end in passing { #expect(wait(end) != nil, "\(end)") }
        for end in [TransportEnd.malformedHTTP(message: ""), .tooLarge(limit: 1), .cancelled] {
            #expect(wait(end) == nil, "\(end)")
        }
        #expect(wait(.cancelled, status: 503) == nil)
    }

    @Test func `nothing is tried again once content can have come`() {
        for end in [TransportEnd.clean, .broken(message: ""), .cutShort(message: ""), .timedOut(.stall)] {
            #expect(wait(end, status: 200, bytes: 100) == nil, "\(end)")
        }
        #expect(wait(.timedOut(.total), status: 200, bytes: 100) == nil)
        #expect(wait(.timedOut(.total), status: 200) != nil)
        // Keep-alive comments have come, and no content.
        #expect(wait(.timedOut(.firstToken), status: 200, bytes: 100) != nil)
    }

    @Test func `the server's word overrides its status, and its wait the backoff, up to a minute`() {
        #expect(wait(status: 500, headers: "x-should-retry: false\r\n") == nil)
        #expect(wait(status: 400, headers: "X-Should-Retry: true\r\n") != nil)
        #expect(wait(status: 429, headers: "Retry-After: 7\r\n") == .seconds(7))
        #expect(wait(status: 503, headers: "Retry-After: 7\r\nretry-after-ms: 120\r\n") == .milliseconds(120))
        #expect(wait(status: 429, headers: "Retry-After: 3600\r\n") == .seconds(60))
        for asked in ["0", "-5", "never"] {
            let length = wait(status: 429, headers: "Retry-After: \(asked)\r\n")
            #expect(length.map { Nanoseconds.milliseconds(375)...Nanoseconds.milliseconds(500) ~= $0 } == true)
        }
    }

    @Test func `the backoff doubles from half a second to eight, less up to a quarter by the seed`() {
        let patient = RetryPolicy(limit: 10, seed: 1)
        for (attempt, most) in [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 8.0), (10, 8.0)] {
            let waits = (0..<200).compactMap { index in
                patient.wait(
                    after: EndedTransfer(token: 0, end: .clean, status: 500), requestIndex: index, attempt: attempt
                )?.seconds
            }
            #expect(waits.count == 200)
            #expect(waits.allSatisfy { (0.75 * most)...most ~= $0 }, "\(attempt)")
            // Chance spreads them over the whole quarter.
            #expect((waits.max() ?? 0) - (waits.min() ?? 0) > 0.2 * most)
        }
        #expect(wait(status: 500) == wait(status: 500))
    }

    @Test func `no more attempts follow than the scenario allows`() {
        #expect(wait(status: 500, attempt: 2) != nil)
        #expect(wait(status: 500, attempt: 3) == nil)
        #expect(
            RetryPolicy(limit: 0, seed: 1).wait(
                after: EndedTransfer(token: 0, end: .clean, status: 429), requestIndex: 0, attempt: 1) == nil)
    }
}

@Suite("Retries on their way out")
struct RetryDispatchTests {
    private func lane(_ load: String) throws -> DispatchLane { try lanes(of: scenario(load))[0] }

    private func departure(_ step: DispatchLane.Step) throws -> Departure {
        guard case .send(let departure) = step else { throw NothingSent() }
        return departure
    }

    private struct NothingSent: Error {}

    /// Whether the lane takes a further attempt into its plan.
    private func plans(
        _ lane: inout DispatchLane, _ departure: Departure, after wait: Nanoseconds, at now: Instant
    ) -> Bool { lane.retry(departure, after: wait, at: now) }

    private func wait(_ step: DispatchLane.Step) -> Instant? {
        if case .wait(let instant) = step { instant } else { nil }
    }

    @Test func `a closed loop keeps the place of a request that waits`() throws {
        var lane = try lane("{closed: {concurrency: 1}, requests: 2}")
        let first = try departure(lane.step(at: at(0)))
        #expect(plans(&lane, first, after: .milliseconds(500), at: at(100)))
        #expect(wait(lane.step(at: at(100))) == at(600))
        let second = try departure(lane.step(at: at(603)))
        #expect(second.request.index == first.request.index)
        #expect(second.attempt == 2)
        #expect(second.planned == at(0))
        #expect(second.retryWait == RetryWait(length: .milliseconds(500), due: at(600)))
        lane.transferEnded(at: at(700))
        let next = try departure(lane.step(at: at(701)))
        #expect(next.request.index != first.request.index)
        #expect(next.attempt == 1 && next.retryWait == nil)
        // Its place became free with the last attempt of the one before.
        #expect(next.planned == at(700))
    }

    @Test func `an open loop's schedule goes on while a request waits`() throws {
        var lane = try lane("{open: {rate: 10, arrivals: constant}, requests: 3}")
        let first = try departure(lane.step(at: at(0)))
        #expect(plans(&lane, first, after: .milliseconds(150), at: at(20)))
        #expect(wait(lane.step(at: at(20))) == at(100))
        #expect(try departure(lane.step(at: at(100))).planned == at(100))
        #expect(wait(lane.step(at: at(101))) == at(170))
        #expect(try departure(lane.step(at: at(170))).attempt == 2)
        #expect(wait(lane.step(at: at(171))) == at(200))
    }

    @Test func `several that wait go out in the order in which they are due`() throws {
        var lane = try lane("{closed: {concurrency: 3}, requests: 3}")
        let departures = try (0..<3).map { _ in try departure(lane.step(at: at(0))) }
        for (departure, wait) in zip(departures, [300.0, 100, 200]) {
            #expect(plans(&lane, departure, after: .milliseconds(wait), at: at(0)))
        }
        let order = try (0..<3).map { _ in try departure(lane.step(at: at(300))).request.index }
        #expect(order == [1, 2, 0].map { departures[$0].request.index })
    }

    @Test func `no retry begins after the end of a run for a duration`() throws {
        var lane = try lane("{closed: {concurrency: 2}, duration: 1s}")
        let first = try departure(lane.step(at: at(0)))
        let second = try departure(lane.step(at: at(0)))
        #expect(!plans(&lane, first, after: .milliseconds(600), at: at(400)))
        lane.transferEnded(at: at(400))
        #expect(plans(&lane, second, after: .milliseconds(500), at: at(400)))
        // The thread was held up beyond the end: what was due before it is given up too.
        guard case .done = lane.step(at: at(1001)) else {
            // The place that was free at 400 ms would have been filled, had anybody asked.
            Issue.record("not done")
            return
        }
    }

    @Test func `stopping ends the waits at once`() throws {
        var lane = try lane("{closed: {concurrency: 2}, requests: 9}")
        let first = try departure(lane.step(at: at(0)))
        _ = try departure(lane.step(at: at(0)))
        #expect(plans(&lane, first, after: .seconds(60), at: at(5)))
        lane.stop()
        guard case .busy = lane.step(at: at(6)) else {
            Issue.record("does not wait for the one in flight alone")
            return
        }
        lane.transferEnded(at: at(7))
        guard case .done = lane.step(at: at(8)) else {
            Issue.record("not done")
            return
        }
    }

    @Test func `a warm-up that waits is waited for`() throws {
        var lane = try lane("{closed: {concurrency: 1}, requests: 1, warmup: {requests: 1}}")
        let warmup = try departure(lane.step(at: at(0)))
        #expect(plans(&lane, warmup, after: .seconds(1), at: at(10)))
        #expect(wait(lane.step(at: at(10))) == at(1010))
        #expect(try departure(lane.step(at: at(1010))).request.phase == .warmup)
        lane.transferEnded(at: at(1020))
        #expect(try departure(lane.step(at: at(1021))).request.phase == .measured)
    }
}
