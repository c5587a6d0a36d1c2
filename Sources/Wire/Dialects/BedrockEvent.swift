import Timeline

/// One event of a ConverseStream that may carry content: a block's start or a piece of it.
struct BedrockEvent {
    private(set) var draft: EventDraft

    init(keepsText: Bool) { draft = EventDraft(keepsText: keepsText) }

    /// Reads an event's data; false where it is not valid JSON.
    mutating func scan(_ data: UnsafeRawBufferPointer) -> Bool {
        JSONScanner.readObject(data) { name, scanner in
            if name.equals("delta") || name.equals("start") { scanBlock(&scanner) } else { scanner.skip() }
        }
    }

    private mutating func scanBlock(_ scanner: inout JSONScanner) {
        scanner.forEachMember { name, scanner in
            if name.equals("text") {
                draft.add(scanner.string(), as: .text)
            } else if name.equals("toolUse") {
                draft.addMembers(of: &scanner, [("name", .tool), ("input", .tool)])
            } else if name.equals("reasoningContent") {
                // Signatures and redacted content are no text that the model shows.
                draft.addMembers(of: &scanner, [("text", .reasoning)])
            } else {
                scanner.skip()
            }
        }
    }
}
