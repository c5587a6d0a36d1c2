import CTransport
import Glibc
import Synchronization
import Testing
import Timeline
import Transport

/// A chunked answer's head.
private let chunkedHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

private func chunk(_ text: String) -> String { "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n" }

@Suite("Deliveries")
struct DeliveryTests {
    @Test(arguments: [0, 1, 1 << 20])
    func `a request body arrives whole`(size: Int) throws {
        let body = (0..<size).map { UInt8(ascii: "a") + UInt8($0 % 23) }
        let received = Mutex("")
        let server = try RawServer { connection in
            let request = connection.readRequest() ?? ""
            received.withLock { $0 = request }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
        let transfer = try #require(transfers(requests(1, to: server.url, body: body)).first)
        server.stop()
        let request = received.withLock { $0 }
        #expect(transfer.end == .clean)
        #expect(transfer.bodyText == "ok")
        #expect(request.lowercased().contains("content-length: \(size)\r\n"))
        #expect(!request.contains("Expect"))
        #expect(Array(request.utf8.suffix(size)) == body)
    }

    @Test func `the id, the target's headers and the path are sent`() throws {
        let received = Mutex("")
        let server = try RawServer { connection in
            let request = connection.readRequest() ?? ""
            received.withLock { $0 = request }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        _ = transfers(requests(1, to: "\(server.url)v1/chat", prefix: "run"))
        server.stop()
        let lines = received.withLock { $0 }.split(separator: "\r\n")
        #expect(lines.first == "POST /v1/chat HTTP/1.1")
        #expect(lines.contains("X-Request-Id: run-0"))
        #expect(lines.contains("Content-Type: application/json"))
        #expect(!lines.contains { $0.hasPrefix("Accept-Encoding") })
    }

    @Test func `a request's own headers are sent with it alone`() throws {
        let received = Mutex<[[Substring]]>([])
        let server = try RawServer { connection in
            while let request = connection.readRequest() {
                received.withLock { $0.append(request.split(separator: "\r\n")) }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        var asked = requests(3, to: server.url)
        asked[0].headers = [HeaderField("X-Amz-Date", "one"), HeaderField("Authorization", "first")]
        asked[1].headers = [HeaderField("X-Amz-Date", "two")]
        _ = transfers(asked)
        server.stop()
        let own = received.withLock { $0 }.map { $0.filter { $0.hasPrefix("X-Amz") || $0.hasPrefix("Auth") } }
        #expect(own == [["X-Amz-Date: one", "Authorization: first"], ["X-Amz-Date: two"], []])
        #expect(received.withLock { $0 }.allSatisfy { $0.contains("Content-Type: application/json") })
    }

    @Test func `early hints do not end the headers, and trailers are kept beside them`() throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
            usleep(30_000)
            connection.send(
                "HTTP/1.1 200 OK\r\nX-Kept:  padded \r\nTrailer: X-Late\r\nTransfer-Encoding: chunked\r\n\r\n")
            connection.send(chunk("data: a\n\n") + "0\r\nX-Late: trailing\r\n\r\n")
        }
        let transfer = try #require(transfers(requests(1, to: server.url)).first)
        server.stop()
        #expect(transfer.end == .clean)
        #expect(transfer.status == 200)
        #expect(transfer.headers.contains(HeaderField("X-Kept", "padded")))
        #expect(transfer.headers.contains(HeaderField("X-Late", "trailing")))
        #expect(!transfer.headers.contains { $0.name == "Link" })
        let firstByte = try #require(transfer.firstByte)
        let headersComplete = try #require(transfer.headersComplete)
        #expect(headersComplete - firstByte > .milliseconds(25))
    }

    @Test func `too many header bytes are broken HTTP`() throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\n")
            let line = "X-Long: \(String(repeating: "x", count: 8000))\r\n"
            for _ in 0..<60 { connection.send(line) }
            connection.send("\r\n")
        }
        let transfer = try #require(transfers(requests(1, to: server.url)).first)
        server.stop()
        guard case .malformedHTTP = transfer.end else {
            Issue.record("ended as \(transfer.end)")
            return
        }
    }

