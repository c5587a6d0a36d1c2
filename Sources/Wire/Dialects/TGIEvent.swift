import Timeline

/// One event of a TGI stream: a token, and at the end the whole text as well.
struct TGIEvent {
    private(set) var draft: EventDraft
    private(set) var index: Int?
    /// Whether the event carries the whole text, which only the last one does.
    private(set) var isLast = false
    private(set) var mayBeError = false

    init(keepsText: Bool) { draft = EventDraft(keepsText: keepsText) }

    /// Reads an event's data; false where it is not valid JSON.
    mutating func scan(_ data: UnsafeRawBufferPointer) -> Bool {
        JSONScanner.readObject(data) { name, scanner in
            if name.equals("token"), scanner.isAtObject() {
                scanToken(&scanner)
            } else if name.equals("index") {
                index = scanner.integer()
            } else if name.equals("generated_text") {
                isLast = scanner.string() != nil
            } else if name.equals("error") {
                mayBeError = scanner.mayBeError()
            } else {
                scanner.skip()
            }
        }
    }

    /// Reads a token; a special one is a token of the model, but no text.
    private mutating func scanToken(_ scanner: inout JSONScanner) {
        var text: JSONString?
        var isSpecial = false
        scanner.forEachMember { name, scanner in
            if name.equals("text") {
                text = scanner.string()
            } else if name.equals("special") {
                isSpecial = scanner.boolean()
            } else {
                scanner.skip()
            }
        }
        draft.tokens = 1
        if !isSpecial { draft.add(text, as: .text) }
    }
}
