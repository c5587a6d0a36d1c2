import Foundation
import Simulator
import Testing
import Timeline

/// Holds the simulator against clients that it shares no code with: the official Python packages of both providers.
@Suite struct SoftwareKitTests {
    private static let script = StreamScript(timeToFirstToken: .milliseconds(5), gap: .milliseconds(1), tokens: 30)

    private static func scripts() -> [String: StreamScript] {
        var scripts = ["plain": script, "reasoning": script]
        scripts["reasoning"]?.reasoningTokens = 11
        for fault in StreamScript.faults {
            scripts[fault] = script
            scripts[fault]?.fault = fault
        }
        return scripts
    }

    @Test func `the official packages understand what the send log says was sent`() throws {
        try #require(
            Python.run(["-c", "import openai, anthropic"]).status == 0,
            "this test needs the official packages: python3 -m pip install openai anthropic")
        let path = try #require(Bundle.module.path(forResource: "sdk_streams", ofType: "py"))
        let server = try SimulatedServer(scripts: Self.scripts(), keepsText: true)
        try server.start()
        let (status, output) = try Python.run([path, server.baseURL])
        server.stop()
        try #require(status == 0)
        let results = try JSONValue(parsing: Array(output))
        let log = server.log.reduce(into: [String: SendLogEntry]()) { $0[$1.identifier] = $1 }

        try expectTexts(results, log)
        try expectEndings(results)
        try expectTools(results, log)
        try expectFaults(results, log)
        #expect(results["openai-models"]?["models"] == ["plain"])
        #expect(results["plain-http"]?["last"] == "[DONE]")
    }

    private func expectTexts(_ results: JSONValue, _ log: [String: SendLogEntry]) throws {
        let cases = [
            "openai-chat", "openai-chat-capped", "openai-chat-exact", "openai-chat-reasoning", "openai-chat-whole",
            "openai-completions", "anthropic-messages", "anthropic-capped", "anthropic-thinking", "anthropic-whole",
            "plain-http",
        ]
        for name in cases {
            let result = try #require(results[name], "\(name)")
            let entry = try #require(log[name], "\(name)")
            #expect(entry.status == .completed, "\(name)")
            #expect(result["text"]?.stringValue == entry.text, "\(name)")
            #expect(entry.text?.isEmpty == false, "\(name)")
            if name.hasSuffix("reasoning") || name.hasSuffix("thinking") {
                #expect(result["reasoning"]?.stringValue == entry.reasoningText, "\(name)")
                #expect(entry.sends.filter { $0.kind == .reasoning }.count == 11, "\(name)")
            }
            if name != "plain-http" { #expect(result["usage"]?.integerValue == entry.outputTokens, "\(name)") }
        }
    }

    /// The finish reasons and token counts that the requests must lead to, written down by hand.
    private func expectEndings(_ results: JSONValue) throws {
        let expected: [(String, String, Int)] = [
            ("openai-chat", "stop", 30), ("openai-chat-capped", "length", 7), ("openai-chat-exact", "length", 50),
            ("openai-chat-reasoning", "stop", 30), ("openai-chat-tool", "tool_calls", 30),
            ("openai-chat-whole", "stop", 30), ("openai-completions", "length", 9),
            ("anthropic-messages", "end_turn", 30), ("anthropic-capped", "max_tokens", 7),
            ("anthropic-thinking", "end_turn", 30), ("anthropic-tool", "tool_use", 30),
            ("anthropic-thinking-tool", "tool_use", 30), ("anthropic-whole", "end_turn", 30),
        ]
        for (name, finish, tokens) in expected {
            #expect(results[name]?["finish"]?.stringValue == finish, "\(name): \(results[name]?.text ?? "nothing")")
            #expect(results[name]?["usage"]?.integerValue == tokens, "\(name)")
        }
    }

    private func expectTools(_ results: JSONValue, _ log: [String: SendLogEntry]) throws {
        for name in ["openai-chat-tool", "anthropic-tool", "anthropic-thinking-tool"] {
            let entry = try #require(log[name])
            #expect(results[name]?["tool"] == "look_up", "\(name)")
            let arguments = try #require(results[name]?["arguments"]?.stringValue)
            #expect(arguments == entry.toolArguments, "\(name)")
            #expect(try JSONValue(parsing: arguments)["query"]?.stringValue?.isEmpty == false, "\(name)")
        }
    }

    private func expectFaults(_ results: JSONValue, _ log: [String: SendLogEntry]) throws {
        for provider in ["openai", "anthropic"] {
            let error = { (fault: String) in results["\(provider)-\(fault)"]?["error"]?.stringValue }
            #expect(error("http-401") == "AuthenticationError")
            #expect(error("http-429") == "RateLimitError")
            #expect(error("http-500") == "InternalServerError")
            #expect(error("error-event")?.isEmpty == false)
            #expect(error("error-then-done")?.isEmpty == false)
            // Newer packages wrap the errors of their HTTP client, older ones pass them on.
            #expect(["RemoteProtocolError", "APIConnectionError"].contains(error("truncated")))
            #expect(["ReadError", "APIConnectionError"].contains(error("reset")))
            #expect(error("invalid-json") == "JSONDecodeError")
            for fault in ["http-401", "error-event", "truncated", "reset", "invalid-json"] {
                #expect(log["\(provider)-\(fault)"]?.fault == fault)
            }
        }
    }
}
