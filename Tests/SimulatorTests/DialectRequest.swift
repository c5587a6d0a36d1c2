/// A request for a stream in each of the APIs, as their documentation writes it.
struct DialectRequest {
    var path: String
    var body: String

    /// The request of an API; its path begins with the target that plays it.
    static func streaming(_ api: String, target: String, model: String = "m") -> DialectRequest {
        let messages = #""messages":[{"role":"user","content":"hi"}]"#
        let (path, body) =
            switch api {
            case "openai-completions": ("/v1/completions", #"{"prompt":"hi","stream":true,\#(usage)}"#)
            case "openai-responses": ("/v1/responses", #"{"input":"hi","stream":true}"#)
            case "azure-openai":
                (
                    "/openai/deployments/\(model)/chat/completions?api-version=2024-10-21",
                    "{\(messages),\"stream\":true,\(usage)}"
                )
            case "anthropic": ("/v1/messages", "{\(messages),\"stream\":true,\"max_tokens\":100}")
            case "gemini":
                (
                    "/v1beta/models/\(model):streamGenerateContent?alt=sse",
                    #"{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}"#
                )
            case "bedrock":
                ("/model/\(model)/converse-stream", #"{"messages":[{"role":"user","content":[{"text":"hi"}]}]}"#)
            case "cohere": ("/v2/chat", "{\(messages),\"stream\":true}")
            case "ollama": ("/api/chat", "{\(messages)}")
            case "tgi": ("/generate_stream", #"{"inputs":"hi","parameters":{"details":true}}"#)
            case "llama-cpp": ("/completion", #"{"prompt":"hi","stream":true}"#)
            default: ("/v1/chat/completions", "{\"model\":\"\(model)\",\(messages),\"stream\":true,\(usage)}")
            }
        return DialectRequest(path: "/\(target)\(path)", body: body)
    }

    private static let usage = #""stream_options":{"include_usage":true}"#
}
