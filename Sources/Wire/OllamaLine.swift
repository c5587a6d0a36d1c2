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
        var scanner = JSONScanner(data)
        guard scanner.isAtObject(), scanner.beginObject() else {
            scanner.skip()
            return scanner.isComplete()
        }
        while let name = scanner.nextMember() {
            if name.equals("message") {
                scanMessage(&scanner)
            } else if name.equals("response") {
                draft.add(scanner.string(), as: .text)
            } else if name.equals("thinking") {
                draft.add(scanner.string(), as: .reasoning)
            } else if name.equals("done") {
                isLast = scanner.isAtTrue()
                scanner.skip()
            } else if name.equals("done_reason") {
                reason = scanner.string()?.text
            } else if name.equals("model") {
                let model = scanner.string()
                if reading.servedModel == nil { reading.servedModel = model?.text }
            } else {
                scanRare(name, &scanner, &reading)
            }
        }
        return scanner.isComplete()
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
        } else {
            if name.equals("error") { mayBeError = !scanner.isAtNull() }
            scanner.skip()
        }
    }

    private static let durations: [StaticString] = [
        "total_duration", "load_duration", "prompt_eval_duration", "eval_duration",
    ]

    private mutating func scanMessage(_ scanner: inout JSONScanner) {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if name.equals("content") {
                draft.add(scanner.string(), as: .text)
            } else if name.equals("thinking") {
                draft.add(scanner.string(), as: .reasoning)
            } else if name.equals("tool_calls"), scanner.isAtArray() {
                guard scanner.beginArray() else { return }
                while scanner.nextElement() { scanCall(&scanner) }
            } else {
                scanner.skip()
            }
        }
    }

    private mutating func scanCall(_ scanner: inout JSONScanner) {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            guard name.equals("function") else {
                scanner.skip()
                continue
            }
            guard scanner.beginObject() else { continue }
            while let name = scanner.nextMember() {
                if name.equals("name") {
                    draft.add(scanner.string(), as: .tool)
                } else if name.equals("arguments"), scanner.isAtObject() {
                    // The arguments come whole and as an object, never in pieces.
                    let text = scanner.raw()
                    if (try? JSONValue(parsing: Array(text))) != [:] {
                        draft.add(JSONString(bytes: text, hasEscapes: false), as: .tool)
                    }
                } else {
                    scanner.skip()
                }
            }
        }
    }
}
