package import Timeline

/// Mistral's chat API: OpenAI's, but for the fields it refuses and for content that comes as a list of parts.
package struct MistralDialect: Dialect {
    package let name = "mistral"
    package let endsWithDone = true

    package init() {}

    package func path(for target: Target) -> String { OpenAIRequest.path("/chat/completions", for: target) }

    /// Writes a request; usage comes without being asked for, and `stream_options` is not among the API's fields.
    package func encode(_ prompt: Prompt, settings: RequestSettings, target: Target) -> EncodedRequest {
        var body: JSONValue = [
            "model": .string(target.model), "messages": OpenAIRequest.messages(prompt),
            "stream": .bool(settings.stream),
        ]
        if let length = settings.outputLength { body.merge("max_tokens", .integer(length.tokens)) }
        if case .exactly(let count) = settings.outputLength { body.merge("min_tokens", .integer(count)) }
        if let temperature = settings.temperature { body.merge("temperature", .number(temperature)) }
        settings.addChatRequirements(to: &body, required: "any")
        return EncodedRequest(
            path: path(for: target), headers: contentHeaders(settings), body: body, target: target)
    }

    package func read(_ event: WireEvent, into reading: inout StreamReading) {
        OpenAIChatDialect.read(event, into: &reading)
    }

    package func read(answer: JSONValue, into reading: inout StreamReading) {
        OpenAIChatDialect.read(answer: answer, into: &reading)
    }
}
