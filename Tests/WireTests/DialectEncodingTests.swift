import Testing
import Timeline

@testable import Wire

/// What each API is asked, word for word.
struct DialectEncodingTests {
    struct Request: CustomTestStringConvertible {
        var api: String
        var base: String
        var settings = RequestSettings(outputLength: .atMost(64), temperature: 0)
        var path: String
        var body: String

        var testDescription: String { "\(api) at \(base), \(settings)" }
    }

    static let exact = RequestSettings(outputLength: .exactly(64), temperature: 0.5)
    static let bare = RequestSettings()
    static let whole = RequestSettings(stream: false)
    static let chat = #""model":"m","messages":[{"role":"user","content":"Hi"}]"#
    static let usage = #""stream":true,"stream_options":{"include_usage":true}"#
    static let azurePath = "/openai/deployments/m/chat/completions?api-version=2024-10-21"

    static let requests: [Request] = [
        Request(
            api: "openai-responses", base: "https://api.openai.com/v1", path: "/responses",
            body:
                #"{"model":"m","input":"Hi","stream":true,"stream_options":{"include_obfuscation":false},"store":false,"max_output_tokens":64,"temperature":0.0}"#
        ),
        Request(
            api: "openai-responses", base: "https://api.openai.com", settings: exact, path: "/v1/responses",
            body:
                #"{"model":"m","input":"Hi","stream":true,"stream_options":{"include_obfuscation":false},"store":false,"max_output_tokens":64,"temperature":0.5}"#
        ),
        Request(
            api: "openai-responses", base: "http://h:1", settings: exact, path: "/v1/responses",
            body:
                #"{"model":"m","input":"Hi","stream":true,"max_output_tokens":64,"min_tokens":64,"ignore_eos":true,"temperature":0.5}"#
        ),
        Request(
            api: "openai-responses", base: "http://h:1", settings: whole, path: "/v1/responses",
            body: #"{"model":"m","input":"Hi","stream":false}"#),
        Request(
            api: "azure-openai", base: "https://r.openai.azure.com", path: azurePath,
            body: "{\(chat),\(usage),\"max_completion_tokens\":64,\"temperature\":0.0}"),
        Request(
            api: "azure-openai", base: "https://r.openai.azure.com", settings: exact, path: azurePath,
            body: "{\(chat),\(usage),\"max_completion_tokens\":64,\"temperature\":0.5}"),
        Request(
            api: "azure-openai", base: "https://r.openai.azure.com/openai/v1", settings: bare,
            path: "/chat/completions", body: "{\(chat),\(usage)}"),
        Request(
            api: "azure-openai", base: "https://r.openai.azure.com", settings: whole, path: azurePath,
            body: "{\(chat),\"stream\":false}"),
        Request(
            api: "mistral", base: "https://api.mistral.ai/v1", path: "/chat/completions",
            body: "{\(chat),\"stream\":true,\"max_tokens\":64,\"temperature\":0.0}"),
        Request(
            api: "mistral", base: "https://api.mistral.ai", settings: exact, path: "/v1/chat/completions",
            body: "{\(chat),\"stream\":true,\"max_tokens\":64,\"min_tokens\":64,\"temperature\":0.5}"),
        Request(
            api: "mistral", base: "https://api.mistral.ai", settings: whole, path: "/v1/chat/completions",
            body: "{\(chat),\"stream\":false}"),
        Request(
            api: "cohere", base: "https://api.cohere.com", path: "/v2/chat",
            body: "{\(chat),\"stream\":true,\"max_tokens\":64,\"temperature\":0.0}"),
        Request(
            api: "cohere", base: "https://api.cohere.com/v2", settings: exact, path: "/chat",
            body: "{\(chat),\"stream\":true,\"max_tokens\":64,\"temperature\":0.5}"),
        Request(
            api: "cohere", base: "http://h:1", settings: whole, path: "/v2/chat", body: "{\(chat),\"stream\":false}"),
        Request(
            api: "tgi", base: "http://h:1", path: "/generate_stream",
            body: #"{"inputs":"Hi","parameters":{"details":true,"max_new_tokens":64,"do_sample":false}}"#),
        Request(
            api: "tgi", base: "http://h:1", settings: exact, path: "/generate_stream",
            body:
                #"{"inputs":"Hi","parameters":{"details":true,"max_new_tokens":64,"do_sample":true,"temperature":0.5}}"#
        ),
        Request(
            api: "tgi", base: "http://h:1", settings: whole, path: "/generate",
            body: #"{"inputs":"Hi","parameters":{"details":true}}"#),
        Request(
            api: "llama-cpp", base: "http://h:1", path: "/completion",
            body: #"{"prompt":"Hi","stream":true,"n_predict":64,"temperature":0.0}"#),
        Request(
            api: "llama-cpp", base: "http://h:1", settings: exact, path: "/completion",
            body: #"{"prompt":"Hi","stream":true,"n_predict":64,"ignore_eos":true,"temperature":0.5}"#),
        Request(
            api: "llama-cpp", base: "http://h:1", settings: whole, path: "/completion",
            body: #"{"prompt":"Hi","stream":false}"#),
        Request(
            api: "openai-chat", base: "https://api.groq.com/openai/v1", settings: exact, path: "/chat/completions",
            body: "{\(chat),\(usage),\"max_tokens\":64,\"temperature\":0.5}"),
        Request(
            api: "openai-chat", base: "https://openrouter.ai/api/v1", settings: exact, path: "/chat/completions",
            body:
                "{\(chat),\(usage),\"max_tokens\":64,\"min_tokens\":64,\"ignore_eos\":true,\"temperature\":0.5}"),
    ]

    @Test(arguments: requests)
    func `an API is asked in its own words`(_ request: Request) throws {
        let dialect = try #require(Dialects.named(request.api))
        let target = Target(name: "t", api: request.api, model: "m", baseURL: request.base)
        let encoded = dialect.encode(Prompt(id: "p", text: "Hi"), settings: request.settings, target: target)
        #expect(encoded.path == request.path)
        #expect(String(decoding: encoded.body, as: UTF8.self) == request.body)
        #expect(
            encoded.headers == [
                HeaderField("Content-Type", "application/json"),
                HeaderField("Accept", request.settings.stream ? "text/event-stream" : "application/json"),
            ])
    }

    @Test(arguments: [
        ("openai-responses", "Authorization", "Bearer k"), ("azure-openai", "api-key", "k"),
        ("mistral", "Authorization", "Bearer k"), ("cohere", "Authorization", "Bearer k"),
        ("tgi", "Authorization", "Bearer k"), ("llama-cpp", "Authorization", "Bearer k"),
    ])
    func `a key goes into the header that the API reads`(_ api: String, _ name: String, _ value: String) throws {
        #expect(try #require(Dialects.named(api)).authentication(key: "k") == HeaderField(name, value))
    }

    @Test(arguments: [
        ("azure-openai", "m", "https://r.openai.azure.com/openai", "https://r.openai.azure.com" + azurePath),
        (
            "azure-openai", "m", "https://r.openai.azure.com/openai/v1",
            "https://r.openai.azure.com/openai/v1/chat/completions"
        ),
        (
            "azure-openai", "m", "https://r.openai.azure.com?api-version=2025-04-01-preview",
            "https://r.openai.azure.com/openai/deployments/m/chat/completions?api-version=2025-04-01-preview"
        ),
        (
            "azure-openai", "other", "https://gateway/openai/deployments/own",
            "https://gateway/openai/deployments/own/chat/completions?api-version=2024-10-21"
        ),
        (
            "azure-openai", "gpt é/4?", "https://r.openai.azure.com?tier=1",
            "https://r.openai.azure.com/openai/deployments/gpt%20%C3%A9%2F4%3F/chat/completions?api-version=2024-10-21&tier=1"
        ),
        ("openai-chat", "m", "http://h/v1?tenant=a", "http://h/v1/chat/completions?tenant=a"),
        ("openai-chat", "m", "http://h/?tenant=a", "http://h/v1/chat/completions?tenant=a"),
        ("tgi", "m", "http://h:1/", "http://h:1/generate_stream"),
        ("llama-cpp", "m", "http://h:1/prefix/", "http://h:1/prefix/completion"),
        ("cohere", "m", "https://api.cohere.com/", "https://api.cohere.com/v2/chat"),
    ])
    func `the URL has the path, the deployment and the query`(
        _ api: String, _ model: String, _ base: String, _ url: String
    ) throws {
        let dialect = try #require(Dialects.named(api))
        #expect(dialect.url(for: Target(name: "t", api: api, model: model, baseURL: base)) == url)
    }

    @Test func `a conversation is kept where an API knows roles, and joined where it does not`() throws {
        let prompt = Prompt(
            id: "p", messages: [.init(role: "system", content: "Be brief"), .init(role: "user", content: "Hi")])
        func body(_ api: String) throws -> String {
            let target = Target(name: "t", api: api, model: "m", baseURL: "http://h")
            let dialect = try #require(Dialects.named(api))
            return String(decoding: dialect.encode(prompt, settings: Self.bare, target: target).body, as: UTF8.self)
        }
        let messages = #"[{"role":"system","content":"Be brief"},{"role":"user","content":"Hi"}]"#
        #expect(try body("openai-responses").contains("\"input\":" + messages))
        for api in ["azure-openai", "mistral", "cohere"] {
            #expect(try body(api).contains("\"messages\":" + messages))
        }
        #expect(try body("tgi").contains(#""inputs":"Be brief\n\nHi""#))
        #expect(try body("llama-cpp").contains(#""prompt":"Be brief\n\nHi""#))
    }

    @Test(arguments: ["openai-responses", "azure-openai", "mistral", "cohere", "tgi", "llama-cpp"])
    func `the target has the last word`(_ api: String) throws {
        let target = Target(
            name: "t", api: api, model: "m", baseURL: "http://h", headers: [HeaderField("accept", "*/*")],
            body: ["seed": 7, "stream": false])
        let encoded = try #require(Dialects.named(api)).encode(
            Prompt(id: "p", text: "Hi"), settings: Self.bare, target: target)
        let body = String(decoding: encoded.body, as: UTF8.self)
        #expect(body.contains("\"seed\":7"))
        #expect(body.contains("\"stream\":false"))
        #expect(encoded.headers.map(\.name) == ["Content-Type", "accept"])
    }
}
