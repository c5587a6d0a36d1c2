import Testing
import Timeline

@testable import Wire

struct EncodingTests {
    private func target(
        _ api: String = "openai-chat", _ url: String = "http://127.0.0.1:8080/v1", headers: [HeaderField] = [],
        body: JSONValue? = nil
    ) -> Target {
        Target(name: "t", api: api, model: "m", baseURL: url, headers: headers, body: body)
    }

    private func body(
        _ settings: RequestSettings, _ target: Target, prompt: Prompt = Prompt(id: "p", text: "Hi")
    ) throws -> String {
        let dialect = try #require(Dialects.named(target.api))
        return String(decoding: dialect.encode(prompt, settings: settings, target: target).body, as: UTF8.self)
    }

    @Test func `a compatible server gets the fields that all of them know`() throws {
        let settings = RequestSettings(outputLength: .atMost(128), temperature: 0)
        #expect(
            try body(settings, target())
                == #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true},"max_tokens":128,"temperature":0.0}"#
        )
    }

    @Test func `OpenAI's server gets its own fields`() throws {
        let settings = RequestSettings(outputLength: .exactly(64))
        #expect(
            try body(settings, target("openai-chat", "https://api.openai.com/v1"))
                == #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},"max_completion_tokens":64}"#
        )
    }

    @Test func `an exact length is asked for in the way that inference servers have`() throws {
        #expect(
            try body(RequestSettings(outputLength: .exactly(64)), target("openai-completions"))
                == #"{"model":"m","prompt":"Hi","stream":true,"stream_options":{"include_usage":true},"max_tokens":64,"min_tokens":64,"ignore_eos":true}"#
        )
    }

    @Test func `no stream is asked for where none is wanted`() throws {
        #expect(
            try body(RequestSettings(stream: false), target())
                == #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":false}"#)
    }

    @Test func `Anthropic gets a limit always and the system prompt apart`() throws {
        let prompt = Prompt(
            id: "p", messages: [.init(role: "system", content: "Be brief"), .init(role: "user", content: "Hi")])
        #expect(
            try body(RequestSettings(), target("anthropic"), prompt: prompt)
                == #"{"model":"m","max_tokens":1024,"system":"Be brief","messages":[{"role":"user","content":"Hi"}],"stream":true}"#
        )
    }

    @Test func `the target has the last word in body and headers`() throws {
        let target = target(
            headers: [HeaderField("accept", "*/*"), HeaderField("X-Team", "bench")],
            body: ["stream_options": ["continuous_usage_stats": true], "model": "other", "seed": 7])
        #expect(
            try body(RequestSettings(), target)
                == #"{"model":"other","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true,"continuous_usage_stats":true},"seed":7}"#
        )
        let request = OpenAIChatDialect().encode(
            Prompt(id: "p", text: "Hi"), settings: RequestSettings(), target: target)
        #expect(
            request.headers == [
                HeaderField("Content-Type", "application/json"), HeaderField("accept", "*/*"),
                HeaderField("X-Team", "bench"),
            ])
    }

    @Test(arguments: [
        ("openai-chat", "http://h:1", "http://h:1/v1/chat/completions"),
        ("openai-chat", "http://h:1/", "http://h:1/v1/chat/completions"),
        ("openai-chat", "http://h:1/v1/", "http://h:1/v1/chat/completions"),
        ("openai-chat", "https://h/openai/v1", "https://h/openai/v1/chat/completions"),
        ("openai-chat", "http://[::1]:8080", "http://[::1]:8080/v1/chat/completions"),
        ("openai-completions", "http://h", "http://h/v1/completions"),
        ("anthropic", "https://api.anthropic.com", "https://api.anthropic.com/v1/messages"),
        ("anthropic", "https://api.anthropic.com/v1", "https://api.anthropic.com/v1/messages"),
        ("anthropic", "https://h/proxy", "https://h/proxy/v1/messages"),
    ])
    func `the URL is the base and the API's path`(_ api: String, _ base: String, _ url: String) throws {
        let dialect = try #require(Dialects.named(api))
        let target = target(api, base)
        #expect(dialect.url(for: target) == url)
        let request = dialect.encode(Prompt(id: "p", text: "Hi"), settings: RequestSettings(), target: target)
        #expect(url.hasSuffix(request.path))
        #expect(request.headers.contains(HeaderField("Accept", "text/event-stream")))
    }

    @Test func `hosts that only look like OpenAI's are not`() {
        #expect(BaseURL("https://api.openai.com/v1").isWithin("openai.com"))
        #expect(BaseURL("https://user@API.OpenAI.com:443").isWithin("openai.com"))
        #expect(!BaseURL("https://api.openai.com.example.org").isWithin("openai.com"))
        #expect(!BaseURL("http://localhost/api.openai.com").isWithin("openai.com"))
        #expect(!BaseURL("https://notopenai.com").isWithin("openai.com"))
    }

    @Test func `keys go into the header that the API reads`() {
        #expect(OpenAIChatDialect().authentication(key: "k") == HeaderField("Authorization", "Bearer k"))
        #expect(AnthropicDialect().authentication(key: "k") == HeaderField("x-api-key", "k"))
        let request = AnthropicDialect().encode(
            Prompt(id: "p", text: "Hi"), settings: RequestSettings(), target: target("anthropic"))
        #expect(request.headers.contains(HeaderField("anthropic-version", "2023-06-01")))
    }

    @Test func `the registry knows its dialects by name`() {
        #expect(
            Dialects.names == [
                "openai-chat", "openai-completions", "anthropic", "openai-responses", "azure-openai", "mistral",
                "cohere", "tgi", "llama-cpp", "gemini", "bedrock", "ollama",
            ])
        for name in Dialects.names { #expect(Dialects.named(name)?.name == name) }
        #expect(Dialects.named("openai") == nil)
    }
}
