import Glibc
import Testing
import Timeline
import Transport

let streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

@Suite("Endings")
struct EndingTests {
    /// Runs one request against a server that does as told, with one timeout that is short and others that are not.
    private func ending(
        _ keyPath: WritableKeyPath<Timeouts, Nanoseconds>, serve: @escaping @Sendable (RawConnection) -> Void
    ) throws -> (end: TransportEnd, length: Nanoseconds) {
        var timeouts = Timeouts(
            connect: .seconds(5), headers: .seconds(5), firstToken: .seconds(5), stall: .seconds(5), total: .seconds(5))
        timeouts[keyPath: keyPath] = .milliseconds(150)
        let server = try RawServer(serve)
        let transfer = try #require(
            transfers(
                requests(1, to: server.url, timeouts: timeouts),
                onQuestion: { question, transport in
                    transport.answer(question, endAs: .timedOut(keyPath == \.stall ? .stall : .firstToken))
                }
            ).first)
        server.stop()
        let closed = try #require(transfer.closed)
        return (transfer.end, closed - transfer.dispatched)
    }

    private func expectInTime(_ length: Nanoseconds) {
        #expect(length >= .milliseconds(150))
        // Generous: a busy machine may wake the measuring thread late.
        #expect(length < .milliseconds(1000))
    }

    @Test func `no headers in time`() throws {
        let (end, length) = try ending(\.headers) { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nX-Slow: 1\r\n")
            connection.waitForHangUp()
        }
        #expect(end == .timedOut(.headers))
        expectInTime(length)
    }

    @Test func `interim headers are not the headers`() throws {
        let (end, _) = try ending(\.headers) { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 103 Early Hints\r\n\r\n")
            connection.waitForHangUp()
        }
        #expect(end == .timedOut(.headers))
    }

    @Test func `no token in time, though the headers came`() throws {
        let (end, length) = try ending(\.firstToken) { connection in
            _ = connection.readRequest()
            connection.send(streamHead)
            connection.waitForHangUp()
        }
        #expect(end == .timedOut(.firstToken))
        expectInTime(length)
    }

    @Test func `a stall is asked about, whatever bytes still come`() throws {
        let (end, length) = try ending(\.stall) { connection in
            _ = connection.readRequest()
            connection.send(streamHead)
            for _ in 0..<100 {
                usleep(10_000)
                connection.send("4\r\n: \n\n\r\n")
            }
            connection.waitForHangUp()
        }
        #expect(end == .timedOut(.stall))
        expectInTime(length)
    }

    @Test func `the whole takes too long, though it makes progress`() throws {
        let (end, length) = try ending(\.total) { connection in
            _ = connection.readRequest()
            connection.send(streamHead)
            for _ in 0..<100 {
                usleep(10_000)
                connection.send("9\r\ndata: a\n\n\r\n")
            }
            connection.waitForHangUp()
        }
        #expect(end == .timedOut(.total))
        expectInTime(length)
    }

    @Test func `no connection in time`() throws {
        // A TLS server that never says hello: TCP connects, the connection does not stand.
        let server = try RawServer { $0.waitForHangUp() }
        let url = "https://127.0.0.1:\(server.port)/"
        let timeouts = Timeouts(connect: .milliseconds(150))
        let transfer = try #require(transfers(requests(1, to: url, timeouts: timeouts)).first)
        server.stop()
        #expect(transfer.end == .timedOut(.connect))
        #expect(transfer.sent == nil)
        #expect(transfer.sendCount == 0)
        expectInTime(try #require(transfer.closed) - transfer.dispatched)
    }

    @Test func `a port where nobody listens refuses`() throws {
        let server = try RawServer { _ in }
        server.stop()
        let transfer = try #require(transfers(requests(1, to: server.url)).first)
        guard case .connectFailed = transfer.end else {
            Issue.record("ended as \(transfer.end)")
            return
        }
        #expect(transfer.sendCount == 0)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "cut short"),
        ("\(streamHead)8\r\ndata", "cut short"),
        ("\(streamHead)zz\r\ndata", "malformed"),
        ("SSH-2.0-OpenSSH\r\n", "malformed"),
        ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\ndata: {\"hal", "clean"),
        ("", "cut short"),
    ])
    func `an answer that ends badly is told from one that ends well`(answer: String, expected: String) throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.send(answer)
        }
        let transfer = try #require(transfers(requests(1, to: server.url)).first)
        server.stop()
        let kind =
            switch transfer.end {
            case .clean: "clean"
            case .cutShort: "cut short"
            case .malformedHTTP: "malformed"
            case .broken: "broken"
            default: "\(transfer.end)"
            }
        #expect(kind == expected, "\(transfer.end)")
    }

    @Test func `a reset in mid-stream is a broken transfer that keeps what came`() throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.send("\(streamHead)9\r\ndata: a\n\n\r\n")
            usleep(50_000)
            connection.reset()
        }
        let transfer = try #require(transfers(requests(1, to: server.url)).first)
        server.stop()
        guard case .broken = transfer.end else {
            Issue.record("ended as \(transfer.end)")
            return
        }
        #expect(transfer.bodyText == "data: a\n\n")
    }

    @Test func `cancelling ends what is in flight and sends nothing more`() throws {
        let ended = try interrupt { $0.cancel() }
        #expect(ended.map(\.end) == [.cancelled, .cancelled])
        #expect(ended.allSatisfy { ($0.closed ?? $0.dispatched) - $0.dispatched < .milliseconds(500) })
    }

    @Test func `stopping lets what is in flight go on and sends nothing more`() throws {
        let ended = try interrupt { $0.stop() }
        #expect(ended.map(\.end) == [.clean, .clean])
        #expect(ended.allSatisfy { $0.bodyText == "data: a\n\n" })
    }

    /// Interrupts two requests of ten while they are in flight, and returns all that ended.
    private func interrupt(_ act: (CurlTransport) -> Void) throws -> [Transfer] {
        let server = try RawServer { connection in
            while connection.readRequest() != nil {
                connection.send(streamHead)
                usleep(500_000)
                connection.send("9\r\ndata: a\n\n\r\n0\r\n\r\n")
            }
        }
        defer { server.stop() }
        let transport = CurlTransport(clockSource: .kernel)
        transport.start(ScriptedSource(requests(10, to: server.url), concurrency: 2))
        usleep(100_000)
        act(transport)
        var ended: [Transfer] = []
        while true {
            for report in transport.waitForReports(milliseconds: 1000) {
                switch report {
                case .ended(let transfer): ended.append(transfer)
                case .question, .watched: break
                case .finished: return ended
                }
            }
        }
    }
}
