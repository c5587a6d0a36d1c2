package import Timeline

/// OpenAI's legacy Completions, which inference servers still offer for raw prompts.
package struct OpenAICompletionsDialect: Dialect {
    package let name = "openai-completions"
    package let endsWithDone = true
    package let takesTools = false
    package let takesSchema = false

    package init() {}

    package func path(for target: Target) -> String { OpenAIRequest.path("/completions", for: target) }

    package func encode(_ prompt: Prompt, settings: RequestSettings, target: Target) -> EncodedRequest {
        let body = OpenAIRequest.complete(
            ["model": .string(target.model), "prompt": OpenAIRequest.text(prompt)], settings: settings,
            server: OpenAIRequest.Server(at: BaseURL(target.baseURL)), isChat: false)
        return EncodedRequest(
            path: path(for: target), headers: contentHeaders(settings), body: body, target: target)
    }

    package func read(_ event: WireEvent, into reading: inout StreamReading) {
        OpenAIChunk.read(event, into: &reading) { name, scanner, draft in
            let kind: StreamEvent.Kind
            if name.equals("text") {
                kind = .text
            } else if name.equals("reasoning_content") || name.equals("reasoning") {
                kind = .reasoning
            } else {
                return false
            }
            draft.add(scanner.string(), as: kind)
            return true
        }
    }

    package func read(answer: JSONValue, into reading: inout StreamReading) {
        OpenAIAnswer.read(answer, into: &reading) { choice, draft in
            draft.add(choice["text"]?.stringValue, as: .text)
        }
    }
}
