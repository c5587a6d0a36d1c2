import Timeline

/// One event of an Anthropic stream: its type and the content it carries.
struct AnthropicEvent {
    private(set) var type: JSONString?
    private(set) var draft: EventDraft
    /// The number of the block that the event is about.
    private var blockIndex: Int?
    private(set) var mayBeError = false

    init(keepsText: Bool) { draft = EventDraft(keepsText: keepsText) }

    /// Reads an event's data; false where it is not valid JSON.
    mutating func scan(_ data: UnsafeRawBufferPointer) -> Bool {
        defer { draft.numberCalls(blockIndex) }
        return JSONScanner.readObject(data) { name, scanner in
            if name.equals("type") {
                type = scanner.string()
            } else if name.equals("index") {
                blockIndex = scanner.integer()
            } else if name.equals("delta") {
                draft.addMembers(of: &scanner, Self.fragments)
            } else if name.equals("content_block") {
                draft.addMembers(of: &scanner, Self.starts)
            } else if name.equals("error") {
                mayBeError = scanner.mayBeError()
            } else {
                scanner.skip()
            }
        }
    }

    /// What fragments carry; signatures and citations stand under other names, and are no tokens.
    private static let fragments: [(name: StaticString, kind: StreamEvent.Kind)] = [
        ("text", .text), ("thinking", .reasoning), ("partial_json", .tool),
    ]

    /// What a block's start carries: a tool's name and redacted thinking come there and nowhere else.
    private static let starts: [(name: StaticString, kind: StreamEvent.Kind)] = [
        ("text", .text), ("thinking", .reasoning), ("data", .reasoning), ("name", .tool),
    ]
}
