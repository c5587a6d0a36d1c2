import Timeline

/// One event of a stream of OpenAI's Responses: what its type decides about, before anybody decides.
struct OpenAIResponsesEvent {
    private(set) var type: JSONString?
    private(set) var delta: JSONString?
    private(set) var number: Int?
    /// The name of the call that an item is; nil for items that are no calls.
    private(set) var callName: JSONString?
    /// Whether there is an error outside the response object, as compatible servers tell it.
    private(set) var mayBeError = false
    /// The response object of the events that frame a stream.
    private(set) var response: UnsafeRawBufferPointer?

    /// Reads an event's data; false where it is not valid JSON.
    mutating func scan(_ data: UnsafeRawBufferPointer, into reading: inout StreamReading) -> Bool {
        JSONScanner.readObject(data) { name, scanner in
            if name.equals("type") {
                type = scanner.string()
            } else if name.equals("delta") {
                delta = scanner.string()
            } else if name.equals("sequence_number") {
                number = scanner.integer()
            } else if name.equals("item") {
                scanItem(&scanner)
            } else if name.equals("response"), scanner.isAtObject() {
                response = scanner.raw()
            } else if name.equals("timings"), scanner.isAtObject() {
                reading.keepTimings("timings", scanner.raw())
            } else if name.equals("error") {
                mayBeError = scanner.mayBeError()
            } else {
                scanner.skip()
            }
        }
    }

    /// Reads what an item is; only calls have a name, since an agent's or a file's would prove nothing.
    private mutating func scanItem(_ scanner: inout JSONScanner) {
        var itemName: JSONString?
        var isCall = false
        scanner.forEachMember { name, scanner in
            if name.equals("type") {
                isCall = scanner.string()?.text.hasSuffix("_call") == true
            } else if name.equals("name") {
                itemName = scanner.string()
            } else {
                scanner.skip()
            }
        }
        callName = isCall ? itemName : nil
    }

    /// Adds the content of an event of the given type.
    ///
    /// The `done` events repeat whole texts, so that only fragments count, and of a call its name at its start.
    func addContent(type: String, to draft: inout EventDraft) {
        if let kind = Self.kinds[type] { return draft.add(delta, as: kind) }
        if type == "response.output_item.added" { draft.add(callName, as: .tool) }
    }

    private static let kinds: [String: StreamEvent.Kind] = [
        "response.output_text.delta": .text,
        "response.refusal.delta": .refusal,
        "response.reasoning_text.delta": .reasoning,
        summaryType: .reasoning,
        "response.function_call_arguments.delta": .tool,
        "response.custom_tool_call_input.delta": .tool,
        "response.mcp_call_arguments.delta": .tool,
        "response.code_interpreter_call_code.delta": .tool,
        "response.audio.delta": .text,
        "response.audio.transcript.delta": .text,
    ]

    static let summaryType = "response.reasoning_summary_text.delta"
}
