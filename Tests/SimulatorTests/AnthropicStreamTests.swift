import Simulator
import Testing
import Timeline

@Suite struct AnthropicStreamTests {
    /// Plays one stream and gives its events' names and data.
    private func play(
        reasoningTokens: Int = 0, members: String = ""
    ) throws -> (names: [String], data: [JSONValue], entry: SendLogEntry) {
        let script = StreamScript(
            timeToFirstToken: .milliseconds(3), gap: .milliseconds(1), tokens: 4, reasoningTokens: reasoningTokens)
        let server = try SimulatedServer(scripts: ["default": script], keepsText: true)
        try server.start()
        let client = try RawClient(server)
        let prompt = #""system":"abcd","messages":[{"role":"user","content":[{"type":"text","text":"efgh"}]}]"#
        client.post("/v1/messages", "{\"model\":\"m\",\(prompt),\"max_tokens\":100,\"stream\":true\(members)}")
        try client.read(until: "\r\n0\r\n\r\n")
        server.stop()
        let lines = try #require(client.unchunkedBody).split(separator: "\n")
        let names = lines.filter { $0.hasPrefix("event: ") }.map { String($0.dropFirst(7)) }
        return (names, try client.events.map { try JSONValue(parsing: $0) }, try #require(server.log.first))
    }

    private let opening = ["message_start", "content_block_start", "ping"]
    private let ending = ["content_block_stop", "message_delta", "message_stop"]

    @Test func `a message is one block of text between its start and its stop`() throws {
        let (names, data, entry) = try play()
        #expect(names == opening + Array(repeating: "content_block_delta", count: 4) + ending)
        #expect(data.map { $0["type"]?.stringValue } == names)
        #expect(data.first?["message"]?["usage"]?["input_tokens"] == 2)
        #expect(data.compactMap { $0["delta"]?["text"]?.stringValue }.joined() == entry.text)
        #expect(data[data.count - 2]["delta"]?["stop_reason"] == "end_turn")
        #expect(data[data.count - 2]["usage"]?["output_tokens"] == 4)
        #expect(entry.sends.map(\.kind.rawValue).joined() == "rrrttttf")
        #expect(entry.promptCharacters == 8)
    }

    @Test func `thinking is a signed block of its own before the text`() throws {
        let (_, data, entry) = try play(reasoningTokens: 2)
        let deltas = data.compactMap { $0["delta"]?["type"]?.stringValue }
        #expect(deltas == ["thinking_delta", "thinking_delta", "signature_delta", "text_delta", "text_delta"])
        #expect(data.compactMap { $0["index"]?.integerValue } == [0, 0, 0, 0, 0, 1, 1, 1, 1])
        #expect(data.compactMap { $0["delta"]?["thinking"]?.stringValue }.joined() == entry.reasoningText)
        #expect(entry.sends.map(\.kind.rawValue).joined() == "rrrhhttf")
    }

    @Test func `a tool's block starts with its name, which is the first token`() throws {
        let (names, data, entry) = try play(members: #","tools":[{"name":"find","input_schema":{}}]"#)
        #expect(names.prefix(3) == ["message_start", "ping", "content_block_start"])
        #expect(data[2]["content_block"]?["name"] == "find")
        #expect(data.compactMap { $0["delta"]?["partial_json"]?.stringValue }.joined() == entry.toolArguments)
        #expect(data[data.count - 2]["delta"]?["stop_reason"] == "tool_use")
        #expect(entry.sends.map(\.kind.rawValue).joined() == "rrllllf")
        #expect(entry.sends.map(\.tokens) == [0, 0, 1, 1, 1, 1, 0])
    }

    @Test func `a request without max_tokens is refused in the API's own shape`() throws {
        let server = try SimulatedServer(scripts: ["default": StreamScript()])
        try server.start()
        let client = try RawClient(server)
        client.post("/v1/messages", #"{"messages":[{"role":"user","content":"a"}]}"#)
        try client.read(until: "}}")
        server.stop()
        #expect(client.text.hasPrefix("HTTP/1.1 400 "))
        #expect(client.text.contains(#"{"type":"error","error":{"type":"invalid_request_error""#))
        #expect(server.log.first?.status == .failed)
    }
}
