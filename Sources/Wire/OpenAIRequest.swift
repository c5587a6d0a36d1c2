import Timeline

/// The parts of a request body that the OpenAI APIs share.
enum OpenAIRequest {
    /// Completes a body that names the model and the prompt.
    ///
    /// OpenAI's own server gets `max_completion_tokens` for chats, since its reasoning models refuse `max_tokens`, which
    /// every compatible server understands. It has no way to force a length; the others take `ignore_eos`, and those
    /// that do not know the field ignore it. Only OpenAI pads its events, so only it is told not to.
    static func complete(
        _ members: JSONValue, settings: RequestSettings, target: Target, isChat: Bool
    ) -> JSONValue {
        var body = members
        let isOpenAI = BaseURL(target.baseURL).isOpenAI
        body.merge("stream", .bool(settings.stream))
        if settings.stream {
            body.merge("stream_options", ["include_usage": true])
            if isOpenAI, isChat { body.merge("stream_options", ["include_obfuscation": false]) }
        }
        if let length = settings.outputLength {
            body.merge(isOpenAI && isChat ? "max_completion_tokens" : "max_tokens", .integer(length.tokens))
            if case .exactly(let count) = length, !isOpenAI {
                body.merge("min_tokens", .integer(count))
                body.merge("ignore_eos", true)
            }
        }
        if let temperature = settings.temperature { body.merge("temperature", .number(temperature)) }
        return body
    }

    static func path(_ path: String, for target: Target) -> String {
        BaseURL(target.baseURL).hasPath ? path : "/v1" + path
    }

    static func headers(_ settings: RequestSettings) -> [HeaderField] {
        [
            HeaderField("Content-Type", "application/json"),
            HeaderField("Accept", settings.stream ? "text/event-stream" : "application/json"),
        ]
    }
}
