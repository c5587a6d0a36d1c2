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
        // Errors come in arrays too.
        mayBeError = data.first == UInt8(ascii: "[")
        return JSONScanner.readObject(data) { name, scanner in
            if name.equals("candidates") {
                scanner.forEachElement { scanCandidate(&$0) }
            } else if name.equals("usageMetadata"), scanner.isAtObject() {
                usage = Self.usage(&scanner)
            } else if name.equals("promptFeedback") {
                scanner.takeMember("blockReason") { blockReason = $0.string()?.text }
            } else if name.equals("modelVersion") {
                model = scanner.string()?.text
            } else if name.equals("responseId") {
                identifier = scanner.string()?.text
            } else if name.equals("error") {
                mayBeError = scanner.mayBeError()
            } else {
                scanner.skip()
            }
        }
    }

    private mutating func scanCandidate(_ scanner: inout JSONScanner) {
        guard scanner.isAtObject() else { return scanner.skip() }
        var draft = EventDraft(keepsText: keepsText)
        var reason: String?
        scanner.forEachMember { name, scanner in
            if name.equals("content") {
                scanner.takeMember("parts") { $0.forEachElement { Self.scanPart(&$0, into: &draft) } }
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

    private static func scanPart(_ scanner: inout JSONScanner, into draft: inout EventDraft) {
        // Whether a text is a thought may be told behind it.
        var text: JSONString?
        var isThought = false
        scanner.forEachMember { name, scanner in
            if name.equals("text") {
                text = scanner.string()
            } else if name.equals("thought") {
                isThought = scanner.boolean()
            } else if name.equals("functionCall") {
                draft.addMembers(of: &scanner, [("name", .tool), ("args", .tool), ("partialArgs", .tool)])
            } else if name.equals("executableCode") {
                // It is run by the server: no agent is called.
                scanner.takeMember("code") { draft.addValue(of: &$0, as: .tool) }
            } else if name.equals("inlineData") {
                scanner.takeMember("data") { draft.addMedia(of: &$0) }
            } else {
                scanner.skip()
            }
        }
        draft.add(text, as: isThought ? .reasoning : .text)
    }

    /// Reads counts that are totals so far; the one for candidates leaves thoughts out.
    private static func usage(_ scanner: inout JSONScanner) -> TokenUsage {
        var (prompt, tools, candidates, thoughts): (Int?, Int?, Int?, Int?)
        var usage = TokenUsage()
        scanner.forEachMember { name, scanner in
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
        reading.servedModel = reading.servedModel ?? model
        reading.responseID = reading.responseID ?? identifier
        for draft in drafts { append(draft, to: &reading) }
        if drafts.isEmpty { reading.append(.control) }
        if let usage { reading.take(usage, isRunning: true) }
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
        let counts = drafts.count == 1 && draft.choice == 0 ? usage : nil
        let tokens = reading.tokens(runningCount: counts?.output, reasoning: counts?.reasoning, of: draft)
        draft.tokens = tokens == 0 ? nil : tokens
        reading.append(draft)
        // Its streams have no end marker: only a finish with nothing behind it shows that all of it came.
        if draft.hasContent { reading.reopen(draft.choice) }
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
