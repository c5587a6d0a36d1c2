import Scenarios
import Testing
import Timeline

struct ScenarioReadingTests {
    static let everything = """
        name: two-models
        description: A hosted model against a local one
        seed: 42
        targets:
          - name: hosted
            api: anthropic
            base_url: https://api.example.com/v1/
            model: m-1
            api_key_env: EXAMPLE_KEY
            headers: {X-Team: bench, X-Number: 7}
            body: {service_tier: default, n: 1, ratio: 0.5, deep: {flag: true, none: null, list: [1, "1"]}}
            http: "2"
            connections: fresh
            ca_file: certificates.pem
            stream: true
          - name: script
            relay_of: hosted
            stream: true
            max_connections: 6
            reconnect: true
            simulate: {ttft: 850ms, gap: 18.6ms, tokens: 200, tokens_per_event: 3, jitter: 0.1, reasoning_tokens: 20,
              stall: {every: 5, length: 1s}, comments: 15s, burst: 4, cached_tokens: 9,
              model_changes_every: 50, server_timing: true, hidden_reasoning: true, event_ids: true, reconnect_after: 3s, disconnect_delay: 300ms, fault: reset, fault_every: 4}
        order: sequential
        prompts: [{text: Hello there}]
        request:
          output_tokens: {exact: 64}
          temperature: 0.5
          stream: false
          tools: [{name: f-1, description: Does it, parameters: {type: object, properties: {q: {type: string}}}}, {name: g}]
          tool_choice: required
          response_format: {name: reply, schema: {type: object, required: [a]}}
        reader: {words: 5, tokens: 20, speed: 6.5}
        load: {open: {rate: 2.5, arrivals: poisson}, duration: 1.5m, warmup: {requests: 8}}
        timeouts: {connect: 1s, headers: 2s, first_token: 3s, stall: 500us, total: 2h}
        retries: 0
        cancel: {share: 0.25, after: {seconds: 1.5}}
        server_metrics: {url: https://api.example.com/metrics, gauge: [running, made], interval: 20ms}
        max_error_rate: 0.25
        slo: {ttft: 800ms, stalls: 2}
        budgets: {ttft.p95: 1.5s, e2e.p99.9: 9s, success: 0.99, output_throughput: 40, stutter_index.mean: 0.2}
        store: {raw: all, text: false}
        """

