import Timeline

/// One event of a Gemini stream: a whole answer object with the parts that are new.
struct GeminiChunk {
    private let keepsText: Bool
    private var drafts: [EventDraft] = []
    private var finishes: [(choice: Int, reason: String)] = []
    private var blockReason: String?
    private var usage: TokenUsage?
    private var model: String?
    private var identifier: String?
    private(set) var mayBeError = false

    init(keepsText: Bool) { self.keepsText = keepsText }

    /// Reads an event's data; false where it is not valid JSON.
    mutating func scan(_ data: UnsafeRawBufferPointer) -> Bool {
        var scanner = JSONScanner(data)
        guard scanner.isAtObject(), scanner.beginObject() else {
            // Errors come in arrays too.
            mayBeError = scanner.isAtArray()
            scanner.skip()
            return scanner.isComplete()
        }
        while let name = scanner.nextMember() {
            if name.equals("candidates") {
                guard scanner.beginArray() else { continue }
                while scanner.nextElement() { scanCandidate(&scanner) }
            } else if name.equals("usageMetadata"), scanner.isAtObject() {
                usage = Self.usage(&scanner)
            } else if name.equals("promptFeedback") {
                scanFeedback(&scanner)
            } else if name.equals("modelVersion") {
                model = scanner.string()?.text
            } else if name.equals("responseId") {
                identifier = scanner.string()?.text
            } else {
                if name.equals("error") { mayBeError = !scanner.isAtNull() }
                scanner.skip()
            }
        }
        return scanner.isComplete()
    }

    private mutating func scanCandidate(_ scanner: inout JSONScanner) {
        var draft = EventDraft(keepsText: keepsText)
        var reason: String?
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if name.equals("content") {
                scanContent(&scanner, into: &draft)
            } else if name.equals("finishReason") {
                reason = scanner.string()?.text
            } else if name.equals("index") {
                draft.choice = scanner.integer() ?? 0
            } else {
                scanner.skip()
            }
        }
        drafts.append(draft)
        if let reason, !reason.isEmpty, reason != "FINISH_REASON_UNSPECIFIED" {
            finishes.append((draft.choice, reason))
        }
    }

    private func scanContent(_ scanner: inout JSONScanner, into draft: inout EventDraft) {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            guard name.equals("parts") else {
                scanner.skip()
                continue
            }
            guard scanner.beginArray() else { continue }
            while scanner.nextElement() { scanPart(&scanner, into: &draft) }
        }
    }

    private func scanPart(_ scanner: inout JSONScanner, into draft: inout EventDraft) {
        // Whether a text is a thought may be told behind it.
        var text: JSONString?
        var isThought = false
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if name.equals("text") {
                text = scanner.string()
            } else if name.equals("thought") {
                isThought = scanner.isAtTrue()
                scanner.skip()
            } else if name.equals("functionCall") {
                Self.scanMembers(["name", "args", "partialArgs"], &scanner, as: .tool, into: &draft)
            } else if name.equals("executableCode") {
                Self.scanMembers(["code"], &scanner, as: .tool, into: &draft)
            } else if name.equals("inlineData") {
                Self.scanMembers(["data"], &scanner, as: .text, into: &draft)
            } else {
                scanner.skip()
            }
        }
        draft.add(text, as: isThought ? .reasoning : .text)
    }

    /// Adds some members of an object: texts, and whole objects by their JSON; an empty object proves nothing.
    private static func scanMembers(
        _ names: [StaticString], _ scanner: inout JSONScanner, as kind: StreamEvent.Kind, into draft: inout EventDraft
    ) {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if !names.contains(where: name.equals) {
                scanner.skip()
            } else if scanner.isAtObject() || scanner.isAtArray() {
                let text = scanner.raw()
                let value = try? JSONValue(parsing: Array(text))
                if value != [:], value != [] { draft.add(JSONString(bytes: text, hasEscapes: false), as: kind) }
            } else {
                draft.add(scanner.string(), as: kind)
            }
        }
    }

    private mutating func scanFeedback(_ scanner: inout JSONScanner) {
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if name.equals("blockReason") { blockReason = scanner.string()?.text } else { scanner.skip() }
        }
    }

    /// Reads counts that are totals so far; the one for candidates leaves thoughts out.
    private static func usage(_ scanner: inout JSONScanner) -> TokenUsage {
        var (prompt, tools, candidates, thoughts): (Int?, Int?, Int?, Int?)
        var usage = TokenUsage()
        guard scanner.beginObject() else { return usage }
        while let name = scanner.nextMember() {
            if name.equals("promptTokenCount") {
                prompt = scanner.integer()
            } else if name.equals("toolUsePromptTokenCount") {
                tools = scanner.integer()
            } else if name.equals("candidatesTokenCount") {
                candidates = scanner.integer()
            } else if name.equals("thoughtsTokenCount") {
                thoughts = scanner.integer()
            } else if name.equals("cachedContentTokenCount") {
                usage.cached = scanner.integer()
            } else {
                scanner.skip()
            }
        }
        usage.input = TokenUsage.sum(prompt, tools)
        usage.output = TokenUsage.sum(candidates, thoughts)
        usage.reasoning = thoughts
        return usage
    }
}

extension GeminiChunk {
    /// Appends what the chunk proves to the reading.
    func append(to reading: inout StreamReading) {
        if let usage { reading.usage = usage }
        reading.servedModel = reading.servedModel ?? model
        reading.responseID = reading.responseID ?? identifier
        for draft in drafts { append(draft, to: &reading) }
        if drafts.isEmpty { reading.append(.control) }
        for finish in finishes { Self.take(finish.reason, of: finish.choice, into: &reading) }
        if let blockReason, !blockReason.isEmpty, blockReason != "BLOCK_REASON_UNSPECIFIED" {
            reading.refusalReason = blockReason
            reading.finish(0, reason: blockReason)
        }
    }

    private func append(_ draft: EventDraft, to reading: inout StreamReading) {
        var draft = draft
        reading.noteChoice(draft.choice)
        // The running count is that of all candidates together.
        let count = drafts.count == 1 && draft.choice == 0 ? usage?.output : nil
        let tokens = reading.tokens(of: draft.choice, runningCount: count, isContent: draft.kind.isContent)
        draft.tokens = tokens == 0 ? nil : tokens
        reading.append(draft)
    }

    private static func take(_ reason: String, of choice: Int, into reading: inout StreamReading) {
        reading.finish(choice, reason: reason)
        if refusals.contains(reason) {
            reading.refusalReason = reason
        } else if !ends.contains(reason) {
            reading.append(ServerError(message: "the finish reason is \(reason)", detail: "server"))
        }
    }

    /// The ends that a model comes to by itself.
    private static let ends: Set<String> = ["STOP", "MAX_TOKENS"]

    private static let refusals: Set<String> = [
        "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION",
    ]
}
