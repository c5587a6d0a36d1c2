import Foundation
import Simulator
import Testing
import TestSupport
import Timeline

@Suite struct OddStreamTests {
    /// Faults without an end, and the one that takes seconds.
    private static let long = [
        "stall", "comments-forever", "stall-before-headers", "stall-before-token", "stall-with-comments", "late-close",
        "huge-event",
    ]

    @Test func `the table of outcomes has every fault, in order, and every API`() {
        #expect(FaultOutcome.all.map(\.fault) == StreamScript.faults)
        let server = { (api: String) in
            try SimulatedServer(scripts: ["t": StreamScript(api: api)])
        }
        for api in FaultOutcome.apis { #expect(throws: Never.self) { try server(api) } }
        #expect(throws: SimulatorError.unknownAPI(name: "smoke-signals", target: "t")) { try server("smoke-signals") }
    }

    @Test(arguments: FaultOutcome.apis)
    func `every fault is played in every API that has a place for it`(api: String) throws {
        for row in FaultOutcome.all where !Self.long.contains(row.fault) {
            let play = try FaultPlay(
                row.fault, api: api, script: StreamScript(timeToFirstToken: .zero, gap: .zero, tokens: 6))
            guard row.outcome(of: api) != nil else {
                #expect(play.text.hasPrefix("HTTP/1.1 501 "), "\(row.fault)")
                #expect(play.entry.status == .failed, "\(row.fault)")
                continue
            }
            #expect(!play.text.hasPrefix("HTTP/1.1 501 "), "\(row.fault)")
            #expect(play.entry.fault == row.fault)
            // The fault of a second request is not due on the first one.
            #expect(play.entry.status == (row.fault == "close-on-reuse" ? .completed : .fault), "\(row.fault)")
        }
    }

    @Test func `line ends and the byte order mark stand where they should`() throws {
        let mark = try #require(FaultPlay("bom").body.firstRange(of: [0xef, 0xbb, 0xbf]))
        #expect(mark.lowerBound < 6)
        let crlf = try #require(FaultPlay("crlf").client.unchunkedBody)
        #expect(crlf.utf8.count { $0 == 0x0d } == crlf.utf8.count { $0 == 0x0a })
        #expect(crlf.hasSuffix("data: [DONE]\r\n\r\n"))
        let cr = try #require(FaultPlay("cr").client.unchunkedBody)
        #expect(cr.hasSuffix("data: [DONE]\r\r") && !cr.contains("\n"))
        #expect(try FaultPlay(nil, api: "gemini").bodyText.contains("}\r\n\r\n"))
    }

    @Test func `odd texts are odd on the wire and whole in the log`() throws {
        let invalid = try FaultPlay("invalid-utf8")
        #expect(String(validating: invalid.body, as: UTF8.self) == nil)
        let nul = try FaultPlay("nul-in-text")
        let text = try nul.events.dropLast().compactMap {
            try JSONValue(parsing: $0)["choices"]?.arrayValue?.first?["delta"]?["content"]?.stringValue
        }.joined()
        #expect(text == nul.entry.text && text.utf8.contains(0))
        let events = try FaultPlay("split-surrogates").events
        let high = try #require(events.firstIndex { $0.contains("\\ud83d\"") })
        #expect(events[high + 1].contains("\\ude80\""))
    }

    @Test func `events come twice, too late or in another order`() throws {
        let finish = "\"finish_reason\":\"stop\""
        #expect(try FaultPlay("done-twice").count("data: [DONE]") == 2)
        #expect(try FaultPlay("finish-twice").count(finish) == 2)
        #expect(try FaultPlay("usage-twice").count("\"usage\":{") == 2)
        #expect(try FaultPlay("no-usage").count("\"usage\":{") == 0)
        #expect(try FaultPlay("usage-zero").count("\"completion_tokens\":0,") == 1)
        #expect(try FaultPlay("usage-wrong").count("\"completion_tokens\":21,") == 1)
        let noFinish = try FaultPlay("no-finish")
        #expect(noFinish.count("\"finish_reason\":\"") == 0 && noFinish.count("[DONE]") == 1)
        let events = try FaultPlay("usage-before-finish").events
        #expect(events.dropLast().last?.contains(finish) == true)
        let late = try FaultPlay("content-after-finish").events
        #expect(late[late.count - 4].contains(finish) || late[late.count - 3].contains(finish))
        #expect(late[late.count - 2].contains("\"content\":"))
        #expect(try FaultPlay("content-after-done").events.last?.contains("\"content\":\" late\"") == true)
        let tail = try #require(FaultPlay("done-without-blank-line").client.unchunkedBody)
        #expect(tail.hasSuffix("}\n\ndata: [DONE]\n"))
        let choices = try FaultPlay("two-choices")
        #expect(choices.count("{\"index\":1,\"delta\":{\"content\"") == 10)
        #expect(choices.count("{\"index\":1,\"delta\":{},") == 1 && choices.count("\"usage\":{") == 1)
    }

    @Test func `bodies are shorter or longer than promised, and chunks are broken`() throws {
        let short = try FaultPlay("short-body")
        #expect(try #require(Int(short.header("content-length") ?? "")) > short.body.count)
        let long = try FaultPlay("long-body")
        #expect(try #require(Int(long.header("content-length") ?? "")) < long.body.count)
        #expect(long.bodyText.hasSuffix("[DONE]\n\n"))
        let both = try FaultPlay("truncated-with-length")
        #expect(both.header("content-length") != nil && both.header("transfer-encoding") == "chunked")
        let inChunk = try FaultPlay("truncated-in-chunk")
        #expect(!inChunk.text.hasSuffix("\r\n") && inChunk.client.unchunkedBody == nil)
        #expect(try FaultPlay("bad-chunk-size").bodyText.contains("}\n\n\r\nzz\r\ndata: "))
        #expect(try FaultPlay("chunk-size-overflow").bodyText.contains("\r\nfffffffffffffffffffff\r\ndata: "))
        #expect(try FaultPlay("chunk-without-crlf").bodyText.firstMatch(of: #/}\n\n[0-9a-f]+\r\ndata: /#) != nil)
        let extended = try FaultPlay("chunk-extensions")
        #expect(extended.bodyText.contains(";part=\"one; two\";empty\r\n"))
        #expect(extended.text.hasSuffix("\r\n0;last\r\nserver-timing: total;dur=1\r\n\r\n"))
        let singly = try FaultPlay("byte-by-byte")
        #expect(
            singly.bodyText.split(separator: "\r\n").dropLast().enumerated().allSatisfy {
                $0.offset % 2 == 1 || $0.element == "1"
            })
    }

