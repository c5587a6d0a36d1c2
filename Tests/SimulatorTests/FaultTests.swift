import Glibc
import Testing
import Timeline

@testable import Simulator

@Suite struct FaultTests {
    private static let interfaces = ["/v1/chat/completions", "/v1/completions", "/v1/messages"]
    private let body =
        #"{"messages":[{"role":"user","content":"hi"}],"prompt":"hi","max_tokens":10,"stream":true}"#

    /// Plays a fault to the end of the connection, or until the answer is whole.
    private func play(_ fault: String, _ path: String) throws -> (client: RawClient, entry: SendLogEntry) {
        let script = StreamScript(
            timeToFirstToken: .milliseconds(4), gap: .milliseconds(1), tokens: 10, fault: fault)
        let server = try SimulatedServer(scripts: ["default": script])
        try server.start()
        let client = try RawClient(server)
        client.post(path, body)
        while client.readOnce() {
            if client.unchunkedBody != nil || client.text.contains("content-length") { break }
        }
        server.stop()
        return (client, try #require(server.log.first))
    }

    private func terminal(_ path: String) -> String { path == "/v1/messages" ? "event: message_stop" : "data: [DONE]" }

    private func finishReason(_ path: String) -> String {
        path == "/v1/messages" ? "\"stop_reason\":\"end_turn\"" : "\"finish_reason\":\"stop\""
    }

    @Test func `the faults are those that scripts can name`() {
        #expect(Fault.allCases.map(\.rawValue) == StreamScript.faults)
    }

    @Test(arguments: interfaces) func `a truncated stream ends inside its chunked body`(path: String) throws {
        let (client, entry) = try play("truncated", path)
        #expect(client.lastError == 0)
        #expect(client.text.contains("transfer-encoding: chunked"))
        #expect(client.unchunkedBody == nil)
        #expect(client.text.hasSuffix("\n\n\r\n"))
        #expect(!client.text.contains(terminal(path)))
        #expect(entry.outputTokens == 5)
        #expect(entry.status == .fault && entry.fault == "truncated" && entry.done == nil)
    }

    @Test(arguments: interfaces) func `a stream truncated in its JSON looks whole to HTTP`(path: String) throws {
        let (client, entry) = try play("truncated-mid-json", path)
        #expect(client.lastError == 0)
        #expect(client.text.contains("connection: close") && !client.text.contains("chunked"))
        let tail = try #require(client.text.split(separator: "data: ").last)
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: String(tail)) }
        #expect(!client.text.hasSuffix("\n"))
        #expect(entry.outputTokens == 5)
    }

    @Test(arguments: interfaces) func `a reset is a reset after half of the tokens`(path: String) throws {
        let (client, entry) = try play("reset", path)
        #expect(client.lastError == ECONNRESET)
        #expect(entry.outputTokens == 5 && entry.status == .fault)
    }

    @Test(arguments: interfaces) func `an error event ends the body with or without the terminal`(path: String) throws {
        for (fault, hasTerminal) in [("error-event", false), ("error-then-done", true)] {
            let (client, entry) = try play(fault, path)
            let stream = try #require(client.unchunkedBody)
            #expect(stream.contains("\"error\":{"))
            #expect(stream.contains(path == "/v1/messages" ? "event: error\n" : "\"type\":\"server_error\""))
            #expect(stream.contains(terminal(path)) == hasTerminal)
            #expect(!stream.contains(finishReason(path)))
            #expect(entry.outputTokens == 5)
            #expect((entry.done != nil) == hasTerminal)
        }
    }

    @Test(arguments: interfaces) func `a stream without its terminal has all else`(path: String) throws {
        let (client, entry) = try play("no-done", path)
        let stream = try #require(client.unchunkedBody)
        #expect(stream.contains(finishReason(path)))
        #expect(!stream.contains(terminal(path)))
        #expect(entry.outputTokens == 10 && entry.finished != nil && entry.done == nil && entry.status == .fault)
    }

    @Test(arguments: interfaces) func `a broken event stands among good ones`(path: String) throws {
        let (client, entry) = try play("invalid-json", path)
        let broken = client.events.dropLast(path == "/v1/messages" ? 0 : 1).filter {
            (try? JSONValue(parsing: $0)) == nil
        }
        #expect(broken.count == 1)
        #expect(client.text.contains(terminal(path)))
        #expect(entry.outputTokens == 10 && entry.status == .fault && entry.done != nil)
    }

    @Test(arguments: [("http-401", 401), ("http-429", 429), ("http-500", 500)])
    func `an error status has the body and headers of its API`(fault: String, status: Int) throws {
        for path in Self.interfaces {
            let (client, entry) = try play(fault, path)
            #expect(client.text.hasPrefix("HTTP/1.1 \(status) "))
            let json = try JSONValue(parsing: String(try #require(client.text.split(separator: "\r\n\r\n").last)))
            #expect(json["error"]?["message"]?.stringValue?.isEmpty == false)
            #expect((json["type"] == "error") == (path == "/v1/messages"))
            if status == 429 {
                #expect(client.text.contains("retry-after: 1\r\n"))
                let header = path == "/v1/messages" ? "anthropic-ratelimit-requests-" : "x-ratelimit-"
                #expect(client.text.contains(header + "limit") || client.text.contains(header + "limit-requests"))
            }
            #expect(entry.outputTokens == 0 && entry.status == .fault)
        }
    }

    @Test func `a web page comes with status 200`() throws {
        let (client, _) = try play("html", "/v1/chat/completions")
        #expect(client.text.hasPrefix("HTTP/1.1 200 OK\r\ncontent-type: text/html"))
        #expect(client.text.hasSuffix("</html>\n"))
    }

    @Test(arguments: ["stall", "comments-forever"])
    func `an endless answer lasts until the client goes`(fault: String) throws {
        var script = StreamScript(
            timeToFirstToken: .milliseconds(2), gap: .milliseconds(1), tokens: 10, fault: fault)
        if fault == "comments-forever" { script.commentInterval = .milliseconds(10) }
        let server = try SimulatedServer(scripts: ["default": script])
        try server.start()
        do {
            let client = try RawClient(server)
            client.post("/v1/chat/completions", body)
            let start = MonotonicClock.now()
            while MonotonicClock.now() - start < .milliseconds(200), !client.text.isEmpty || client.readOnce() {
                if fault == "comments-forever" { try #require(client.readOnce()) } else { usleep(20_000) }
            }
            #expect(server.log.isEmpty)
        }
        for _ in 0..<200 where server.log.isEmpty { usleep(10_000) }
        let entry = try #require(server.log.first)
        #expect(entry.status == .fault)
        #expect(entry.outputTokens == (fault == "stall" ? 5 : 0))
        #expect((entry.sends.filter { $0.kind == .comment }.count >= 5) == (fault == "comments-forever"))
        server.stop()
    }

    /// An answer that is no stream, as each fault leaves it: its length as promised, its length as sent, its JSON.
    @Test(arguments: [
        ("truncated", false, false), ("truncated-mid-json", false, false), ("invalid-json", true, false),
        ("error-event", true, true), ("no-done", true, true),
    ]) func `an answer in one piece goes wrong too`(fault: String, isWhole: Bool, isJSON: Bool) throws {
        let script = StreamScript(timeToFirstToken: .milliseconds(2), gap: .zero, tokens: 10, fault: fault)
        let server = try SimulatedServer(scripts: ["default": script])
        try server.start()
        let client = try RawClient(server)
        client.post(
            "/v1/chat/completions", body.replacing("\"stream\":true", with: "\"stream\":false"),
            headers: "Connection: close\r\n")
        client.readToEnd()
        server.stop()
        let body = try #require(client.text.split(separator: "\r\n\r\n").last)
        let length = try #require(client.text.firstMatch(of: /content-length: (\d+)/)).1
        #expect((Int(length) == body.utf8.count) == isWhole)
        #expect(((try? JSONValue(parsing: String(body))) != nil) == isJSON)
        #expect((server.log.first?.status == .fault) == (fault != "no-done"))
    }

    @Test func `a fault comes in every so-manieth request`() throws {
        let script = StreamScript(
            timeToFirstToken: .milliseconds(1), gap: .zero, tokens: 1, fault: "http-500", faultEvery: 3)
        let server = try SimulatedServer(scripts: ["default": script])
        try server.start()
        let client = try RawClient(server)
        let statuses = try (1...7).map { _ in
            client.forget()
            client.post("/v1/chat/completions", body)
            try client.read(until: client.text.contains(" 500 ") ? "}" : "\r\n\r\n")
            if client.text.contains(" 200 ") { try client.read(until: "0\r\n\r\n") }
            return client.text.dropFirst(9).prefix(3)
        }
        server.stop()
        #expect(statuses == ["200", "200", "500", "200", "200", "500", "200"])
        #expect(server.log.map(\.status.rawValue).filter { $0 == "fault" }.count == 2)
    }

    @Test func `an unknown fault is refused with the known ones`() {
        #expect(throws: SimulatorError.unknownFault(name: "melts", target: "a")) {
            try SimulatedServer(scripts: ["a": StreamScript(fault: "melts")])
        }
    }
}
