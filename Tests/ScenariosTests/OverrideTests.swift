import Scenarios
import Testing
import Timeline

struct OverrideTests {
    private static let text = """
        targets:
          - {name: gpt-4, api: openai-chat, base_url: http://h, model: four}
          - {name: gpt-4.1, api: openai-chat, base_url: http://h, model: four-one}
          - {simulate: gpt-4o}
        load: {closed: {concurrency: 1}, requests: 1}
        slo: {ttft: 1s}
        """

    @Test func `figures are overridden, and the last override wins`() throws {
        let scenario = try read(Self.text, set: ["load.closed.concurrency=8", "seed=3", "load.closed.concurrency=9"])
        #expect(scenario.load == .closed(concurrency: 9))
        #expect(scenario.seed == 3)
        #expect(scenario.overrides == ["load.closed.concurrency=8", "seed=3", "load.closed.concurrency=9"])
    }

    @Test func `targets are found by position and by the longest name that fits`() throws {
        let scenario = try read(
            Self.text,
            set: ["targets.gpt-4.model=A", "targets.gpt-4.1.model=B", "targets.2.model=C", "targets.gpt-4.1.http=2"])
        #expect(scenario.targets.map(\.model) == ["A", "B", "C"])
        #expect(scenario.targets.map(\.httpVersion) == [.one, .two, .one])
    }

    @Test func `setting one of two keys that exclude each other removes the other`() throws {
        let open = try read(Self.text, set: ["load.open.rate=5", "load.duration=2s"])
        #expect(open.load == .open(rate: 5, arrivals: .constant))
        #expect(open.amount == .duration(.seconds(2)))
        let real = try read(Self.text, set: ["targets.2.base_url=http://h", "targets.2.model=x", "targets.2.api=tgi"])
        #expect(real.targets[2] == Target(name: "x", api: "tgi", model: "x", baseURL: "http://h"))
        let simulated = try read(Self.text, set: ["targets.0.simulate=gpt-4o"])
        #expect(simulated.targets[0].simulation == StreamScript(profile: "gpt-4o"))
    }

    @Test func `keys with dots, lists and mappings can be set`() throws {
        let scenario = try read(
            Self.text,
            set: [
                "budgets.ttft.p99.9=2s", "budgets.success=0.5", "slo.ttft=500ms", "targets.0.headers.X.Y=1",
                "targets.0.body.a.b=true", "prompts=[{text: 'a: b'}]", "request={temperature: 1}",
                "description=x: y # z",
            ])
        #expect(scenario.budgets.map(\.key) == ["ttft.p99.9", "success"])
        #expect(scenario.objectives == [RequestLimit(metric: "ttft", limit: 500)])
        #expect(scenario.targets[0].headers == [HeaderField("X.Y", "1")])
        #expect(scenario.targets[0].body == ["a": ["b": true]])
        #expect(scenario.prompts.map(\.messages[0].content) == ["a: b"])
        #expect(scenario.request.temperature == 1)
        #expect(scenario.description == "x: y # z")
    }

    @Test func `a budget may be of any field of an answer, whose name may have dots`() throws {
        let text = "budgets: {time_to_field.title.p95: 800ms, time_to_field.a.b.p99.9: 1s, time_to_field.mean.mean: 2s}"
        let budgets = try read(around(text)).budgets
        #expect(budgets.map(\.metric) == ["time_to_field.title", "time_to_field.a.b", "time_to_field.mean"])
        #expect(budgets.map(\.statistic) == ["p95", "p99.9", "mean"])
        #expect(budgets.map(\.limit) == [800, 1000, 2000])
    }

    @Test(arguments: [
        (
            "load.closd.concurrency=8",
            "--set load.closd.concurrency: unknown key 'closd' in load; did you mean 'closed'? "
                + "(allowed: closed, open, requests, duration, warmup)"
        ),
        (
            "load.closed.concurrency=x",
            "--set load.closed.concurrency: load.closed.concurrency must be a whole number from 1 to 100000; found 'x'"
        ),
        ("slo.ttft=500", "--set slo.ttft: slo.ttft needs a unit; write 500ms or 500s instead of 500"),
        (
            "targets.gpt.model=x",
            "--set targets.gpt.model: targets has no element 'gpt'; positions: 0 to 2, or allowed: gpt-4, gpt-4.1, gpt-4o"
        ),
        (
            "targets.7.model=x",
            "--set targets.7.model: targets has no element '7'; positions: 0 to 2, or allowed: gpt-4, gpt-4.1, gpt-4o"
        ),
        (
            "targets.2.simulate.ttft=5ms",
            "--set targets.2.simulate.ttft: targets.2.simulate is 'gpt-4o' and has no parts; set targets.2.simulate itself"
        ),
        (
            "targets.0.api_key=canary",
            "--set targets.0.api_key: 'api_key' would keep a secret in the scenario; use api_key_env: NAME_OF_A_VARIABLE or api_key_file: PATH"
        ),
        ("seed", "--set seed: must be key=value, such as load.closed.concurrency=8"),
        ("slo={ttft", "--set slo: the value is not YAML: not YAML: did not find expected ',' or '}'"),
        ("name=", "--set name: name must be text; found nothing"),
    ])
    func `a wrong override is refused like a wrong key`(override: String, said: String) {
        let found = problems(Self.text, set: [override])
        #expect(found == [said])
        #expect(!found.joined().contains("canary"))
    }
}
