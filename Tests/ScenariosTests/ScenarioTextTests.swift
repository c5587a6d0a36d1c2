import Scenarios
import Testing
import Timeline

struct ScenarioTextTests {
    @Test func `the hash ignores what does not change the requests`() throws {
        let one = try read(
            """
            name: one
            description: x
            targets: [{name: a, api: tgi, base_url: http://h, model: m, headers: {A: 1, B: 2}, body: {x: 1, y: 2}}]
            load: {closed: {concurrency: 4}, duration: 90s}   # a comment
            store: {raw: all}
            """)
        let two = try read(
            """
            load: {duration: 1.5m, closed: {concurrency: 4}}
            seed: 1
            targets: [{api: tgi, body: {y: 2, x: 1}, headers: {B: 2, A: 1}, model: m, base_url: http://h/, name: a,
              api_key_env: EXAMPLE_KEY}]
            """, environment: ["EXAMPLE_KEY": "canary"])
        #expect(one.hash == two.hash)
        #expect(one.hash.count == 16)
        #expect(one.hash.allSatisfy { $0.isHexDigit })
    }

    @Test(arguments: [
        "seed=2", "load.closed.concurrency=2", "load.requests=2", "load.warmup.requests=1", "request.temperature=0",
        "prompts=[{text: x}]", "targets.0.model=x", "timeouts.stall=9s", "slo.ttft=1s", "order=sequential",
        "budgets.ttft.p50=1s", "targets.0.connections=fresh", "max_error_rate=0.2", "request.stream=false",
        "cancel={after: {tokens: 5}}", "reader={words: 5}", "request.stream=both", "targets.0.stream=false",
        "request.tools=[{name: f}]", "request.response_format={schema: {type: object}}",
    ])
    func `the hash changes with every setting of the requests`(override: String) throws {
        let (before, after) = (try read(around("")), try read(around(""), set: [override]))
        #expect(before.hash != after.hash)
    }

    @Test func `a resolved scenario reads back as itself`() throws {
        let environment = ["EXAMPLE_KEY": "canary"]
        let scenario = try read(ScenarioReadingTests.everything, environment: environment)
        var again = try read(scenario.yaml, environment: environment)
        again.sourceText = scenario.sourceText
        #expect(again == scenario)
        #expect(!scenario.yaml.contains("canary"))
    }

    @Test func `a command line implies a scenario that can be saved`() throws {
        let options = Scenario.AdHocOptions(
            url: "http://127.0.0.1:8080/v1/", model: "m${x}", api: "tgi", concurrency: 12, requests: 40,
            maxOutputTokens: 16, prompt: "What is ${x}?")
        let scenario = try Scenario.adHoc(options, environment: [:], vocabulary: vocabulary)
        #expect(
            scenario.targets == [Target(name: "m${x}", api: "tgi", model: "m${x}", baseURL: "http://127.0.0.1:8080/v1")]
        )
        #expect(scenario.load == .closed(concurrency: 12))
        #expect(scenario.amount == .requests(40))
        #expect(scenario.warmup == 12)
        #expect(scenario.request.outputLength == .atMost(16))
        #expect(scenario.prompts[0].messages[0].content == "What is ${x}?")
        var again = try read(scenario.sourceText)
        (again.fileName, again.sourceText) = (scenario.fileName, scenario.sourceText)
        #expect(again == scenario)
    }

    @Test(arguments: [(1, 30, 10), (64, 100, 64), (64, 20, 20), (1, 3, 3)])
    func `a command line's warm-up fills every stream once`(concurrency: Int, requests: Int, warmup: Int) throws {
        let options = Scenario.AdHocOptions(
            url: "http://h", model: "m", concurrency: concurrency, requests: requests)
        #expect(try Scenario.adHoc(options, environment: [:], vocabulary: vocabulary).warmup == warmup)
    }

    @Test func `a wrong argument is named`() {
        let options = Scenario.AdHocOptions(url: "h:80", model: "", api: "openai", concurrency: 0)
        let error = #expect(throws: ScenarioError.self) {
            try Scenario.adHoc(options, environment: [:], vocabulary: vocabulary)
        }
        let places = error?.problems.map(\.place.description) ?? []
        #expect(Set(places) == ["URL", "--model", "--api", "--concurrency"])
    }
}
