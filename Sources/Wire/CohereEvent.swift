import Timeline

/// One event of a Cohere stream: its type and the content it carries.
struct CohereEvent {
    private(set) var type: JSONString?
    private(set) var identifier: JSONString?
    private(set) var draft: EventDraft
    private(set) var mayBeError = false

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
                if type?.equals("error") == true { mayBeError = true }
            } else if name.equals("id") {
                identifier = scanner.string()
            } else if name.equals("delta") {
                Self.scanMember("message", &scanner) { scanMessage(&$0) }
            } else {
                if name.equals("error") { mayBeError = !scanner.isAtNull() }
                scanner.skip()
            }
        }
        return scanner.isComplete()
    }

    /// Takes an object and hands one member's value to the body, which must take it; the others are skipped.
    private static func scanMember(
        _ member: StaticString, _ scanner: inout JSONScanner, _ body: (inout JSONScanner) -> Void
    ) {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if name.equals(member) { body(&scanner) } else { scanner.skip() }
        }
    }

    /// Reads a message's fragment; citations repeat parts of its text under other names, and are no tokens.
    private mutating func scanMessage(_ scanner: inout JSONScanner) {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if name.equals("content") {
                scanContent(&scanner)
            } else if name.equals("tool_plan") {
                draft.add(scanner.string(), as: .reasoning)
            } else if name.equals("tool_calls") {
                Self.scanMember("function", &scanner) { scanFunction(&$0) }
            } else {
                scanner.skip()
            }
        }
    }

    private mutating func scanContent(_ scanner: inout JSONScanner) {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if name.equals("text") {
                draft.add(scanner.string(), as: .text)
            } else if name.equals("thinking") {
                draft.add(scanner.string(), as: .reasoning)
            } else {
                scanner.skip()
            }
        }
    }

    private mutating func scanFunction(_ scanner: inout JSONScanner) {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if name.equals("name") || name.equals("arguments") {
                draft.add(scanner.string(), as: .tool)
            } else {
                scanner.skip()
            }
        }
    }
}
