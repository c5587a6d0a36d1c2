import Timeline

/// One event of a ConverseStream that may carry content: a block's start or a piece of it.
struct BedrockEvent {
    private(set) var draft: EventDraft

    init(keepsText: Bool) { draft = EventDraft(keepsText: keepsText) }

    /// Reads an event's data; false where it is not valid JSON.
    mutating func scan(_ data: UnsafeRawBufferPointer) -> Bool {
        var scanner = JSONScanner(data)
        guard scanner.isAtObject(), scanner.beginObject() else {
            scanner.skip()
            return scanner.isComplete()
        }
        while let name = scanner.nextMember() {
            if name.equals("delta") || name.equals("start") { scanBlock(&scanner) } else { scanner.skip() }
        }
        return scanner.isComplete()
    }

    private mutating func scanBlock(_ scanner: inout JSONScanner) {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if name.equals("text") {
                draft.add(scanner.string(), as: .text)
            } else if name.equals("toolUse") {
                scanMembers(["name", "input"], &scanner, as: .tool)
            } else if name.equals("reasoningContent") {
                // Signatures and redacted content are no text that the model shows.
                scanMembers(["text"], &scanner, as: .reasoning)
            } else {
                scanner.skip()
            }
        }
    }

    private mutating func scanMembers(_ names: [StaticString], _ scanner: inout JSONScanner, as kind: StreamEvent.Kind)
    {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if names.contains(where: name.equals) { draft.add(scanner.string(), as: kind) } else { scanner.skip() }
        }
    }
}
