import Timeline

/// The parts of a request body that the OpenAI APIs share.
enum OpenAIRequest {
    /// What a server of the chat or completions API takes beyond the fields that all of them know.
    enum Server {
        case openAI
        case azure
        /// A server that refuses a request for a field it does not know.
        case strict
        /// A server that ignores what it does not know.
        case lenient

        init(at url: BaseURL) {
            self =
                url.isWithin("openai.com")
                ? .openAI : Self.strictDomains.contains(where: url.isWithin) ? .strict : .lenient
        }

        private static let strictDomains = ["groq.com", "cerebras.ai", "mistral.ai", "openai.azure.com"]

        var forcesLength: Bool { self == .lenient }
    }

    /// Completes a body that names the model and the prompt.
    ///
    /// OpenAI's own server and Azure's get `max_completion_tokens` for chats, since their reasoning models refuse
    /// `max_tokens`, which every compatible server understands. Neither can force a length; inference servers take
    /// `ignore_eos`. Only OpenAI pads its events, so only it is told not to.
    static func complete(
        _ members: JSONValue, settings: RequestSettings, server: Server, isChat: Bool
    ) -> JSONValue {
        var body = members
        body.merge("stream", .bool(settings.stream))
        if settings.stream {
            body.merge("stream_options", ["include_usage": true])
            if server == .openAI, isChat { body.merge("stream_options", ["include_obfuscation": false]) }
        }
        if let length = settings.outputLength {
            let isNewName = isChat && (server == .openAI || server == .azure)
            body.merge(isNewName ? "max_completion_tokens" : "max_tokens", .integer(length.tokens))
            if server.forcesLength { force(length, in: &body) }
        }
        if let temperature = settings.temperature { body.merge("temperature", .number(temperature)) }
        if isChat { settings.addChatRequirements(to: &body) }
        return body
    }

    /// Asks for exactly a length in the way of the inference servers: vLLM, SGLang and llama.cpp.
    static func force(_ length: OutputLength, in body: inout JSONValue) {
        guard case .exactly(let count) = length else { return }
        body.merge("min_tokens", .integer(count))
        body.merge("ignore_eos", true)
    }

    /// The messages of a prompt as the chat APIs take them.
    static func messages(_ prompt: Prompt) -> JSONValue {
        .array(prompt.messages.map { ["role": .string($0.role), "content": .string($0.content)] })
    }

    /// A prompt for an API that knows no roles: the messages' texts, a blank line between them.
    static func text(_ prompt: Prompt) -> JSONValue {
        .string(prompt.messages.map(\.content).joined(separator: "\n\n"))
    }

    static func path(_ path: String, for target: Target) -> String {
        BaseURL(target.baseURL).hasPath ? path : "/v1" + path
    }
}
