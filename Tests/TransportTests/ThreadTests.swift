import Glibc
import Simulator
import Testing
import Timeline

@testable import Transport

@Suite("Several measuring threads", .serialized)
struct ThreadTests {
    @Test(arguments: [1, 2, 5]) func `every request is sent once, and every answer comes whole`(threads: Int) throws {
        let server = try SimulatedServer(
            scripts: ["m": StreamScript(timeToFirstToken: .milliseconds(10), gap: .milliseconds(1), tokens: 20)])
        try server.start()
        let ended = transfers(
            requests(60, to: "\(server.baseURL)/m/v1/chat/completions"), concurrency: 12, threads: threads)
        server.stop()
        #expect(ended.allSatisfy { $0.end == .clean })
        #expect(ended.map(\.request.clientRequestID).sorted() == server.log.map(\.identifier).sorted())
        #expect(Set(ended.map(\.request.clientRequestID)).count == 60)
        for transfer in ended { #expect(transfer.bodyText.hasSuffix("data: [DONE]\n\n")) }
    }

    @Test func `as many streams are open at once as were asked for, whatever the threads`() throws {
        let server = try SimulatedServer(
            scripts: ["m": StreamScript(timeToFirstToken: .milliseconds(40), gap: .milliseconds(1), tokens: 10)])
        try server.start()
        _ = transfers(requests(40, to: "\(server.baseURL)/m/v1/chat/completions"), concurrency: 8, threads: 3)
        server.stop()
        let spans = server.log.compactMap { entry in entry.sends.last.map { (entry.bodyRead, $0.instant) } }
        let open = spans.map { start, _ in spans.count { $0.0 <= start && start <= $0.1 } }
        #expect(spans.count == 40)
        #expect(open.max() == 8)
    }

    @Test func `a connection serves one thread alone`() throws {
        let server = try SimulatedServer(scripts: ["m": StreamScript(timeToFirstToken: .milliseconds(2), tokens: 2)])
        try server.start()
        let ended = transfers(
            requests(40, to: "\(server.baseURL)/m/v1/chat/completions"), concurrency: 1, threads: 2)
        server.stop()
        // One at a time, dealt out in turn: each thread opens one connection and keeps it.
        #expect(ended.count { $0.connection.isNew } == 2)
        #expect(Set(server.log.map(\.connection)).count == 2)
    }

    @Test(arguments: [true, false]) func `an interruption reaches every thread`(cancels: Bool) throws {
        let server = try RawServer { connection in
            while connection.readRequest() != nil {
                connection.send(streamHead)
                usleep(400_000)
                connection.send("9\r\ndata: a\n\n\r\n0\r\n\r\n")
            }
        }
        defer { server.stop() }
        let transport = CurlTransport(clockSource: .kernel, threads: 3)
        transport.start(ScriptedSource(requests(20, to: server.url), concurrency: 6))
        usleep(150_000)
        if cancels { transport.cancel() } else { transport.stop() }
        var ends: [TransportEnd] = []
        var uses: [ThreadUse] = []
        while uses.count < 3 {
            for report in transport.waitForReports(milliseconds: 1000) {
                if case .ended(let transfer) = report { ends.append(transfer.end) }
                if case .finished(let use) = report { uses.append(use) }
            }
        }
        #expect(ends == Array(repeating: cancels ? .cancelled : .clean, count: 6))
        #expect(uses.allSatisfy { $0.processorTime > .zero && $0.processorTime <= $0.lifetime })
    }
}

/// What a further thread does with requests that are on their way to it when everything is told to stop.
struct HandedRequestsTests {
    @Test func `what was not sent before the stop is not sent, and its place becomes free`() {
        let ends = HandOver<ReturnedEnd>()
        let handed = HandedRequests(ends: ends)
        let now = MonotonicClock.now()
        let all = requests(3, to: "http://127.0.0.1:1/")
        for request in all { handed.inbox.put(.request(request)) }
        guard case .send(let first) = handed.next(at: now) else {
            Issue.record("nothing was to be sent")
            return
        }
        #expect(first.clientRequestID == "request-0")
        handed.stop()
        guard case .waitForEnd = handed.next(at: now) else {
            Issue.record("something was to be sent after the stop")
            return
        }
        let returned = ends.takeAll()
        #expect(returned.map(\.transfer.token).sorted() == all.dropFirst().map(\.token))
        #expect(returned.allSatisfy { $0.transfer.end == .cancelled && $0.instant == now })
        handed.inbox.put(.finish)
        guard case .finished = handed.next(at: now) else {
            Issue.record("the thread goes on")
            return
        }
    }
}