    @Test func `gzip is what another implementation reads`() throws {
        let play = try FaultPlay("gzip")
        #expect(play.header("content-encoding") == "gzip")
        var body = play.body[...]
        var joined: [UInt8] = []
        while let end = body.firstRange(of: [0x0d, 0x0a]) {
            let size = Int(String(decoding: body[..<end.lowerBound], as: UTF8.self), radix: 16) ?? 0
            joined += body[end.upperBound..<(end.upperBound + size)]
            body = body[(end.upperBound + size + 2)...]
        }
        let hexadecimal = joined.map { String(format: "%02x", $0) }.joined()
        let program = "import gzip, sys; sys.stdout.buffer.write(gzip.decompress(bytes.fromhex(sys.argv[1])))"
        let (status, output) = try Python.run(["-c", program, hexadecimal])
        #expect(status == 0)
        #expect(String(decoding: output, as: UTF8.self).hasSuffix("data: [DONE]\n\n"))
    }

    @Test func `a huge event is one line of 24 MiB, and the stream goes on after it`() throws {
        let play = try FaultPlay("huge-event")
        #expect(play.client.received.count > 24 << 20)
        #expect(play.client.received.suffix(200).contains { $0 == UInt8(ascii: "[") })
        #expect(play.entry.done != nil)
    }

    @Test func `a connection ends late, long after the terminal`() throws {
        let play = try FaultPlay("late-close")
        let done = try #require(play.entry.done)
        #expect(play.entry.ended - done >= .seconds(2))
        #expect(play.text.hasSuffix("data: [DONE]\n\n") && !play.text.contains("chunked"))
    }
}
