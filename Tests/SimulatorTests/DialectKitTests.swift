import Foundation
import Simulator
import Testing
import Timeline

/// Holds the simulator's dialects against the providers' own packages, with which it shares no code.
@Suite struct DialectKitTests {
    private struct Expectation {
        var provider: String
        var stop: String
        var length: String
        /// The finish reason of a tool call; nil where the API has no tools.
        var tool: String?
        var hasReasoning = true
    }

    // Written down by hand from the providers' documentation.
    private static let expectations = [
        Expectation(provider: "responses", stop: "completed", length: "max_output_tokens", tool: "completed"),
        Expectation(provider: "azure", stop: "stop", length: "length", tool: "tool_calls"),
        Expectation(provider: "gemini", stop: "STOP", length: "MAX_TOKENS", tool: "STOP"),
        Expectation(provider: "vertex", stop: "STOP", length: "MAX_TOKENS", tool: "STOP"),
        Expectation(provider: "bedrock", stop: "end_turn", length: "max_tokens", tool: "tool_use"),
        Expectation(provider: "cohere", stop: "COMPLETE", length: "MAX_TOKENS", tool: "TOOL_CALL"),
        Expectation(provider: "mistral", stop: "stop", length: "length", tool: "tool_calls"),
        Expectation(provider: "ollama", stop: "stop", length: "length", tool: "stop"),
        Expectation(provider: "generate", stop: "stop", length: "length"),
        Expectation(provider: "tgi", stop: "eos_token", length: "length", hasReasoning: false),
        Expectation(provider: "llama", stop: "eos", length: "limit", hasReasoning: false),
    ]

    private static let faults = ["truncated", "short-body", "error-event", "http-429", "invalid-json"]

    private static func scripts() -> [String: StreamScript] {
        let plain = StreamScript(timeToFirstToken: .milliseconds(5), gap: .milliseconds(1), tokens: 30)
        var scripts = ["plain": plain, "reasoning": plain]
        scripts["reasoning"]?.reasoningTokens = 11
        for fault in faults {
            scripts[fault] = plain
            scripts[fault]?.fault = fault
        }
        for (name, script) in scripts {
            scripts["mistral-\(name)"] = script
            scripts["mistral-\(name)"]?.api = "mistral"
        }
        return scripts
    }

    private typealias Case = (name: String, result: JSONValue, entry: SendLogEntry)

    /// What the packages understood, and what was sent, case by case.
    private static func play(_ program: String, _ arguments: [String] = []) throws -> [Case] {
        try #require(
            Python.run(["-c", "import boto3, cohere, google.genai, huggingface_hub, mistralai, ollama"]).status == 0,
            "this test needs the packages of .ci/python-requirements.txt")
        let path = try #require(Bundle.module.path(forResource: program, ofType: "py"))
        let server = try SimulatedServer(scripts: scripts(), keepsText: true)
        try server.start()
        let (status, output) = try Python.run([path, server.baseURL] + arguments)
        server.stop()
        try #require(status == 0)
        guard case .object(let results) = try JSONValue(parsing: Array(output)) else { return [] }
        try #require(results.count == server.log.count, "every case is one request, without retries")
        return zip(results, server.log).map { ($0.name, $0.value, $1) }
    }

    @Test func `the packages understand answers in one piece`() throws {
        let finishes = [
            "responses": "completed", "gemini": "STOP", "bedrock": "end_turn", "cohere": "COMPLETE", "mistral": "stop",
            "ollama": "stop", "tgi": "eos_token", "llama": "eos",
        ]
        let cases = try Self.play("sdk_whole_answers")
        #expect(cases.count == 2 * finishes.count)
        for one in cases {
            let provider = String(one.name.prefix { $0 != "-" })
            #expect(one.entry.status == .completed && !one.entry.isStream, "\(one.name)")
            #expect(one.result["text"]?.stringValue == one.entry.text, "\(one.name)")
            #expect(one.entry.text?.isEmpty == false, "\(one.name)")
            #expect(one.result["reasoning"]?.stringValue == one.entry.reasoningText, "\(one.name)")
            #expect(one.result["finish"]?.stringValue == finishes[provider], "\(one.name)")
            #expect(one.result["usage"] == 30, "\(one.name)")
        }
    }

    @Test func `the packages understand what the send log says was sent`() throws {
        let cases = try Self.play("sdk_dialects", [Self.faults.joined(separator: ",")])
        for expectation in Self.expectations {
            let find = { (variant: String) in
                try #require(cases.first { $0.name == "\(expectation.provider)-\(variant)" }, "\(variant)")
            }
            for variant in ["plain", "plain-capped", "reasoning", "plain-tool"] {
                expectContent(try find(variant))
            }
            #expect(try find("plain").result["finish"]?.stringValue == expectation.stop)
            #expect(try find("plain-capped").result["finish"]?.stringValue == expectation.length)
            #expect(try find("plain-capped").result["usage"]?.integerValue == 7)
            for variant in ["plain", "reasoning", "plain-tool"] {
                #expect(try find(variant).result["usage"]?.integerValue == 30, "\(expectation.provider)-\(variant)")
            }
            let tool = try find("plain-tool").result
            #expect(tool["tool"] == (expectation.tool == nil ? .null : "look_up"), "\(expectation.provider)")
            #expect(tool["finish"]?.stringValue == expectation.tool ?? expectation.stop, "\(expectation.provider)")
            let reasoning = try find("reasoning").result["reasoning"]?.stringValue
            #expect((reasoning?.isEmpty == false) == expectation.hasReasoning, "\(expectation.provider)")
        }
        try expectFailures(cases)
    }

    /// What the packages made of faults; most of them report each one, and none invents a finish reason.
    private func expectFailures(_ cases: [Case]) throws {
        // Amazon's package takes a body that is shorter than its length for a whole one, and like Cohere's it skips
        // what it cannot parse; Mistral's takes a finish reason of error for one like any other.
        let silent = ["bedrock-short-body", "bedrock-invalid-json", "cohere-invalid-json", "mistral-error-event"]
        for one in cases {
            guard let fault = Self.faults.first(where: one.name.hasSuffix) else { continue }
            #expect(one.entry.status == .fault && one.entry.fault == fault, "\(one.name)")
            #expect((one.result["error"] == nil) == silent.contains(one.name), "\(one.name): \(one.result.text)")
        }
        let bedrock = try #require(cases.first { $0.name == "bedrock-short-body" })
        #expect(bedrock.result["finish"] == .null && bedrock.result["text"]?.stringValue == bedrock.entry.text)
        let mistral = try #require(cases.first { $0.name == "mistral-error-event" })
        #expect(mistral.result["finish"] == "error")
    }

    private func expectContent(_ one: Case) {
        #expect(one.result["error"] == nil, "\(one.name): \(one.result.text)")
        #expect(one.entry.status == .completed, "\(one.name)")
        #expect(one.result["text"]?.stringValue == one.entry.text, "\(one.name)")
        #expect(one.result["reasoning"]?.stringValue == one.entry.reasoningText, "\(one.name)")
        #expect(one.result["arguments"]?.stringValue == one.entry.toolArguments, "\(one.name)")
        #expect(one.result["usage"]?.integerValue == one.entry.outputTokens, "\(one.name)")
        // One token for each four characters of "Say something.".
        #expect(one.result["prompt"]?.integerValue == 4, "\(one.name)")
    }
}
