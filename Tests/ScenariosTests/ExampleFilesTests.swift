import Foundation
import Scenarios
import Testing
import Timeline

struct ExampleFilesTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Scenarios").path
    static let files =
        (try? FileManager.default.contentsOfDirectory(atPath: folder))?.filter { $0.hasSuffix(".yaml") } ?? []
    static let keys = [
        "OPENAI_API_KEY": "canary-1", "ANTHROPIC_API_KEY": "canary-2", "MY_SERVER_KEY": "canary-3",
        "GEMINI_API_KEY": "canary-4", "MISTRAL_API_KEY": "canary-5", "COHERE_API_KEY": "canary-6",
        "AWS_ACCESS_KEY_ID": "canary-7", "AWS_SECRET_ACCESS_KEY": "canary-8", "OPENROUTER_API_KEY": "canary-9",
    ]

    static func example(_ file: String) throws(ScenarioError) -> Scenario {
        try Scenario(contentsOf: "\(folder)/\(file)", environment: keys, vocabulary: vocabulary)
    }

    @Test func `the examples are there`() {
        #expect(
            Set(Self.files).isSuperset(of: [
                "quickstart.yaml", "six-models.yaml", "local-server.yaml", "open-loop.yaml", "hosted-models.yaml",
                "ci-check.yaml", "all-keys.yaml",
            ]))
    }

    @Test(arguments: files)
    func `every example is read, and its resolved text gives it again`(file: String) throws {
        let scenario = try Self.example(file)
        var again = try Scenario(
            text: scenario.yaml, file: "elsewhere/saved.yaml", environment: Self.keys, vocabulary: vocabulary)
        #expect(again.yaml == scenario.yaml)
        #expect(again.hash == scenario.hash)
        again.sourceText = scenario.sourceText
        again.fileName = scenario.fileName
        #expect(again == scenario)
        #expect(!scenario.yaml.contains("canary"))
    }

    @Test(arguments: files)
    func `every example names itself after its file`(file: String) throws {
        #expect(try Self.example(file).name + ".yaml" == file)
    }

    @Test func `a key file is read, and its absence named without its content`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID().uuidString)").path
        let text = target("api_key_file: \(file)")
        #expect(
            problems(text) == [
                "s.yaml:6:19: the file that api_key_file names cannot be read or is empty, which target 'a' needs; "
                    + "provide it, or pass --skip-unconfigured"
            ])
        try Data(" canary\n".utf8).write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let scenario = try read(text)
        #expect(scenario.targets[0].key?.secret(in: [:]) == "canary")
        #expect(!scenario.yaml.contains("canary"))
    }

    @Test func `the documented file is read as it stands`() throws {
        let text = """
            name: two-models
            description: A hosted model against a local one
            seed: 42
            targets:
              - name: gpt-4o-mini
                api: openai-chat              # a comment
                base_url: https://api.openai.com/v1
                model: gpt-4o-mini
                api_key_env: OPENAI_API_KEY   # or api_key_file; a literal key is refused
                headers: {X-Team: bench}
                body: {service_tier: default} # merged into the request body
                http: "1.1"                   # or "2"
                connections: reuse            # or fresh
              - name: simulated-sonnet
                api: anthropic
                simulate: claude-sonnet-4.6
            order: interleaved                # or sequential
            prompts:
              - text: Explain streaming in three sentences.
              - file: prompts.jsonl
              - synthetic: {words: 200, count: 50}
            request:
              max_output_tokens: 128
              temperature: 0
              stream: true
            load:
              closed: {concurrency: 4}
              requests: 100
              warmup: {requests: 8}
            timeouts: {connect: 5s, headers: 30s, first_token: 30s, stall: 10s, total: 120s}
            retries: 0
            max_error_rate: 0.1
            slo: {ttft: 800ms, tpot: 25ms}
            budgets: {ttft.p95: 800ms, tpot.p50: 25ms, success: 0.99}
            store: {raw: failed, text: false}
            """
        let scenario = try Scenario(
            text: text, file: "\(Self.folder)/two-models.yaml", environment: Self.keys, vocabulary: vocabulary)
        #expect(scenario.targets.map(\.name) == ["gpt-4o-mini", "simulated-sonnet"])
        #expect(scenario.targets[1].model == "claude-sonnet-4.6")
        #expect(scenario.prompts.count == 1 + 3 + 50)
        #expect(scenario.timeouts == Timeouts())
        #expect(scenario.request.temperature == 0)
    }

    @Test func `the six models are the six profiles`() throws {
        let scenario = try Self.example("six-models.yaml")
        #expect(
            scenario.targets.map(\.name) == [
                "gpt-4o", "gpt-4o-mini", "claude-4.5-sonnet", "claude-sonnet-4.6", "gemini-2.0-flash", "llama-4-scout",
            ])
        #expect(scenario.targets.map(\.simulation?.timeToFirstToken.milliseconds) == [450, 350, 1240, 850, 340, 330])
        #expect(
            scenario.targets.map(\.simulation?.gap.count) == [
                6_896_552, 5_000_000, 14_084_507, 18_518_519, 3_333_333, 384_615,
            ])
    }

    @Test func `the reference mentions every key, and every example stays within them`() throws {
        let text = try String(contentsOfFile: "\(Self.folder)/all-keys.yaml", encoding: .utf8)
        let keys = [
            "name", "description", "seed", "targets", "order", "prompts", "request", "load", "timeouts", "retries",
            "max_error_rate", "slo", "budgets", "store", "api", "base_url", "model", "api_key_env", "api_key_file",
            "aws", "access_key_env", "secret_key_env", "session_token_env", "region",
            "headers", "body", "http", "connections", "ca_file", "simulate", "profile", "ttft", "gap", "speed",
            "tokens",
            "tokens_per_event", "jitter", "reasoning_tokens", "stall", "every", "length", "comments", "burst",
            "buffering", "cached_tokens", "model_changes_every", "server_timing", "fault", "fault_every", "text",
            "file", "synthetic", "words", "count", "max_output_tokens", "output_tokens", "exact",
            "temperature", "stream", "closed", "concurrency", "open", "rate", "arrivals", "requests", "duration",
            "warmup", "tools", "parameters", "tool_choice", "response_format", "schema", "hidden_reasoning",
            "event_ids", "reconnect_after", "reader", "relay_of", "max_connections", "reconnect", "server_metrics",
            "url", "gauge", "price", "input", "cached_input", "output", "tokenizer", "pattern", "max_cost",
            "interval",
            "cancel", "share", "after", "disconnect_delay", "connect", "first_token", "total", "raw",
        ]
        #expect(keys.filter { !text.contains("\($0):") } == [])
    }
}
