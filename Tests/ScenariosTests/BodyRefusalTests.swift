import Scenarios
import Testing
import Timeline

/// What a target's `body` must not hold.
struct BodyRefusalTests {
    private static let named = "carries a secret; remove it and name the secret in api_key_env or api_key_file"
    private static let seeming = "seems to hold a secret; name it in api_key_env or api_key_file instead"

    @Test(arguments: [
        ("{api_key: canary}", "s.yaml:6:12: 'api_key' in targets.0.body \(named)"),
        ("{Authorization: Bearer canary}", "s.yaml:6:12: 'Authorization' in targets.0.body \(named)"),
        ("{password: 123456}", "s.yaml:6:12: 'password' in targets.0.body \(named)"),
        ("{token: canary}", "s.yaml:6:12: 'token' in targets.0.body \(named)"),
        ("{clientSecret: [canary]}", "s.yaml:6:12: 'clientSecret' in targets.0.body \(named)"),
        (
            "{tools: [{auth: {access-token: canary}}]}",
            "s.yaml:6:28: 'access-token' in targets.0.body.tools.0.auth \(named)"
        ),
        ("{user: sk-canary}", "s.yaml:6:18: targets.0.body.user \(seeming)"),
        ("{stop: [x, Bearer canary]}", "s.yaml:6:22: targets.0.body.stop.1 \(seeming)"),
        ("{user: '${TEAM}'}", "s.yaml:6:18: targets.0.body.user \(seeming)"),
    ])
    func `a secret in the body is refused at its place and never repeated`(body: String, said: String) {
        let found = problems(target("body: \(body)"), environment: ["TEAM": "sk-canary"])
        #expect(found == [said])
        #expect(!found.joined().contains("canary"))
    }

    @Test(arguments: [
        "max_tokens: 5", "min_tokens: 5", "stop_token_ids: [1, 2]", "tokens: [a]", "prompt_cache_key: bench",
        "user: 'Basic rules of the house'", "logit_bias: {sk: 1}", "secrets: 3",
        "response_format: {json_schema: {properties: {password: {type: string}}, required: [password]}}",
    ])
    func `what only sounds like a secret is none`(member: String) throws {
        let scenario = try read(target("body: {\(member)}"))
        guard case .object(let members)? = scenario.targets.first?.body else {
            Issue.record("no body")
            return
        }
        #expect(members.count == 1)
    }

    @Test(arguments: [
        ("openai-chat", "model: other", "'model'", "give it as the target's model"),
        ("openai-chat", "stream: false", "'stream'", "give it as request: {stream: …}"),
        ("openai-chat", "messages: []", "'messages'", "give it under prompts"),
        ("anthropic", "messages: []", "'messages'", "give it under prompts"),
        ("openai-completions", "prompt: x", "'prompt'", "give it under prompts"),
        ("openai-responses", "input: x", "'input'", "give it under prompts"),
        ("gemini", "contents: []", "'contents'", "give it under prompts"),
        ("ollama", "prompt: x", "'prompt'", "give it under prompts"),
        ("tgi", "inputs: x", "'inputs'", "give it under prompts"),
        ("llama-cpp", "prompt: x", "'prompt'", "give it under prompts"),
    ])
    func `what would replace the tool's own members is refused`(
        api: String, member: String, name: String, remedy: String
    ) {
        let text = target("body: {\(member)}").replacing("openai-chat", with: api)
        #expect(
            problems(text) == [
                "s.yaml:6:12: \(name) in targets.0.body would replace what the tool sends; \(remedy)"
            ])
    }

    @Test func `a member that carries the prompt of another API only is left alone`() throws {
        #expect(
            try read(target("body: {input: x, contents: y}")).targets.first?.body == ["input": "x", "contents": "y"])
    }

    @Test func `another output length than the stored one is refused`() {
        let request = "\nrequest: {max_output_tokens: 8}\n"
        #expect(
            problems(request + target("body: {max_tokens: 9}")) == [
                "s.yaml:8:24: 'max_tokens' in targets.0.body would replace request.max_output_tokens; keep one of them"
            ])
        #expect(problems(request + target("body: {options: {num_predict: 9}}")).count == 1)
        #expect(problems(request + target("body: {reasoning: {max_tokens: 9}}")) == [])
    }

    @Test(arguments: ["sk-canary\nX-Evil: 1", "sk-ca\r\nnary", "sk-\u{7f}canary", "sk-\u{1b}[31mcanary"])
    func `a key that would begin another header is refused by the name of its variable`(key: String) {
        let found = problems(target("api_key_env: BENCH_KEY"), environment: ["BENCH_KEY": key])
        #expect(
            found == [
                "s.yaml:6:18: BENCH_KEY holds a line end or another control character within the key; "
                    + "store the key alone there"
            ])
        #expect(problems(target("api_key_env: BENCH_KEY"), environment: ["BENCH_KEY": "sk-canary\r\n"]) == [])
    }
}
