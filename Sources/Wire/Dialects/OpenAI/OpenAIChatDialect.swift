package import Timeline

/// OpenAI's Chat Completions, and the servers that speak it: vLLM, SGLang, llama.cpp, Groq, DeepSeek, OpenRouter.
package struct OpenAIChatDialect: Dialect {
    package let name = "openai-chat"
    package let endsWithDone = true

    package init() {}

    package func path(for target: Target) -> String { OpenAIRequest.path("/chat/completions", for: target) }

    package func encode(_ prompt: Prompt, settings: RequestSettings, target: Target) -> EncodedRequest {
        let body = OpenAIRequest.complete(
            ["model": .string(target.model), "messages": OpenAIRequest.messages(prompt)], settings: settings,
            server: OpenAIRequest.Server(at: BaseURL(target.baseURL)), isChat: true)
        return EncodedRequest(
            path: path(for: target), headers: contentHeaders(settings), body: body, target: target)
    }

    package func read(_ event: WireEvent, into reading: inout StreamReading) { Self.read(event, into: &reading) }

    package func read(answer: JSONValue, into reading: inout StreamReading) {
        Self.read(answer: answer, into: &reading)
    }

    /// Reads an event of any server's chat API.
    static func read(_ event: WireEvent, into reading: inout StreamReading) {
        OpenAIChunk.read(event, into: &reading) { name, scanner, draft in
            guard name.equals("delta") else { return false }
            OpenAIDelta.read(&scanner, into: &draft)
            return true
        }
    }

    /// Reads a whole answer of any server's chat API.
    static func read(answer: JSONValue, into reading: inout StreamReading) {
        OpenAIAnswer.read(answer, into: &reading) { choice, draft in
            if let message = choice["message"] { OpenAIDelta.read(message: message, into: &draft) }
        }
    }
}
