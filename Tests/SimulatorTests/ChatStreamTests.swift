import Simulator
import Testing
import Timeline

@Suite struct ChatStreamTests {
    private let quick = StreamScript(timeToFirstToken: .milliseconds(5), gap: .milliseconds(1), tokens: 12)

    /// Plays one stream and gives its chunks without the terminal.
    private func play(
        _ script: StreamScript, path: String = "/v1/chat/completions", members: String = ""
    ) throws -> (chunks: [JSONValue], entry: SendLogEntry, client: RawClient) {
        let server = try SimulatedServer(scripts: ["default": script], keepsText: true)
        try server.start()
        let client = try RawClient(server)
        let prompt = #""model":"m","messages":[{"role":"user","content":"eight ch"}],"prompt":[1,2,3]"#
        client.post(path, "{\(prompt),\"stream\":true\(members)}", headers: "X-Request-Id: mine-7\r\n")
        try client.read(until: "\r\n0\r\n\r\n")
        server.stop()
        try #require(client.events.last == "[DONE]")
        let chunks = try client.events.dropLast().map { try JSONValue(parsing: $0) }
        return (chunks, try #require(server.log.first), client)
    }

    private func choice(_ chunk: JSONValue?) -> JSONValue? { chunk?["choices"]?.arrayValue?.first }

    private func text(_ chunks: [JSONValue], _ member: String) -> String {
        chunks.compactMap { choice($0)?["delta"]?[member]?.stringValue }.joined()
    }

    @Test func `a chat stream has a role, every token, the finish reason and the terminal`() throws {
        let (chunks, entry, client) = try play(quick)
        #expect(client.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(client.text.contains("content-type: text/event-stream"))
        #expect(client.text.contains("x-request-id: mine-7\r\n"))
        #expect(chunks.count == 1 + 12 + 1)
        #expect(choice(chunks.first)?["delta"] == ["role": "assistant", "content": ""])
        #expect(choice(chunks.last)?["delta"] == [:])
        #expect(choice(chunks.last)?["finish_reason"] == "stop")
        #expect(chunks.allSatisfy { $0["usage"] == nil && $0["object"] == "chat.completion.chunk" })

        #expect(entry.text == text(chunks, "content"))
        #expect(entry.identifier == "mine-7")
        #expect(entry.sends.map(\.kind.rawValue).joined() == "rttttttttttttf")
        #expect(entry.outputTokens == 12)
        #expect(entry.promptCharacters == 8)
        #expect(entry.status == .completed)
    }

    @Test func `with usage asked for, the last chunk alone has it and all others say null`() throws {
        let (chunks, _, _) = try play(quick, members: #","stream_options":{"include_usage":true}"#)
        #expect(chunks.dropLast().allSatisfy { $0["usage"] == .null })
        #expect(chunks.last?["choices"] == [])
        #expect(chunks.last?["usage"]?["completion_tokens"] == 12)
        #expect(chunks.last?["usage"]?["total_tokens"] == 14)
    }

    @Test(arguments: [
        (#","max_tokens":5"#, 5, "length"), (#","max_completion_tokens":5,"max_tokens":9"#, 5, "length"),
        (#","max_tokens":12"#, 12, "stop"), (#","max_tokens":100"#, 12, "stop"),
        (#","max_tokens":20,"min_tokens":20"#, 20, "length"), (#","max_tokens":20,"ignore_eos":true"#, 20, "length"),
        (#","max_tokens":null"#, 12, "stop"), (#","min_tokens":15"#, 15, "stop"),
    ]) func `the request decides how long the answer is`(members: String, tokens: Int, finish: String) throws {
        let (chunks, entry, _) = try play(quick, members: members)
        #expect(chunks.count == tokens + 2)
        #expect(entry.outputTokens == tokens)
        #expect(choice(chunks.last)?["finish_reason"]?.stringValue == finish)
    }

    @Test func `reasoning comes first and counts`() throws {
        var script = quick
        script.reasoningTokens = 5
        script.tokensPerEvent = 3
        let (chunks, entry, _) = try play(script)
        #expect(entry.sends.map(\.kind.rawValue).joined() == "rhhtttf")
        #expect(entry.sends.map(\.tokens) == [0, 3, 2, 3, 3, 1, 0])
        #expect(text(chunks, "reasoning_content") == entry.reasoningText)
        #expect(text(chunks, "content") == entry.text)
    }

    @Test(arguments: [1, 2, 3, 9]) func `a tool call is whole at every length`(tokens: Int) throws {
        let tools = #","tools":[{"type":"function","function":{"name":"find"}}],"max_tokens":\#(tokens)"#
        let (chunks, entry, _) = try play(quick, members: tools)
        let calls = chunks.compactMap { choice($0)?["delta"]?["tool_calls"]?.arrayValue?.first?["function"] }
        #expect(calls.count == tokens)
        #expect(calls.first?["name"] == "find")
        let arguments = calls.compactMap { $0["arguments"]?.stringValue }.joined()
        #expect(arguments == entry.toolArguments)
        #expect((try JSONValue(parsing: arguments)["query"] == nil) == (tokens == 1))
        #expect(choice(chunks.last)?["finish_reason"] == "tool_calls")
        #expect(entry.sends.map(\.kind.rawValue).joined() == "r" + String(repeating: "l", count: tokens) + "f")
    }

    @Test func `older completions carry the finish reason with the last text`() throws {
        let (chunks, entry, _) = try play(quick, path: "/v1/completions", members: #","max_tokens":4"#)
        #expect(chunks.map { choice($0)?["finish_reason"] } == [.null, .null, .null, "length"])
        let texts = chunks.compactMap { choice($0)?["text"]?.stringValue }
        #expect(texts.joined() == entry.text && !texts.contains(""))
        #expect(entry.sends.map(\.kind.rawValue).joined() == "tttt")
        #expect(entry.finished == entry.sends.last?.instant)
        #expect(entry.promptTokens == 3)
    }

    @Test func `texts have spaces, line ends, quotes and characters of several bytes`() throws {
        let (chunks, entry, _) = try play(
            StreamScript(timeToFirstToken: .milliseconds(1), gap: .zero, tokens: 2000))
        let text = try #require(entry.text)
        #expect(self.text(chunks, "content") == text)
        for part in ["\n", "\"", "\\", "ü", "🙂", "東京", "\t", " the"] { #expect(text.contains(part), "\(part)") }
        let pieces = chunks.compactMap { choice($0)?["delta"]?["content"]?.stringValue }.filter { !$0.isEmpty }
        #expect(pieces.allSatisfy { $0.hasPrefix(" ") })
    }
}
