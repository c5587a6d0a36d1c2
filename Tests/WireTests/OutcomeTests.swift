import Testing
import Timeline

@testable import Wire

struct OutcomeTests {
    @Test(arguments: OutcomeRow.all)
    func `a stream gets its class, whole and byte by byte`(_ row: OutcomeRow) throws {
        for cuts in [[], Array(row.capture.body.indices.prefix(20_000))] {
            let stream = try row.capture.decoded(as: row.api, cuts: cuts, end: row.end)
            #expect(stream.outcome.outcomeClass == row.outcome)
            #expect(stream.outcome.detail == row.detail)
            #expect(stream.contentCount == row.content)
            #expect(stream.warnings.count == row.warnings, "\(stream.warnings)")
        }
    }

    @Test func `21 an endless line is given up at the limit`() throws {
        let dialect = try #require(Dialects.named("openai-chat"))
        var decoder = StreamDecoder(
            dialect: dialect, status: 200, headers: Capture("").headers, expectsStream: true, keepsText: false)
        Array(OutcomeRow.text.utf8).withUnsafeBytes { decoder.receive($0, readIndex: 0) }
        let block = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        for index in 1...40 { block.withUnsafeBytes { decoder.receive($0, readIndex: index) } }
        let stream = decoder.finish(.clean)
        #expect(stream.outcome.outcomeClass == .protocolError)
        #expect(stream.outcome.detail == "event_too_large")
        #expect(stream.contentCount == 1)
    }

    @Test func `the first end stops the clock, and what follows is no content`() throws {
        let stream = try Capture(
            OutcomeRow.text + OutcomeRow.finish + OutcomeRow.done + OutcomeRow.text + OutcomeRow.done
        )
        .decoded()
        #expect(stream.kinds == [.text, .control, .terminal, .control, .control])
        #expect(stream.terminalEvent == 2)
    }

    @Test func `an error's message is the server's, shortened to 500 characters`() throws {
        let long = String(repeating: "é", count: 900)
        let stream = try Capture(status: 500, type: "application/json", "{\"error\":{\"message\":\"\(long)\"}}")
            .decoded()
        #expect(stream.outcome.message?.count == 500)
        #expect(stream.outcome.message?.hasPrefix("ééé") == true)
    }

    @Test(arguments: [
        (#"{"error":{"message":"m","type":"t","param":null,"code":null}}"#, "m"),
        (#"{"type":"error","error":{"type":"not_found_error","message":"m"},"request_id":"r"}"#, "m"),
        (#"{"object":"error","message":"m","type":"NotFoundError","code":404}"#, "m"),
        (#"{"error":"m","error_type":"validation"}"#, "m"), (#"[{"error":{"code":400,"message":"m"}}]"#, "m"),
        (#"{"detail":"m"}"#, "m"), (#"{"detail":[{"loc":["body"],"msg":"m","type":"missing"}]}"#, "m"),
        (#"{"message":"m"}"#, "m"), ("<html>\n  <b>m</b>\n</html>", "<html> <b>m</b> </html>"), ("", "HTTP 400"),
    ])
    func `every provider's error body gives its message`(_ body: String, _ message: String) throws {
        let stream = try Capture(status: 400, type: "application/json", body).decoded()
        #expect(stream.outcome == StreamOutcome(.httpError, detail: "invalid", message: message))
    }

    @Test func `a page in place of a stream is quoted`() throws {
        let stream = try Capture(type: "text/html", "<html>\n<title>Log in</title>").decoded()
        #expect(stream.outcome.message == "the content type is text/html: <html> <title>Log in</title>")
    }

    @Test func `headers are kept by a list, and secrets are not on it`() throws {
        let kept = [
            "X-Request-Id", "x-ratelimit-remaining-tokens", "Retry-After", "server-timing", "CF-Cache-Status",
            "anthropic-ratelimit-requests-limit",
        ]
        let dropped = [
            "Set-Cookie", "Authorization", "x-api-key", "Proxy-Authenticate", "WWW-Authenticate", "x-secret",
        ]
        let stream = try Capture(headers: (kept + dropped).map { HeaderField($0, "v") }, "").decoded()
        #expect(stream.keptHeaders.map(\.name) == ["Content-Type"] + kept)
    }

    @Test func `the decoder tells while it reads what stall timers ask`() throws {
        let dialect = try #require(Dialects.named("openai-chat"))
        var decoder = StreamDecoder(
            dialect: dialect, status: 200, headers: Capture("").headers, expectsStream: true, keepsText: false)
        var seen: [Int?] = []
        for (index, read) in [": k\n\n", OutcomeRow.text, ": k\n\n", OutcomeRow.finish + OutcomeRow.done].enumerated() {
            Array(read.utf8).withUnsafeBytes { decoder.receive($0, readIndex: index) }
            seen.append(decoder.contentReadIndex)
            #expect(decoder.sawTerminal == (index == 3))
        }
        #expect(seen == [nil, 1, 1, 1])
        #expect(decoder.contentEventCount == 1)
        #expect(decoder.finish(.clean).events.allSatisfy { $0.text == nil })
    }
}
