import Scenarios
import Testing
import Timeline

struct TargetRefusalTests {
    @Test(arguments: [
        Refusal("http: 3", "s.yaml:6:11: targets.0.http: unknown value '3'; allowed: 1.1, 2"),
        Refusal("connections: new", "s.yaml:6:18: targets.0.connections: unknown value 'new'; allowed: reuse, fresh"),
        Refusal(
            "body: [1]", "s.yaml:6:11: targets.0.body must be a mapping such as {service_tier: default}; found a list"),
        Refusal(
            "simulate: gpt-4o",
            "s.yaml:6:5: 'base_url' and 'simulate' exclude each other in targets.0; keep one of them"),
        Refusal(
            "api_key_env: A\n    api_key_file: b",
            "s.yaml:7:5: 'api_key_env' and 'api_key_file' exclude each other in targets.0; keep one of them"),
        Refusal(
            "api_key_env: ${HOME}",
            "s.yaml:6:18: targets.0.api_key_env must be the name of an environment variable, without ${…}"),
        Refusal(
            "headers: {'a b': 1}", "s.yaml:6:15: 'a b' is no header name; allowed: letters, digits and !#$%&'*+-.^_`|~"),
        Refusal(
            "headers: {Content-Length: 1}", "s.yaml:6:15: header 'Content-Length' is set by the tool itself; remove it"),
        Refusal(
            "headers: {A: \"x\\r\\nB: y\"}",
            "s.yaml:6:18: targets.0.headers.A must not hold control characters or line ends"),
        Refusal("headers: {A: 1, a: 2}", "s.yaml:6:21: header 'a' stands twice; names differ only in case"),
        Refusal(
            "relay_of: a",
            "s.yaml:6:15: relay_of names the target that 'a' is another path to, and 'a' is this one itself; there is no other"
        ),
        Refusal(
            "http: \"2\"\n    max_connections: 6",
            "s.yaml:7:22: targets.0.max_connections is for HTTP/1.1, where a connection carries one request at a time; "
                + "over HTTP/2 one carries many"),
        Refusal(
            "headerz: {A: 1}",
            "s.yaml:6:5: unknown key 'headerz' in targets.0; did you mean 'headers'? (allowed: name, api, base_url, model, api_key_env, api_key_file, aws, headers, body, http, connections, ca_file, simulate, stream, relay_of, max_connections, reconnect, price)"
        ),
    ])
    func `a wrong member of a target is refused at its place`(refusal: Refusal) {
        #expect(problems(target(refusal.text), environment: ["A": "1"]).contains(refusal.said))
        #expect(problems(target(refusal.text), environment: ["A": "1"]).count == 1)
    }

    @Test(arguments: [("", "", false), ("", ", stream: false", true), (", stream: false", ", stream: false", false)])
    func `a relay is asked in the same way as its direct target`(direct: String, relay: String, isRefused: Bool) {
        let found = problems(
            """
            targets:
              - {name: a, simulate: gpt-4o\(direct)}
              - {name: b, simulate: gpt-4o, relay_of: a\(relay)}
            load: {closed: {concurrency: 1}, requests: 1}
            """)
        let said =
            "s.yaml:2:3: 'b' and 'a', which it is another path to, are asked for different things: one for streams, "
            + "the other for whole answers; give both the same stream"
        #expect(found == (isRefused ? [said] : []))
    }