    @Test func `a body without end is cut off at its limit`() throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            let block = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
            for _ in 0..<80 { connection.send(block) }
        }
        let transfer = try #require(transfers(requests(1, to: server.url)).first)
        server.stop()
        #expect(transfer.end == .tooLarge(limit: 64 << 20))
        #expect(transfer.log.byteCount <= 64 << 20)
        #expect(transfer.log.byteCount > 63 << 20)
    }

    @Test func `a request that libcurl sends again on a new connection counts twice`() throws {
        let requestCount = Atomic<Int>(0)
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            requestCount.wrappingAdd(1, ordering: .relaxed)
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            // The second request on the first connection is read and then left without a byte of answer.
            guard connection.readRequest() != nil else { return }
            requestCount.wrappingAdd(1, ordering: .relaxed)
            usleep(50_000)
        }
        let ended = transfers(requests(2, to: server.url))
        server.stop()
        #expect(ended.map(\.end) == [.clean, .clean])
        #expect(requestCount.load(ordering: .relaxed) == 3)
        #expect(ended.map(\.sendCount) == [1, 2])
        // The send that was answered is the one that counts: the server kept the other one for 50 ms.
        let sent = try #require(ended[1].sent)
        let firstByte = try #require(ended[1].firstByte)
        #expect(firstByte - sent < .milliseconds(45))
        #expect(firstByte - ended[1].dispatched > .milliseconds(45))
    }

    @Test func `what ends while it is begun is told at once`() throws {
        // No such port: libcurl finds out in the call that would send, and no socket tells of it again. An answer that
        // comes within that call, from a server on the same machine, ends in the same way.
        let ended = transfers(requests(3, to: "http://127.0.0.1:99999/"))
        #expect(ended.count == 3)
        for transfer in ended {
            let closed = try #require(transfer.closed)
            // What nobody collects waits for the next timer, which is that of connecting.
            #expect(closed - transfer.dispatched < .seconds(1))
        }
    }

    @Test func `five hundred streams at once lose and mix up nothing`() throws {
        let server = try RawServer { connection in
            guard let request = connection.readRequest() else { return }
            let id = request.split(separator: "\r\n").first { $0.hasPrefix("X-Request-Id: ") }?.dropFirst(14) ?? "?"
            connection.send(chunkedHead)
            for position in 0..<20 {
                connection.send(chunk("data: \(id) \(position)\n\n"))
                usleep(5000)
            }
            connection.send("0\r\n\r\n")
        }
        let ended = transfers(requests(500, to: server.url), concurrency: 500)
        server.stop()
        #expect(ended.count == 500)
        #expect(Set(ended.map(\.request.token)).count == 500)
        for transfer in ended {
            let expected = (0..<20).map { "data: \(transfer.request.clientRequestID) \($0)\n\n" }.joined()
            #expect(transfer.end == .clean)
            #expect(transfer.bodyText == expected)
        }
        // All of them were in flight together.
        let lastDispatched = ended.map(\.dispatched).max() ?? Instant(nanoseconds: 0)
        #expect(ended.allSatisfy { ($0.closed ?? lastDispatched) > lastDispatched })
    }

    @Test func `without the hook, what is delivered in one go is one read and the reading instant its arrival`() throws
    {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send(chunkedHead)
            for position in 0..<5 {
                usleep(5000)
                connection.send(chunk("data: \(position)\n\n") + chunk("data: \(position)\n\n"))
            }
            connection.send("0\r\n\r\n")
        }
        // A socket that is not watched looks like a hook that is not reached.
        let port = server.port
        let ended = transfers(requests(1, to: server.url), beforeNext: { forgetSockets(connectedTo: port) })
        server.stop()
        let transfer = try #require(ended.first)
        var deliveries: [(read: Int, reading: Instant)] = []
        transfer.log.forEachArrival { arrival in
            #expect(arrival.arrival == arrival.reading)
            // Every event of a read may be as old as the read before.
            if let before = deliveries.last(where: { $0.read < arrival.readIndex })?.reading {
                #expect(arrival.lateBound == max(CurlTransport.stampFloor, arrival.reading - before))
            }
            deliveries.append((arrival.readIndex, arrival.reading))
        }
        #expect(transfer.end == .clean)
        #expect(deliveries.map(\.read) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    }
}

/// Takes the watch from every socket of this process whose peer is a port.
private func forgetSockets(connectedTo port: UInt16) {
    for descriptor in Int32(0)..<1024 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) == 0 }
        }
        if isConnected, UInt16(bigEndian: address.sin_port) == port { ct_forget_socket(descriptor) }
    }
}