    @Test func `every key arrives where it belongs`() throws {
        let scenario = try read(Self.everything, environment: ["EXAMPLE_KEY": "canary"])
        #expect(scenario.name == "two-models")
        #expect(scenario.description == "A hosted model against a local one")
        #expect(scenario.seed == 42)
        #expect(!scenario.isInterleaved)
        #expect(scenario.prompts == [Prompt(id: "text-1", text: "Hello there")])
        #expect(
            scenario.request
                == RequestSettings(
                    outputLength: .exactly(64), temperature: 0.5, stream: false,
                    tools: [
                        ToolDefinition(
                            name: "f-1", description: "Does it",
                            parameters: ["type": "object", "properties": ["q": ["type": "string"]]]),
                        ToolDefinition(name: "g", parameters: ["type": "object", "properties": [:]]),
                    ], toolChoice: .required,
                    answerSchema: AnswerSchema(name: "reply", schema: ["type": "object", "required": ["a"]])))
        #expect(scenario.reader == ReaderProfile(words: 5, tokens: 20, speed: 6.5))
        #expect(scenario.targets.map { scenario.settings(of: $0).stream } == [true, true])
        #expect(!scenario.request.stream)
        #expect(scenario.load == .open(rate: 2.5, arrivals: .poisson))
        #expect(scenario.amount == .duration(.seconds(90)))
        #expect(scenario.warmup == 8)
        #expect(
            scenario.timeouts
                == Timeouts(
                    connect: .seconds(1), headers: .seconds(2), firstToken: .seconds(3), stall: Nanoseconds(500_000),
                    total: .seconds(7200)))
        #expect(scenario.maxErrorRate == 0.25)
        #expect(scenario.cancellation == CancellationPlan(share: 0.25, point: .time(.seconds(1.5))))
        #expect(
            scenario.serverMetrics
                == ServerMetricsPlan(
                    url: "https://api.example.com/metrics", gauges: ["running", "made"], interval: .milliseconds(20)))
        #expect(
            scenario.objectives == [
                RequestLimit(metric: "ttft", limit: 800), RequestLimit(metric: "stalls", limit: 2),
            ])
        #expect(
            scenario.budgets == [
                Budget(metric: "ttft", statistic: "p95", comparison: .atMost, limit: 1500),
                Budget(metric: "e2e", statistic: "p99.9", comparison: .atMost, limit: 9000),
                Budget(metric: "success", statistic: nil, comparison: .atLeast, limit: 0.99),
                Budget(metric: "output_throughput", statistic: nil, comparison: .atLeast, limit: 40),
                Budget(metric: "stutter_index", statistic: "mean", comparison: .atMost, limit: 0.2),
            ])
        #expect(scenario.storage == .all)
        #expect(scenario.storesText == false)
        #expect(scenario.fileName == "/scenarios/s.yaml")
        #expect(scenario.sourceText == Self.everything)
    }

    @Test func `a real target and a simulated one arrive whole`() throws {
        let targets = try read(Self.everything, environment: ["EXAMPLE_KEY": "canary"]).targets
        let body: JSONValue = [
            "service_tier": "default", "n": 1, "ratio": .number(0.5),
            "deep": ["flag": true, "none": nil, "list": [1, "1"]],
        ]
        #expect(
            targets == [
                Target(
                    name: "hosted", api: "anthropic", model: "m-1", baseURL: "https://api.example.com/v1",
                    key: .environment("EXAMPLE_KEY"),
                    headers: [HeaderField("X-Team", "bench"), HeaderField("X-Number", "7")], body: body,
                    httpVersion: .two, connections: .fresh,
                    certificateAuthorityFile: "/scenarios/certificates.pem", streams: true),
                Target(
                    name: "script", api: "openai-chat", model: "script", baseURL: "",
                    simulation: StreamScript(
                        timeToFirstToken: .milliseconds(850), gap: Nanoseconds(18_600_000), tokens: 200,
                        tokensPerEvent: 3, jitter: 0.1, reasoningTokens: 20, stallEvery: 5, stallLength: .seconds(1),
                        commentInterval: .seconds(15), fault: "reset", faultEvery: 4, burst: 4, cachedTokens: 9,
                        modelChangesEvery: 50, reportsTiming: true, disconnectDelay: .milliseconds(300),
                        hidesReasoning: true,
                        sendsEventIDs: true, reconnectAfter: .seconds(3)), streams: true, relayOf: "hosted",
                    maxConnections: 6,
                    reconnects: true),
            ])
    }

    @Test func `what is absent has the documented default`() throws {
        let scenario = try read("targets: [{simulate: gpt-4o}]\nload: {closed: {concurrency: 2}, requests: 3}")
        #expect(scenario.name == "s")
        #expect(scenario.seed == 1)
        #expect(scenario.isInterleaved)
        #expect(scenario.prompts.map(\.id) == ["default"])
        #expect(scenario.request == RequestSettings())
        #expect(scenario.load == .closed(concurrency: 2))
        #expect(scenario.amount == .requests(3))
        #expect(scenario.warmup == nil)
        #expect(scenario.timeouts == Timeouts())
        #expect(scenario.maxErrorRate == 0.1)
        #expect(scenario.cancellation == nil)
        #expect(scenario.objectives.isEmpty && scenario.budgets.isEmpty && scenario.skipped.isEmpty)
        #expect(scenario.storage == .failed)
        #expect(scenario.storesText == nil)
        #expect(
            scenario.targets == [
                Target(
                    name: "gpt-4o", api: "openai-chat", model: "gpt-4o", baseURL: "",
                    simulation: StreamScript(timeToFirstToken: .milliseconds(450), gap: Nanoseconds(6_896_552)))
            ])
    }

    @Test(arguments: [
        ("\"1.1\"", Target.HTTPVersion.one), ("1.1", .one), ("\"2\"", .two), ("2", .two),
    ])
    func `the HTTP version needs no quotes`(written: String, version: Target.HTTPVersion) throws {
        #expect(try read(target("http: \(written)")).targets[0].httpVersion == version)
    }

    @Test func `a speed is the inverse of a gap`() throws {
        let script = try read(around("").replacing("gpt-4o-mini", with: "{speed: 80}, name: fast"))
        #expect(script.targets.map(\.simulation?.gap) == [.milliseconds(12.5)])
    }

    @Test func `a profile can be adjusted`() throws {
        let text = around("").replacing("gpt-4o-mini", with: "{profile: llama-4-scout, tokens: 50}")
        let script = try #require(try read(text).targets[0].simulation)
        #expect(script.timeToFirstToken == .milliseconds(330))
        #expect(script.gap == Nanoseconds(384_615))
        #expect(script.tokens == 50)
    }

    @Test(arguments: [
        ("http://h", "http://h"), ("http://h/", "http://h"), ("HTTPS://h:8443/v1//", "https://h:8443/v1"),
        ("http://[::1]:80/v1", "http://[::1]:80/v1"), ("https://h/x/?api-version=2", "https://h/x?api-version=2"),
    ])
    func `a base URL loses its trailing slashes`(written: String, tidy: String) throws {
        let text = target("").replacing("http://127.0.0.1/v1", with: "'\(written)'")
        #expect(try read(text).targets[0].baseURL == tidy)
    }

    @Test func `an anchor can be used again`() throws {
        let scenario = try read(
            """
            targets:
              - {name: a, api: tgi, base_url: http://h, model: m, headers: &team {X-Team: bench}}
              - {name: b, api: tgi, base_url: http://h, model: m, headers: *team}
            load: {closed: {concurrency: 1}, requests: 1}
            """)
        #expect(
            scenario.targets.map(\.headers) == [[HeaderField("X-Team", "bench")], [HeaderField("X-Team", "bench")]])
    }

    @Test func `both ways are two targets that get the same prompts in the same order`() throws {
        let text = """
            targets: [{simulate: gpt-4o}, {simulate: gpt-4o-mini, stream: true}]
            request: {stream: both}
            prompts: [{synthetic: {words: 3, count: 9}}]
            load: {closed: {concurrency: 1}, requests: 20}
            """
        let scenario = try read(text)
        #expect(scenario.targets.map(\.name) == ["gpt-4o", "gpt-4o-whole", "gpt-4o-mini"])
        #expect(scenario.targets.map { scenario.settings(of: $0).stream } == [true, false, true])
        #expect(scenario.targets.map(\.wholeOf) == [nil, "gpt-4o", nil])
        #expect(scenario.targets[1].simulation == scenario.targets[0].simulation)
        let plan = RequestPlan(scenario, seed: 3)
        #expect(plan.lane(of: 0).map(\.prompt) == plan.lane(of: 1).map(\.prompt))
        #expect(plan.lane(of: 0).map { $0.index / 3 } == plan.lane(of: 1).map { $0.index / 3 })
        var again = try read(scenario.yaml)
        again.sourceText = scenario.sourceText
        #expect(again.targets == scenario.targets)
    }
}
