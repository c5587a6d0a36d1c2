import Testing
import Timeline

@testable import Wire

/// Events by which servers keep a connection open, and what is none of them.
struct KeepAliveTests {
    private static let streams = FinishReasonTests.streams.filter { $0.api != "ollama" }

    @Test(
        arguments: streams.indices,
        ["event: ping\ndata: ping", "event: heartbeat\ndata: 2026-11-23T09:00:00Z", "event: x\ndata: 7"])
    func `a word under a name that the API does not know changes nothing`(_ index: Int, _ ping: String) throws {
        let (api, before, after) = Self.streams[index]
        var capture = Capture(before + "stop" + after)
        let stream = try capture.decoded(as: api)
        capture.body = Array("\(ping)\n\n".utf8) + capture.body
        let longer = try capture.decoded(as: api)
        #expect(longer.outcome == StreamOutcome(.ok) && longer.events.first?.kind == .control)
        #expect(longer.contentCount == stream.contentCount && longer.warnings == stream.warnings)
    }

    @Test(arguments: [
        ("openai-chat", "data: ping"), ("openai-chat", "event: message\ndata: ping"),
        ("openai-chat", "event: chunk\ndata: {\"choices\":[{"), ("openai-chat", "event: exception\ndata: boom"),
        ("anthropic", "event: content_block_delta\ndata: Internal Server Error"),
        ("openai-responses", "event: response.output_text.delta\ndata: Internal"),
        ("cohere", "event: content-delta\ndata: x"),
    ])
    func `what could be a damaged piece of the answer is invalid`(_ api: String, _ event: String) throws {
        let outcome = try Capture("\(event)\n\n").decoded(as: api).outcome
        #expect(outcome.outcomeClass == .protocolError && outcome.detail == "invalid_json")
    }

    @Test(arguments: [[], [1], [2], [3], [1, 2, 3, 4]])
    func `a byte order mark before the first line is none of it`(_ cuts: [Int]) throws {
        let mark = "\u{feff}"
        for body in [OllamaRows.text("a") + OllamaRows.done, "\n" + OllamaRows.text("a") + OllamaRows.done] {
            let stream = try OllamaRows.capture(mark + body).decoded(as: "ollama", cuts: cuts)
            #expect(stream.outcome == StreamOutcome(.ok) && stream.text() == "a")
        }
        let last = try OllamaRows.capture(mark + OllamaRows.done.dropLast()).decoded(as: "ollama", cuts: cuts)
        #expect(last.outcome == StreamOutcome(.okEmpty))
        let later = try OllamaRows.capture(OllamaRows.text("a") + mark + OllamaRows.done).decoded(as: "ollama")
        #expect(later.outcome.outcomeClass == .protocolError)
    }
}
