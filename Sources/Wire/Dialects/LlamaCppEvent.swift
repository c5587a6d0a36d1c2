import Timeline

/// One event of a llama.cpp stream: a piece of text, progress of the prompt, or the end.
struct LlamaCppEvent {
    private(set) var draft: EventDraft
    /// How many token ids the event lists; nil where it lists none.
    private(set) var tokenIDs: Int?
    /// How many tokens the server has predicted so far.
    private(set) var runningTokens: Int?
    private(set) var isLast = false
    private(set) var mayBeError = false

    init(keepsText: Bool) { draft = EventDraft(keepsText: keepsText) }

    /// Reads an event's data; false where it is not valid JSON.
    mutating func scan(_ data: UnsafeRawBufferPointer, into reading: inout StreamReading) -> Bool {
        JSONScanner.readObject(data) { name, scanner in
            if name.equals("content") {
                draft.add(scanner.string(), as: .text)
            } else if name.equals("tokens") {
                let count = scanner.countElements()
                if count > 0 { tokenIDs = count }
            } else if name.equals("tokens_predicted") {
                runningTokens = scanner.integer()
            } else if name.equals("stop") {
                isLast = scanner.boolean()
            } else if name.equals("index") {
                draft.choice = scanner.integer() ?? 0
            } else if name.equals("timings"), scanner.isAtObject() {
                reading.keepTimings("timings", scanner.raw())
            } else if name.equals("error") {
                mayBeError = scanner.mayBeError()
            } else {
                scanner.skip()
            }
        }
    }
}
