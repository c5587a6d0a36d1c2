import Testing
import Timeline

@testable import Wire

struct ProviderEncodingTests {
    private static let conversation = Prompt(
        id: "p",
        messages: [
            .init(role: "system", content: "Be brief"), .init(role: "user", content: "Hi"),
            .init(role: "assistant", content: "Yes?"), .init(role: "user", content: "Why?"),
        ])

    private func encoded(
        _ api: String, _ settings: RequestSettings = RequestSettings(), url: String = "http://h", model: String = "m",
        body: JSONValue? = nil, prompt: Prompt = Prompt(id: "p", text: "Hi")
    ) throws -> EncodedRequest {
        let dialect = try #require(Dialects.named(api))
        let target = Target(name: "t", api: api, model: model, baseURL: url, body: body)
        return dialect.encode(prompt, settings: settings, target: target)
    }

    private static let limited = RequestSettings(outputLength: .exactly(64), temperature: 0)

    @Test(arguments: [
        (
            "gemini",
            #"{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":64,"temperature":0.0}}"#
        ),
        (
            "bedrock",
            #"{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"inferenceConfig":{"maxTokens":64,"temperature":0.0}}"#
        ),
        (
            "ollama",
            #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,"options":{"num_predict":64,"temperature":0.0}}"#
        ),
    ])
    func `settings go where the API has them`(_ api: String, _ body: String) throws {
        #expect(String(decoding: try encoded(api, Self.limited).body, as: UTF8.self) == body)
    }

    @Test(arguments: [
        (
            "gemini",
            #"{"systemInstruction":{"parts":[{"text":"Be brief"}]},"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"Yes?"}]},{"role":"user","parts":[{"text":"Why?"}]}]}"#
        ),
        (
            "bedrock",
            #"{"system":[{"text":"Be brief"}],"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"text":"Yes?"}]},{"role":"user","content":[{"text":"Why?"}]}]}"#
        ),
        (
            "ollama",
            #"{"model":"m","messages":[{"role":"system","content":"Be brief"},{"role":"user","content":"Hi"},{"role":"assistant","content":"Yes?"},{"role":"user","content":"Why?"}],"stream":true}"#
        ),
    ])
    func `a conversation is told in the API's own roles`(_ api: String, _ body: String) throws {
        #expect(String(decoding: try encoded(api, prompt: Self.conversation).body, as: UTF8.self) == body)
    }

    @Test func `Ollama's generate takes one prompt and is named by the base URL`() throws {
        let request = try encoded("ollama", url: "http://h:11434/api/generate", prompt: Self.conversation)
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"model":"m","system":"Be brief","prompt":"Hi\n\nYes?\n\nWhy?","stream":true}"#)
        #expect(request.path == "")
    }

    @Test func `a target's body is merged into what the dialect writes`() throws {
        let gemini = try encoded(
            "gemini", Self.limited, body: ["generationConfig": ["thinkingConfig": ["thinkingBudget": 0]]])
        #expect(
            String(decoding: gemini.body, as: UTF8.self)
                == #"{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":64,"temperature":0.0,"thinkingConfig":{"thinkingBudget":0}}}"#
        )
        let ollama = try encoded("ollama", Self.limited, body: ["options": ["seed": 1], "think": false])
        #expect(
            String(decoding: ollama.body, as: UTF8.self).hasSuffix(
                #""options":{"num_predict":64,"temperature":0.0,"seed":1},"think":false}"#))
    }

    @Test(arguments: [
        (
            "gemini", "https://generativelanguage.googleapis.com", "gemini-2.0-flash", true,
            "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse"
        ),
        (
            "gemini", "https://generativelanguage.googleapis.com/v1", "models/g", false,
            "https://generativelanguage.googleapis.com/v1/models/g:generateContent"
        ),
        (
            "gemini",
            "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/publishers/google",
            "g", true,
            "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/publishers/google/models/g:streamGenerateContent?alt=sse"
        ),
        ("gemini", "http://h/v1?x=1", "g", true, "http://h/v1/models/g:streamGenerateContent?alt=sse&x=1"),
        (
            "gemini", "http://h", "tunedModels/a b", true,
            "http://h/v1beta/tunedModels/a%20b:streamGenerateContent?alt=sse"
        ),
        (
            "bedrock", "https://bedrock-runtime.us-east-1.amazonaws.com/", "anthropic.claude-3-haiku-20240307-v1:0",
            true,
            "https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse-stream"
        ),
        (
            "bedrock", "http://h:1", "arn:aws:bedrock:us-east-1:1:inference-profile/us.x-v1:0", false,
            "http://h:1/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.x-v1%3A0/converse"
        ),
        ("ollama", "http://h:11434", "q", true, "http://h:11434/api/chat"),
        ("ollama", "http://h:11434/", "q", false, "http://h:11434/api/chat"),
        ("ollama", "http://h:11434/api", "q", true, "http://h:11434/api/chat"),
        ("ollama", "http://h:11434/api/chat", "q", true, "http://h:11434/api/chat"),
        ("ollama", "http://h:11434/api/generate", "q", true, "http://h:11434/api/generate"),
        ("ollama", "http://h/proxy", "q", true, "http://h/proxy/api/chat"),
    ])
    func `the URL says what is asked of which model`(
        _ api: String, _ base: String, _ model: String, _ streams: Bool, _ url: String
    ) throws {
        let dialect = try #require(Dialects.named(api))
        let target = Target(name: "t", api: api, model: model, baseURL: base)
        #expect(dialect.url(for: target, streams: streams) == url)
        let request = try encoded(api, RequestSettings(stream: streams), url: base, model: model)
        #expect(request.path == dialect.path(for: target, streams: streams))
    }

    @Test(arguments: [
        ("gemini", "text/event-stream"), ("bedrock", "application/vnd.amazon.eventstream"),
        ("ollama", "application/x-ndjson"), ("openai-chat", "text/event-stream"),
    ])
    func `what is accepted is what the API streams`(_ api: String, _ type: String) throws {
        #expect(
            try encoded(api).headers == [HeaderField("Content-Type", "application/json"), HeaderField("Accept", type)])
        #expect(
            try encoded(api, RequestSettings(stream: false)).headers
                == [HeaderField("Content-Type", "application/json"), HeaderField("Accept", "application/json")])
    }

    @Test func `keys go into the header that the API reads there`() throws {
        func header(_ api: String, _ url: String) throws -> HeaderField {
            try #require(Dialects.named(api)).authentication(
                key: "k", target: Target(name: "t", api: api, model: "m", baseURL: url))
        }
        let bearer = HeaderField("Authorization", "Bearer k")
        let google = HeaderField("x-goog-api-key", "k")
        #expect(try header("gemini", "https://generativelanguage.googleapis.com") == google)
        #expect(try header("gemini", "https://aiplatform.googleapis.com/v1/publishers/google") == google)
        #expect(
            try header("gemini", "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google")
                == bearer)
        #expect(try header("bedrock", "https://bedrock-runtime.us-east-1.amazonaws.com") == bearer)
        #expect(try header("ollama", "http://h") == bearer)
        #expect(try header("anthropic", "http://h") == HeaderField("x-api-key", "k"))
    }
}
