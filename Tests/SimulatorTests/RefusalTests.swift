import Foundation
import Glibc
import Simulator
import Testing
import TestSupport
import Timeline

@Suite struct RefusalTests {
    @Test(arguments: [
        ("http-429-ms", 429, "retry-after-ms", "1500"), ("http-429-float", 429, "retry-after", "1.5"),
        ("http-429-negative", 429, "retry-after", "-5"),
        ("http-429-far", 429, "retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"),
        ("http-429-retry", 429, "x-should-retry", "true"), ("http-429-no-retry", 429, "x-should-retry", "false"),
        ("http-429-html", 429, "content-type", "text/html; charset=utf-8"),
        ("http-503", 503, "retry-after-ms", "250"), ("http-529", 529, "content-type", "application/json"),
        ("http-302", 302, "location", "http://127.0.0.2:9/v1/chat/completions"),
        ("http-307", 307, "location", "http://127.0.0.2:9/v1/chat/completions"),
        ("json-error", 200, "content-type", "application/json"),
        ("not-streamed", 200, "content-type", "application/json"),
        ("empty-body", 200, "content-length", "0"),
        ("wrong-content-type", 200, "content-type", "text/plain; charset=utf-8"),
        ("unknown-encoding", 200, "content-encoding", "br"), ("same-answer", 200, "x-cache", "HIT"),
    ]) func `an answer has the status and the header that its fault is about`(
        fault: String, status: Int, header: String, value: String
    ) throws {
        let play = try FaultPlay(fault)
        #expect(play.head.hasPrefix("HTTP/1.1 \(status) "))
        #expect(play.header(header) == value)
    }

    @Test func `a retry's date is two seconds after the answer's own`() throws {
        let play = try FaultPlay("http-429-date")
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let dates = try ["date", "retry-after"].map { name in
            try #require(play.header(name).flatMap(formatter.date(from:)), "\(name)")
        }
        #expect(dates[1].timeIntervalSince(dates[0]) == 2)
        #expect(abs(dates[0].timeIntervalSinceNow) < 60)
    }

    @Test func `the head is preceded by hints, is too large, or is not there`() throws {
        let hints = try FaultPlay("early-hints")
        #expect(hints.text.hasPrefix("HTTP/1.1 103 Early Hints\r\n") && hints.count("HTTP/1.1 200 OK") == 1)
        #expect(try FaultPlay("huge-headers").head.utf8.count > 300 * 1024)
        #expect(try FaultPlay("no-status-line").text.hasPrefix("data: {"))
        #expect(try FaultPlay("tls-bytes").client.received.prefix(3) == [0x15, 3, 3])
        let empty = try FaultPlay("http-204")
        #expect(empty.text.hasPrefix("HTTP/1.1 204 ") && empty.body.isEmpty && empty.header("content-length") == nil)
        let closed = try FaultPlay("close-before-headers").client
        #expect(closed.received.isEmpty && closed.lastError == 0)
        let reset = try FaultPlay("reset-before-headers").client
        #expect(reset.received.isEmpty && reset.lastError == ECONNRESET)
    }

    @Test func `an error comes first, or as bare JSON after half of the tokens`() throws {
        let first = try FaultPlay("error-first", api: "tgi")
        #expect(first.text.hasPrefix("HTTP/1.1 200 OK"))
        #expect(try first.events.map { try JSONValue(parsing: $0)["error_type"]?.stringValue } == ["overloaded"])
        let bare = try FaultPlay("bare-json-error", api: "gemini")
        #expect(bare.bodyText.contains("\r\n{\n  \"error\": {\n    \"code\": 500,"))
        #expect(bare.entry.outputTokens == 5)
    }

    @Test func `a connection serves one request and closes on the second`() throws {
        var script = FaultPlay.script
        script.fault = "close-on-reuse"
        let server = try SimulatedServer(scripts: ["t": script])
        try server.start()
        let request = DialectRequest.streaming("openai-chat", target: "t")
        let client = try RawClient(server)
        client.post(request.path, request.body)
        try client.read(until: "\r\n0\r\n\r\n")
        client.forget()
        client.post(request.path, request.body)
        client.readToEnd()
        #expect(client.received.isEmpty && client.lastError == 0)
        let other = try RawClient(server)
        other.post(request.path, request.body)
        try other.read(until: "\r\n0\r\n\r\n")
        server.stop()
        #expect(server.log.map(\.status) == [.completed, .fault, .completed])
    }

    @Test(arguments: [
        ("stall-before-headers", "", 0), ("stall-before-token", "r", 0), ("stall-with-comments", "rtttttccc", 5),
    ]) func `a silence lasts until the client goes`(fault: String, kinds: String, tokens: Int) throws {
        var script = FaultPlay.script
        script.fault = fault
        let server = try SimulatedServer(scripts: ["t": script])
        try server.start()
        do {
            let request = DialectRequest.streaming("openai-chat", target: "t")
            let client = try RawClient(server)
            client.post(request.path, request.body)
            usleep(300_000)
            #expect(server.log.isEmpty)
        }
        for _ in 0..<200 where server.log.isEmpty { usleep(10_000) }
        server.stop()
        let entry = try #require(server.log.first)
        #expect(entry.sends.map(\.kind.rawValue).joined().hasPrefix(kinds))
        #expect(entry.outputTokens == tokens && entry.status == .fault)
        #expect((entry.answered == nil) == (fault == "stall-before-headers"))
    }
}
