import Simulator
import Testing
import Timeline

@Suite struct ChatStreamTests {
    private let body = #"{"model":"m","messages":[{"role":"user","content":"eight ch"}],"stream":true}"#

    private func server(_ script: StreamScript, keepsText: Bool = true) throws -> SimulatedServer {
        let server = try SimulatedServer(scripts: ["default": script], keepsText: keepsText)
        try server.start()
        return server
    }

    private let quick = StreamScript(timeToFirstToken: .milliseconds(5), gap: .milliseconds(1), tokens: 12)

    @Test func `a chat stream has a role, every token, the finish reason and the terminal`() throws {
        let server = try server(quick)
        let client = try RawClient(server)
        client.post("/v1/chat/completions", body, headers: "X-Request-Id: mine-7\r\n")
        try client.read(until: "0\r\n\r\n")
        server.stop()

        #expect(client.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(client.text.contains("content-type: text/event-stream"))
        #expect(client.text.contains("x-request-id: mine-7\r\n"))
        let chunks = try client.events.dropLast().map { try JSONValue(parsing: $0) }
        #expect(client.events.last == "[DONE]")
        #expect(chunks.count == 1 + 12 + 1)
        let choice = { (chunk: JSONValue) in chunk["choices"]?.arrayValue?.first }
        #expect(chunks.first.flatMap(choice)?["delta"] == ["role": "assistant", "content": ""])
        #expect(chunks.last.flatMap(choice)?["delta"] == [:])
        #expect(chunks.last.flatMap(choice)?["finish_reason"] == "stop")
        let text = chunks.dropFirst().compactMap { choice($0)?["delta"]?["content"]?.stringValue }.joined()

        let entry = try #require(server.log.first)
        #expect(server.log.count == 1)
        #expect(entry.text == text)
        #expect(entry.identifier == "mine-7")
        #expect(entry.sends.map(\.kind.rawValue).joined() == "rttttttttttttf")
        #expect(entry.outputTokens == 12)
        #expect(entry.promptCharacters == 8)
        #expect(entry.status == .completed)
    }
}
