import Timeline

/// One line of an Ollama stream: a piece of an answer, or its end with what the server measured.
struct OllamaLine {
    private(set) var draft: EventDraft
    private(set) var isLast = false
    private(set) var reason: String?
    /// Nil where the line counts nothing.
    private(set) var usage: TokenUsage?
    private(set) var mayBeError = false

    init(keepsText: Bool) { draft = EventDraft(keepsText: keepsText) }

    /// Reads a line; false where it is not valid JSON.
    mutating func scan(_ data: UnsafeRawBufferPointer, into reading: inout StreamReading) -> Bool {
        JSONScanner.readObject(data) { name, scanner in
            if name.equals("message") {
                scanMessage(&scanner)
            } else if name.equals("response") {
                draft.add(scanner.string(), as: .text)
            } else if name.equals("thinking") {
                draft.add(scanner.string(), as: .reasoning)
            } else if name.equals("done") {
                isLast = scanner.boolean()
            } else if name.equals("done_reason") {
                reason = scanner.string()?.text
            } else if name.equals("model") {
                let model = scanner.string()
                if reading.servedModel == nil { reading.servedModel = model?.text }
            } else {
                scanRare(name, &scanner, &reading)
            }
        }
    }

    /// Reads what only the last line has: counts, durations in nanoseconds, an error.
    private mutating func scanRare(_ name: JSONString, _ scanner: inout JSONScanner, _ reading: inout StreamReading) {
        if name.equals("prompt_eval_count") {
            // Missing where the whole prompt came from the cache.
            usage = TokenUsage(input: scanner.integer(), output: usage?.output)
        } else if name.equals("eval_count") {
            usage = TokenUsage(input: usage?.input, output: scanner.integer())
        } else if let duration = Self.durations.first(where: name.equals) {
            reading.keepTimings("\(duration)", scanner.raw())
        } else if name.equals("error") {
            mayBeError = scanner.mayBeError()
        } else {
            scanner.skip()
        }
    }

    private static let durations: [StaticString] = [
        "total_duration", "load_duration", "prompt_eval_duration", "eval_duration",
    ]

    private mutating func scanMessage(_ scanner: inout JSONScanner) {
        scanner.forEachMember { name, scanner in
            if name.equals("content") {
                draft.add(scanner.string(), as: .text)
            } else if name.equals("thinking") {
                draft.add(scanner.string(), as: .reasoning)
            } else if name.equals("tool_calls") {
                scanner.forEachElement { scanner in
                    // The arguments come whole and as an object, never in pieces.
                    scanner.takeMember("function") {
                        draft.addMembers(of: &$0, [("name", .tool), ("arguments", .tool)])
                    }
                }
            } else {
                scanner.skip()
            }
        }
    }
}
