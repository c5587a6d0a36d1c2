import Timeline

/// What a message of the chat APIs, or a fragment of one, carries: text, reasoning, refusals and calls.
enum OpenAIDelta {
    /// Reads a fragment of a message as a stream carries it.
    static func read(_ scanner: inout JSONScanner, into draft: inout EventDraft) {
        guard scanner.beginObject() else { return }
        var content: JSONString?
        var refusal: JSONString?
        var reasoning: JSONString?
        var reasoningDetails: UnsafeRawBufferPointer?
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
            } else if name.equals("reasoning_details"), scanner.isAtArray() {
                reasoningDetails = scanner.raw()
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
        if reasoning?.isEmpty != false, let reasoningDetails { readDetails(reasoningDetails, into: &draft) }
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
            if name.equals("arguments"), scanner.isAtObject() {
                // Mistral sends arguments as text or as an object.
                draft.add(JSONString(bytes: scanner.raw(), hasEscapes: false), as: .tool)
            } else if name.equals("name") || name.equals("arguments") || name.equals("input") {
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

    /// Reads reasoning that stands in OpenRouter's list of details alone; encrypted details show no token.
    private static func readDetails(_ text: UnsafeRawBufferPointer, into draft: inout EventDraft) {
        add(details: try? JSONValue(parsing: Array(text)), to: &draft)
    }

    private static func add(details: JSONValue?, to draft: inout EventDraft) {
        for detail in details?.arrayValue ?? [] {
            draft.add(detail["text"]?.stringValue ?? detail["summary"]?.stringValue, as: .reasoning)
        }
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

    /// Reads a whole message.
    static func read(message: JSONValue, into draft: inout EventDraft) {
        let names = ["reasoning_content", "reasoning"]
        if let reasoning = names.lazy.compactMap({ message[$0]?.stringValue }).first(where: { !$0.isEmpty }) {
            draft.add(reasoning, as: .reasoning)
        } else {
            add(details: message["reasoning_details"], to: &draft)
        }
        draft.add(message["content"]?.stringValue, as: .text)
        if let parts = message["content"] { add(parts: parts, to: &draft) }
        draft.add(message["refusal"]?.stringValue, as: .refusal)
        let calls = (message["tool_calls"]?.arrayValue ?? []).compactMap { $0["function"] ?? $0["custom"] }
        for call in calls + [message["function_call"]].compactMap({ $0 }) {
            for part in ["name", "arguments", "input"] { draft.add(call[part]?.stringValue, as: .tool) }
            if let arguments = call["arguments"], case .object = arguments { draft.add(arguments.text, as: .tool) }
        }
    }
}
