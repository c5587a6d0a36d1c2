import Timeline

/// What a message of the chat APIs, or a fragment of one, carries: text, reasoning, refusals and calls.
enum OpenAIDelta {
    /// Reads a fragment of a message as a stream carries it.
    static func read(_ scanner: inout JSONScanner, into draft: inout EventDraft) {
        var content: JSONString?
        var refusal: JSONString?
        var reasoning: JSONString?
        var reasoningDetails: UnsafeRawBufferPointer?
        scanner.forEachMember { name, scanner in
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
            } else if name.equals("tool_calls") {
                scanner.forEachElement { readCall(&$0, into: &draft) }
            } else if name.equals("function_call") {
                draft.addMembers(of: &scanner, functionMembers)
            } else if name.equals("audio") {
                readAudio(&scanner, into: &draft)
            } else if name.equals("images"), scanner.isAtArray() {
                if scanner.countElements() > 0 { draft.addMedia() }
            } else {
                scanner.skip()
            }
        }
        draft.add(reasoning, as: .reasoning)
        if reasoning?.isEmpty != false, let reasoningDetails { readDetails(reasoningDetails, into: &draft) }
        draft.add(content, as: .text)
        draft.add(refusal, as: .refusal)
    }

    /// Reads a piece of speech: what is said is text, its sound is none.
    private static func readAudio(_ scanner: inout JSONScanner, into draft: inout EventDraft) {
        scanner.forEachMember { name, scanner in
            if name.equals("transcript") {
                draft.add(scanner.string(), as: .text)
            } else if name.equals("data") {
                draft.addMedia(of: &scanner)
            } else {
                scanner.skip()
            }
        }
    }

    private static func readCall(_ scanner: inout JSONScanner, into draft: inout EventDraft) {
        let count = draft.callPieces.count
        var index: Int?
        scanner.forEachMember { name, scanner in
            if name.equals("function") || name.equals("custom") {
                draft.addMembers(of: &scanner, functionMembers)
            } else if name.equals("index") {
                index = scanner.integer()
            } else {
                scanner.skip()
            }
        }
        draft.numberCalls(after: count, index)
    }

    /// The name and the arguments of a call, which both prove tokens; Mistral sends arguments as text or as an object.
    private static let functionMembers: [(name: StaticString, kind: StreamEvent.Kind)] = [
        ("name", .tool), ("arguments", .tool), ("input", .tool),
    ]

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
            if part["image_url"] != nil { draft.addMedia() }
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
        draft.add(message["audio"]?["transcript"]?.word, as: .text)
        if message["audio"]?["data"]?.word != nil || message["images"]?.arrayValue?.isEmpty == false {
            draft.addMedia()
        }
        let calls = (message["tool_calls"]?.arrayValue ?? []).compactMap { $0["function"] ?? $0["custom"] }
        for call in calls + [message["function_call"]].compactMap({ $0 }) {
            draft.addCall(name: call["name"]?.stringValue, arguments: call["arguments"] ?? call["input"])
        }
    }
}
