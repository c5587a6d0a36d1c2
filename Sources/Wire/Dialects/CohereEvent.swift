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
        JSONScanner.readObject(data) { name, scanner in
            if name.equals("type") {
                type = scanner.string()
                if type?.equals("error") == true { mayBeError = true }
            } else if name.equals("id") {
                identifier = scanner.string()
            } else if name.equals("delta") {
                scanner.takeMember("message") { scanMessage(&$0) }
            } else if name.equals("error") {
                mayBeError = scanner.mayBeError()
            } else {
                scanner.skip()
            }
        }
    }

    /// Reads a message's fragment; citations repeat parts of its text under other names, and are no tokens.
    private mutating func scanMessage(_ scanner: inout JSONScanner) {
        scanner.forEachMember { name, scanner in
            if name.equals("content") {
                draft.addMembers(of: &scanner, [("text", .text), ("thinking", .reasoning)])
            } else if name.equals("tool_plan") {
                draft.add(scanner.string(), as: .reasoning)
            } else if name.equals("tool_calls") {
                scanner.takeMember("function") { draft.addMembers(of: &$0, [("name", .tool), ("arguments", .tool)]) }
            } else {
                scanner.skip()
            }
        }
    }
}
