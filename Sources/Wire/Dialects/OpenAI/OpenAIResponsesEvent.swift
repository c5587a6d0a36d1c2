import Timeline

/// One event of a stream of OpenAI's Responses: what its type decides about, before anybody decides.
struct OpenAIResponsesEvent {
    private(set) var type: JSONString?
    private(set) var delta: JSONString?
    private(set) var number: Int?
    /// The name of the call that an item is; nil for items that are no calls.
    private(set) var callName: JSONString?
    /// The place of the item that the event is about.
    private var itemIndex: Int?
    /// Whether the event carries an image, or a first sketch of one.
    private(set) var hasImage = false
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
            } else if name.equals("partial_image_b64") {
                hasImage = scanner.string()?.isEmpty == false
            } else if name.equals("sequence_number") {
                number = scanner.integer()
            } else if name.equals("output_index") {
                itemIndex = scanner.integer()
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
        var isImage = false
        var result: JSONString?
        scanner.forEachMember { name, scanner in
            if name.equals("type") {
                let type = scanner.string()
                isCall = type?.text.hasSuffix("_call") == true
                isImage = type?.equals("image_generation_call") == true
            } else if name.equals("name") {
                itemName = scanner.string()
            } else if name.equals("result") {
                result = scanner.string()
            } else {
                scanner.skip()
            }
        }
        callName = isCall ? itemName : nil
        hasImage = isImage && result?.isEmpty == false
    }

    /// Adds the content of an event of the given type.
    ///
    /// The `done` events repeat whole texts, so that only fragments count, and of a call its name at its start.
    func addContent(type: String, to draft: inout EventDraft) {
        if Self.argumentTypes.contains(type) {
            return draft.addCall(arguments: delta.map { .string($0.text) }, index: itemIndex)
        }
        if let kind = Self.kinds[type] { return draft.add(delta, as: kind) }
        switch type {
        case "response.output_item.added": draft.addCall(name: callName?.text, index: itemIndex)
        case "response.audio.delta", "response.output_audio.delta": if delta?.isEmpty == false { draft.addMedia() }
        case "response.image_generation_call.partial_image", "response.output_item.done":
            if hasImage { draft.addMedia() }
        default: break
        }
    }

    private static let kinds: [String: StreamEvent.Kind] = [
        "response.output_text.delta": .text,
        "response.refusal.delta": .refusal,
        "response.reasoning_text.delta": .reasoning,
        summaryType: .reasoning,
        "response.code_interpreter_call_code.delta": .tool,
        "response.audio.transcript.delta": .text,
        "response.output_audio_transcript.delta": .text,
    ]

    private static let argumentTypes: Set<String> = [
        "response.function_call_arguments.delta", "response.custom_tool_call_input.delta",
        "response.mcp_call_arguments.delta",
    ]

    static let summaryType = "response.reasoning_summary_text.delta"
}