    @Test func `a relay of a relay is refused, and one of its own relay`() {
        func text(_ a: String, _ b: String) -> String {
            """
            targets:
              - {name: a, simulate: gpt-4o\(a)}
              - {name: b, simulate: gpt-4o\(b)}
              - {name: c, simulate: gpt-4o, relay_of: b}
            load: {closed: {concurrency: 1}, requests: 1}
            """
        }
        #expect(problems(text("", "")) == [])
        #expect(
            problems(text("", ", relay_of: a")) == [
                "s.yaml:4:43: relay_of must name a target that is reached directly, and 'b' is itself another path, to 'a'; "
                    + "write relay_of: a"
            ])
        #expect(
            problems(text(", relay_of: b", ", relay_of: a")).first
                == "s.yaml:2:43: relay_of must name a target that is reached directly, and 'b' is itself another path, to "
                + "'a'; leave relay_of out of one of the two")
    }

    @Test(arguments: [
        (
            "api_key: sk-canary",
            "s.yaml:6:5: 'api_key' would keep a secret in the scenario; use api_key_env: NAME_OF_A_VARIABLE or api_key_file: PATH"
        ),
        (
            "api_key_env: sk-canary",
            "s.yaml:6:18: targets.0.api_key_env must be the name of an environment variable, such as OPENAI_API_KEY, and not the key itself"
        ),
        (
            "api_key_env: gsk_canary",
            "s.yaml:6:18: the variable that api_key_env names is not set, which target 'a' needs; provide it, or pass --skip-unconfigured"
        ),
        (
            "headers: {Authorization: Bearer canary}",
            "s.yaml:6:15: header 'Authorization' carries a secret; remove it and name the secret in api_key_env or api_key_file"
        ),
        (
            "headers: {X-API-Key: canary}",
            "s.yaml:6:15: header 'X-API-Key' carries a secret; remove it and name the secret in api_key_env or api_key_file"
        ),
        (
            "headers: {api-key: canary}",
            "s.yaml:6:15: header 'api-key' carries a secret; remove it and name the secret in api_key_env or api_key_file"
        ),
        (
            "headers: {Cookie: canary}",
            "s.yaml:6:15: header 'Cookie' carries a secret; remove it and name the secret in api_key_env or api_key_file"
        ),
        (
            "headers: {X-Auth: Bearer canary}",
            "s.yaml:6:23: targets.0.headers.X-Auth seems to hold a secret; name it in api_key_env or api_key_file instead"
        ),
        (
            "headers: {X-Team: '${A_KEY}'}",
            "s.yaml:6:23: targets.0.headers.X-Team: A_KEY seems to hold a secret, which would be stored with the run; name it in api_key_env instead"
        ),
    ])
    func `a secret is refused and never repeated`(members: String, said: String) {
        let found = problems(target(members), environment: ["A_KEY": "canary"])
        #expect(found == [said])
        #expect(!found.joined().contains("canary"))
    }

    @Test(arguments: [
        ("127.0.0.1:8080", "must begin with http:// or https://"),
        ("ftp://h", "must begin with http:// or https://"),
        (
            "https://user:canary@h/v1",
            "must not hold a user or a password; name the secret in api_key_env or api_key_file"
        ),
        (
            "https://h/v1?key=canary",
            "must not hold 'key=' in its query; name the secret in api_key_env or api_key_file"
        ),
        (
            "https://h/v1?a=1&API_KEY=canary",
            "must not hold 'api_key=' in its query; name the secret in api_key_env or api_key_file"
        ),
        ("http://", "has no host; write for example http://127.0.0.1:8080/v1"),
        ("http://:80", "has no host; write for example http://127.0.0.1:8080/v1"),
        ("http://h:0", "has a port that is no number from 1 to 65535"),
        ("http://h:http", "has a port that is no number from 1 to 65535"),
        ("http://[::1", "has an unclosed '['"),
        ("http://h/#top", "must not hold a fragment ('#')"),
        ("http://h/a b", "must not hold blanks or characters beyond ASCII; write them percent-encoded"),
    ])
    func `a wrong base URL is refused, and never repeated`(url: String, said: String) {
        let text = target("").replacing("http://127.0.0.1/v1", with: "'\(url)'")
        #expect(problems(text) == ["s.yaml:4:15: targets.0.base_url \(said)"])
    }

    @Test func `a real target needs its name, API and model`() {
        let text = "targets: [{base_url: http://h}]\nload: {closed: {concurrency: 1}, requests: 1}"
        #expect(
            problems(text) == [
                "s.yaml:1:11: 'model' is missing in targets.0; write for example model: gpt-4o-mini",
                "s.yaml:1:11: 'api' is missing in targets.0; write for example api: openai-chat",
                "s.yaml:1:11: 'name' is missing in targets.0; write for example name: my-server",
            ])
    }

    @Test func `an unknown API lists the known ones`() {
        #expect(
            problems(target("").replacing("openai-chat", with: "openai")) == [
                "s.yaml:3:10: targets.0.api: unknown value 'openai'; allowed: openai-chat, openai-completions, "
                    + "openai-responses, azure-openai, anthropic, gemini, bedrock, cohere, mistral, ollama, tgi, llama-cpp"
            ])
    }

    @Test(arguments: [
        (
            "gpt-4o-mimi",
            "s.yaml:1:22: targets.0.simulate: unknown value 'gpt-4o-mimi'; did you mean 'gpt-4o-mini'? (allowed: gpt-4o, gpt-4o-mini, claude-4.5-sonnet, claude-sonnet-4.6, gemini-2.0-flash, llama-4-scout)"
        ),
        ("{ttft: 5}", "s.yaml:1:29: targets.0.simulate.ttft needs a unit; write 5ms or 5s instead of 5"),
        (
            "{gap: 5ms, speed: 5}",
            "s.yaml:1:33: 'gap' and 'speed' exclude each other in targets.0.simulate; keep one of them"
        ),
        (
            "{tokens: 5, reasoning_tokens: 6}",
            "s.yaml:1:52: targets.0.simulate.reasoning_tokens counts within tokens: it must be at most 5; found 6"
        ),
        (
            "{stall: {every: 5}}",
            "s.yaml:1:30: 'length' is missing in targets.0.simulate.stall; write for example length: 300ms"
        ),
        (
            "{fault: rset}",
            "s.yaml:1:30: targets.0.simulate.fault: unknown value 'rset'; did you mean 'reset'? (allowed: \(StreamScript.faults.joined(separator: ", ")))"
        ),
        (
            "{burst: 4, buffering: 1s}",
            "s.yaml:1:33: 'burst' and 'buffering' exclude each other in targets.0.simulate; keep one of them"
        ),
        (
            "{buffering: 200}",
            "s.yaml:1:34: targets.0.simulate.buffering needs a unit; write 200ms or 200s instead of 200"
        ),
        (
            "{model_changes_every: 0}",
            "s.yaml:1:44: targets.0.simulate.model_changes_every must be a whole number from 1 to 1000000; found '0'"
        ),
        (
            "{server_timing: yes}",
            "s.yaml:1:38: targets.0.simulate.server_timing must be true or false; found 'yes'"
        ),
        (
            "{burts: 4}",
            "s.yaml:1:23: unknown key 'burts' in targets.0.simulate; did you mean 'burst'? (allowed: profile, ttft, gap, speed, tokens, tokens_per_event, jitter, reasoning_tokens, hidden_reasoning, stall, comments, event_ids, reconnect_after, burst, buffering, cached_tokens, model_changes_every, server_timing, disconnect_delay, fault, fault_every)"
        ),
        ("{fault_every: 2}", "s.yaml:1:36: targets.0.simulate.fault_every needs a 'fault' beside it"),
        ("{jitter: -1}", "s.yaml:1:31: targets.0.simulate.jitter must be a number from 0 to 10; found '-1'"),
    ])
    func `a wrong script is refused at its place`(script: String, said: String) {
        let text = "targets: [{simulate: \(script), name: x}]\nload: {closed: {concurrency: 1}, requests: 1}"
        #expect(problems(text) == [said])
    }

    @Test func `the simulator has no HTTP/2`() {
        #expect(
            problems("targets: [{simulate: gpt-4o, http: 2}]\nload: {closed: {concurrency: 1}, requests: 1}") == [
                "s.yaml:1:36: targets.0.http must be 1.1 for a simulated target: the simulator has no HTTP/2"
            ])
    }

    @Test func `names are unique, and never digits alone`() {
        let text =
            "targets: [{simulate: gpt-4o}, {simulate: gpt-4o}, {simulate: gpt-4o, name: 7}]\n"
            + "load: {closed: {concurrency: 1}, requests: 1}"
        #expect(
            problems(text) == [
                "s.yaml:1:31: two targets are named 'gpt-4o'; give each a name of its own",
                "s.yaml:1:76: a target's name must not be digits alone, which mean a position; give '7' another 'name'",
            ])
    }

    @Test func `an unset key is refused, or its target is skipped`() throws {
        let text = target("api_key_env: EXAMPLE_KEY\n  - simulate: gpt-4o")
        #expect(
            problems(text) == [
                "s.yaml:6:18: EXAMPLE_KEY is not set, which target 'a' needs; provide it, or pass --skip-unconfigured"
            ])
        let skipping = try read(text, unconfigured: .skip)
        #expect(skipping.targets.map(\.name) == ["gpt-4o"])
        #expect(skipping.skipped == ["a": "EXAMPLE_KEY is not set"])
        let whole = try read(text, environment: ["EXAMPLE_KEY": "canary"], unconfigured: .skip)
        #expect(whole.targets.map(\.name) == ["a", "gpt-4o"])
        #expect(whole.unsetKeys([:]) == ["a": "EXAMPLE_KEY is not set"])
        #expect(whole.unsetKeys(["EXAMPLE_KEY": "canary"]) == [:])
        #expect(throws: ScenarioError.self) { try read(target("api_key_env: EXAMPLE_KEY"), unconfigured: .skip) }
    }

    @Test func `chosen targets alone are used and need their variables`() throws {
        let text = target("headers: {X-Team: '${UNSET}'}\n  - simulate: gpt-4o")
        #expect(try read(text, only: ["gpt-4o"]).targets.map(\.name) == ["gpt-4o"])
        #expect(problems(text).count == 1)
        #expect(
            problems(text, environment: ["UNSET": "x"], only: ["gpt-4"]) == [
                "--target gpt-4: no such target; did you mean 'gpt-4o'? (allowed: a, gpt-4o)"
            ])
    }
}
