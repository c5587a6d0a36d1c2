import Timeline

/// One event of an Anthropic stream: its type and the content it carries.
struct AnthropicEvent {
    private(set) var type: JSONString?
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
            if name.equals("type") {
                type = scanner.string()
            } else if name.equals("delta") {
                scanDelta(&scanner)
            } else if name.equals("content_block") {
                scanBlock(&scanner)
            } else {
                scanner.skip()
            }
        }
        return scanner.isComplete()
    }

    /// Reads a fragment; signatures and citations stand under other names, and are no tokens.
    private mutating func scanDelta(_ scanner: inout JSONScanner) {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if name.equals("text") {
                draft.add(scanner.string(), as: .text)
            } else if name.equals("thinking") {
                draft.add(scanner.string(), as: .reasoning)
            } else if name.equals("partial_json") {
                draft.add(scanner.string(), as: .tool)
            } else {
                scanner.skip()
            }
        }
    }

    /// Reads a block's start: a tool's name and redacted thinking come here and nowhere else.
    private mutating func scanBlock(_ scanner: inout JSONScanner) {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if name.equals("text") {
                draft.add(scanner.string(), as: .text)
            } else if name.equals("thinking") || name.equals("data") {
                draft.add(scanner.string(), as: .reasoning)
            } else if name.equals("name") {
                draft.add(scanner.string(), as: .tool)
            } else {
                scanner.skip()
            }
        }
    }
}
