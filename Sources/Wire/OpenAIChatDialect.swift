package import Timeline

/// OpenAI's Chat Completions, and the servers that speak it: vLLM, SGLang, llama.cpp, Groq, DeepSeek, OpenRouter.
package struct OpenAIChatDialect: Dialect {
    package let name = "openai-chat"

    package init() {}

    package func path(for target: Target) -> String { OpenAIRequest.path("/chat/completions", for: target) }

    package func encode(_ prompt: Prompt, settings: RequestSettings, target: Target) -> EncodedRequest {
        let messages = prompt.messages.map { message -> JSONValue in
            ["role": .string(message.role), "content": .string(message.content)]
        }
        let body = OpenAIRequest.complete(
            ["model": .string(target.model), "messages": .array(messages)], settings: settings, target: target,
            isChat: true)
        return EncodedRequest(
            path: path(for: target), headers: OpenAIRequest.headers(settings), body: body, target: target)
    }

    package func read(_ event: WireEvent, into reading: inout StreamReading) {
        OpenAIChunk.read(event, into: &reading) { name, scanner, draft in
            guard name.equals("delta") else { return false }
            Self.readDelta(&scanner, into: &draft)
            return true
        }
    }

    package func read(answer: JSONValue, into reading: inout StreamReading) {
        OpenAIAnswer.read(answer, into: &reading) { choice, draft in
            if let message = choice["message"] { Self.read(message: message, into: &draft) }
        }
    }

    private static func readDelta(_ scanner: inout JSONScanner, into draft: inout EventDraft) {
        guard scanner.beginObject() else { return }
        var content: JSONString?
        var refusal: JSONString?
        var reasoning: JSONString?
        while let name = scanner.nextMember() {
            if name.equals("content") {
                if scanner.isAtArray() {
                    readParts(scanner.raw(), into: &draft)
                } else {
                    content = scanner.string()
                }
            } else if name.equals("reasoning_content") || name.equals("reasoning") {
                // Servers that know both names repeat the text under the second.
                let text = scanner.string()
                if reasoning?.isEmpty != false { reasoning = text }
            } else if name.equals("refusal") {
                refusal = scanner.string()
            } else if name.equals("tool_calls"), scanner.isAtArray() {
                guard scanner.beginArray() else { return }
                while scanner.nextElement() { readToolCall(&scanner, into: &draft) }
            } else if name.equals("function_call") {
                readFunction(&scanner, into: &draft)
            } else if name.equals("audio"), scanner.isAtObject() {
                readAudio(&scanner, into: &draft)
            } else {
                scanner.skip()
            }
        }
        draft.add(reasoning, as: .reasoning)
        draft.add(content, as: .text)
        draft.add(refusal, as: .refusal)
    }

    private static func readToolCall(_ scanner: inout JSONScanner, into draft: inout EventDraft) {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if name.equals("function") || name.equals("custom") {
                readFunction(&scanner, into: &draft)
            } else {
                scanner.skip()
            }
        }
    }

    /// Reads the name and the arguments of a call; both prove tokens.
    private static func readFunction(_ scanner: inout JSONScanner, into draft: inout EventDraft) {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if name.equals("name") || name.equals("arguments") || name.equals("input") {
                draft.add(scanner.string(), as: .tool)
            } else {
                scanner.skip()
            }
        }
    }

    private static func readAudio(_ scanner: inout JSONScanner, into draft: inout EventDraft) {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if name.equals("data") || name.equals("transcript") {
                draft.add(scanner.string(), as: .text)
            } else {
                scanner.skip()
            }
        }
    }

    /// Reads content that is a list of parts, as Mistral's reasoning models send it.
    private static func readParts(_ text: UnsafeRawBufferPointer, into draft: inout EventDraft) {
        guard let value = try? JSONValue(parsing: Array(text)) else { return }
        add(parts: value, to: &draft)
    }

    private static func add(parts: JSONValue, to draft: inout EventDraft) {
        for part in parts.arrayValue ?? [] {
            draft.add(part.stringValue ?? part["text"]?.stringValue, as: .text)
            draft.add(part["refusal"]?.stringValue, as: .refusal)
            draft.add(part["thinking"]?.stringValue, as: .reasoning)
            for thought in part["thinking"]?.arrayValue ?? [] {
                draft.add(thought["text"]?.stringValue, as: .reasoning)
            }
        }
    }

    private static func read(message: JSONValue, into draft: inout EventDraft) {
        let reasoning = message["reasoning_content"]?.stringValue ?? message["reasoning"]?.stringValue
        draft.add(reasoning, as: .reasoning)
        draft.add(message["content"]?.stringValue, as: .text)
        if let parts = message["content"] { add(parts: parts, to: &draft) }
        draft.add(message["refusal"]?.stringValue, as: .refusal)
        let calls = (message["tool_calls"]?.arrayValue ?? []).compactMap { $0["function"] ?? $0["custom"] }
        for call in calls + [message["function_call"]].compactMap({ $0 }) {
            for part in ["name", "arguments", "input"] { draft.add(call[part]?.stringValue, as: .tool) }
        }
    }
}
