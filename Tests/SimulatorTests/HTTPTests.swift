import Dispatch
import Foundation
import Glibc
import Simulator
import Testing
import Timeline

@Suite struct HTTPTests {
    private let body = #"{"messages":[{"role":"user","content":"hi"}],"stream":true,"max_tokens":2}"#

    private func server(_ names: [String] = ["default"], running: Bool = true) throws -> SimulatedServer {
        let script = StreamScript(timeToFirstToken: .milliseconds(2), gap: .milliseconds(1), tokens: 5)
        let server = try SimulatedServer(
            scripts: Dictionary(uniqueKeysWithValues: names.map { ($0, script) }))
        if running { try server.start() }
        return server
    }

    @Test func `requests that arrive together are answered in turn`() throws {
        let server = try server()
        let client = try RawClient(server)
        let post = "POST /v1/chat/completions HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        client.send(post + post + "GET /health HTTP/1.1\r\n\r\n")
        try client.read(until: "{\"status\":\"ok\"}")
        #expect(client.text.ranges(of: "data: [DONE]").count == 2)
        server.stop()
        #expect(server.log.map(\.ordinal) == [1, 2])
        #expect(server.log.map(\.askedTokens) == [2, 2])
    }

    @Test func `a request may come byte by byte, and its body in chunks`() throws {
        let server = try server()
        let client = try RawClient(server)
        let half = body.utf8.count / 2
        let first = body.prefix(half)
        let second = body.dropFirst(half)
        let request =
            "POST /v1/chat/completions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "\(String(first.utf8.count, radix: 16));note=1\r\n\(first)\r\n"
            + "\(String(second.utf8.count, radix: 16))\r\n\(second)\r\n0\r\nTrailer: x\r\n\r\n"
        for byte in request.utf8 { client.send([byte]) }
        try client.read(until: "data: [DONE]\n\n\r\n0\r\n\r\n")
        server.stop()
        #expect(server.log.first?.outputTokens == 2)
    }

    @Test func `a client that asks first is told to go on`() throws {
        let server = try server()
        let client = try RawClient(server)
        client.send(
            "POST /v1/chat/completions HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
        try client.read(until: "HTTP/1.1 100 Continue\r\n\r\n")
        client.send(body)
        try client.read(until: "[DONE]")
        server.stop()
    }

    @Test func `the connection closes when the client asks, and for version 1.0`() throws {
        let server = try server()
        let client = try RawClient(server)
        client.post("/v1/chat/completions", body, headers: "Connection: close\r\n")
        client.readToEnd()
        #expect(client.lastError == 0)
        #expect(client.events.last == "[DONE]")
        let old = try RawClient(server)
        old.send("POST /v1/chat/completions HTTP/1.0\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        old.readToEnd()
        #expect(old.text.hasSuffix("data: [DONE]\n\n"))
        #expect(!old.text.contains("chunked"))
        server.stop()
    }

    @Test(arguments: [
        ("GET /nothing HTTP/1.1\r\n\r\n", "404"), ("GET /other/v1/models HTTP/1.1\r\n\r\n", "404"),
        ("GET /v1/chat/completions HTTP/1.1\r\n\r\n", "405"), ("POST /health HTTP/1.1\r\n\r\n", "405"),
        ("POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 3\r\n\r\n{\"a", "400"),
        ("POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", "400"),
        ("POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 2x\r\n\r\n{}", "400"),
        ("POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", "413"),
        ("POST /v1/chat/completions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"),
        ("hello\r\n\r\n", "400"), ("GET / HTTP/1.1\r\n: no name\r\n\r\n", "400"), ("\0\0\u{ff} \r\n\r\n", "400"),
        ("GET /" + String(repeating: "a", count: 70_000), "431"),
    ]) func `what cannot be served is refused in JSON`(request: String, status: String) throws {
        let server = try server(["one", "two"])
        let client = try RawClient(server)
        client.send(request)
        try client.read(until: "}")
        #expect(client.text.dropFirst(9).prefix(3) == status)
        let json = try JSONValue(parsing: String(try #require(client.text.split(separator: "\r\n\r\n").last)))
        #expect(json["error"]?["message"]?.stringValue?.isEmpty == false)
        server.stop()
    }

    @Test func `targets are found by name, also with percent-encoding, and listed as models`() throws {
        let server = try server(["a b", "c"])
        let client = try RawClient(server)
        for path in ["/a%20b/v1/chat/completions", "/c/v1/chat/completions", "/v1/chat/completions"] {
            client.forget()
            client.post(path, body)
            try client.read(until: "0\r\n\r\n")
        }
        client.forget()
        client.send("GET /v1/models HTTP/1.1\r\n\r\n")
        try client.read(until: "]}")
        #expect(client.text.contains("\"id\":\"a b\"") && client.text.contains("\"id\":\"c\""))
        server.stop()
        #expect(server.log.map(\.target) == ["a b", "c", "a b"])
    }

    @Test func `clients that go, stop reading or send garbage leave the server well`() throws {
        let script = StreamScript(timeToFirstToken: .milliseconds(1), gap: .zero, tokens: 8000)
        let server = try SimulatedServer(scripts: ["default": script])
        try server.start()
        for index in 0..<20 {
            let client = try RawClient(server)
            client.send((0..<500).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ index) })
        }
        // The model's name comes back in every chunk, so that the answer is larger than the sockets' buffers.
        let model = String(repeating: "m", count: 2000)
        let long = #"{"model":"\#(model)","messages":[{"role":"user","content":"hi"}],"stream":true}"#
        do {
            let silent = try RawClient(server)
            silent.post("/v1/chat/completions", long)
            for _ in 0..<5 { _ = try RawClient(server).post("/v1/chat/completions", long) }
            usleep(300_000)
            #expect(silent.received.isEmpty)
            try silent.read(untilSuffix: "\r\n0\r\n\r\n")
        }
        let client = try RawClient(server)
        client.send("GET /health HTTP/1.1\r\n\r\n")
        try client.read(until: "ok")
        server.stop()
        let statuses = server.log.map(\.status)
        #expect(statuses.filter { $0 == .disconnected }.count == 5)
        let whole = try #require(server.log.first { $0.status == .completed })
        #expect(whole.outputTokens == 8000)
        #expect(whole.blockedSends > 0)
    }

    @Test func `a server that runs on a thread of the caller's ends with stop`() throws {
        let server = try server(running: false)
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            server.run()
            ended.signal()
        }
        let client = try RawClient(server)
        client.send("GET /health HTTP/1.1\r\n\r\n")
        try client.read(until: "ok")
        server.stop()
        #expect(ended.wait(timeout: .now() + 10) == .success)
    }

    @Test func `the server also listens on the loopback of IPv6`() throws {
        let server = try SimulatedServer(scripts: ["default": StreamScript()], host: "::1")
        #expect(server.baseURL == "http://[::1]:\(server.port)")
        try server.start()
        let client = try RawClient(server)
        client.send("GET /health HTTP/1.1\r\n\r\n")
        try client.read(until: "ok")
        server.stop()
        #expect(throws: SimulatorError.invalidHost("0.0.0.0")) {
            try SimulatedServer(scripts: ["default": StreamScript()], host: "0.0.0.0")
        }
    }
}
