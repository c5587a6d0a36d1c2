import Timeline

/// What the OpenAI APIs' stream chunks have in common; the dialects read what stands inside a choice.
struct OpenAIChunk {
    /// Takes the value of a choice's member, or says that it does not know the name and leaves the value.
    typealias TakeMember = (_ name: JSONString, _ scanner: inout JSONScanner, _ draft: inout EventDraft) -> Bool

    private let keepsText: Bool
    private var draft: EventDraft?
    private var moreDrafts: [EventDraft] = []
    private var finishes: [(choice: Int, reason: String)] = []
    /// The answers whose content stands in a whole message.
    private var wholes: [Int] = []
    private var usage: TokenUsage?
    private var runningTokens: Int?
    private var mayBeError = false
    private var hasChoices = false
    /// Whether a member stands in it that chunks do not have, and errors of gateways do.
    private var looksForeign = false
    /// Whether it has a name or a usage, as chunks have and bare messages of gateways have not.
    private var hasIdentity = false
    private var looksBare = false

    /// Reads one event and appends what it proves to the reading.
    static func read(_ event: WireEvent, into reading: inout StreamReading, _ takeMember: TakeMember) {
        var chunk = Self(keepsText: reading.keepsText)
        guard chunk.scan(event.data, into: &reading, takeMember) else { return reading.appendInvalid(event.data) }
        if chunk.mayBeError, let error = ServerError(told: event.data) { return reading.append(error) }
        if chunk.looksForeign, !chunk.hasChoices, let error = ServerError(foreign: event.data) {
            return reading.append(error)
        }
        if chunk.looksBare, !chunk.hasChoices, !chunk.hasIdentity, let error = ServerError(bareIn: event.data) {
            return reading.append(error)
        }
        chunk.append(to: &reading)
    }

    private init(keepsText: Bool) { self.keepsText = keepsText }

    private mutating func scan(
        _ data: UnsafeRawBufferPointer, into reading: inout StreamReading, _ takeMember: TakeMember
    ) -> Bool {
        JSONScanner.readObject(data) { name, scanner in
            if name.equals("choices") {
                hasChoices = scanner.isAtArray()
                scanChoices(&scanner, takeMember)
            } else if name.equals("usage"), scanner.isAtObject() {
                hasIdentity = true
                takeUsage(scanner.raw(), into: &reading)
            } else if name.equals("id") {
                hasIdentity = true
                Self.takeFirst(&scanner, &reading.responseID)
            } else if name.equals("model") {
                Self.takeFirst(&scanner, &reading.servedModel)
            } else if name.equals("system_fingerprint") {
                Self.takeFirst(&scanner, &reading.systemFingerprint)
            } else if name.equals("object") || name.equals("type") {
                if scanner.string()?.equals("error") == true { mayBeError = true }
            } else if name.equals("provider") {
                Self.takeFirst(&scanner, &reading.upstreamProvider)
            } else {
                scanRare(name, &scanner, &reading)
            }
        }
    }

    private mutating func scanRare(
        _ name: JSONString, _ scanner: inout JSONScanner, _ reading: inout StreamReading
    ) {
        if name.equals("error") {
            if scanner.mayBeError() { mayBeError = true }
        } else if name.equals("timings"), scanner.isAtObject() {
            let text = scanner.raw()
            if runningTokens == nil { Self.take("predicted_n", of: text) { runningTokens = $0.integer() } }
            reading.keepTimings("timings", text)
        } else if name.equals("x_groq"), scanner.isAtObject() {
            takeGroq(scanner.raw(), into: &reading)
        } else if let timings = Self.timings.first(where: name.equals), scanner.isAtObject() {
            reading.keepTimings("\(timings)", scanner.raw())
        } else {
            if Self.foreign.contains(where: name.equals) { looksForeign = true }
            if name.equals("message") || name.equals("detail") { looksBare = true }
            scanner.skip()
        }
    }

    /// Members of errors as gateways and clouds word them, beside none of which a chunk without an answer is one.
    private static let foreign: [StaticString] = [
        "errors", "error_code", "error_msg", "error_message", "errorCode", "errorMessage", "status", "code",
        "base_resp",
    ]

    private static let timings: [StaticString] = ["metrics", "perf_metrics", "time_info"]

    /// Takes the first string that is not empty; filter frames come first and carry empty ones.
    private static func takeFirst(_ scanner: inout JSONScanner, _ field: inout String?) {
        let string = scanner.string()
        if field == nil, let string, !string.isEmpty { field = string.text }
    }

    /// Hands over one member of an object; nothing happens where there is none.
    private static func take(
        _ member: StaticString, of text: UnsafeRawBufferPointer, _ takeValue: (inout JSONScanner) -> Void
    ) {
        var scanner = JSONScanner(text)
        scanner.takeMember(member, takeValue)
    }

    private mutating func takeUsage(_ text: UnsafeRawBufferPointer, into reading: inout StreamReading) {
        var scanner = JSONScanner(text)
        let usage = TokenUsage(openAI: &scanner)
        if usage.input == nil, usage.output == nil, text.contains(where: { 0x30...0x39 ~= $0 }) {
            reading.warn("the usage has no count of tokens that can be read")
        }
        self.usage = usage
        runningTokens = usage.output
        Self.take("total_time", of: text) {
            $0.skip()
            reading.keepTimings("usage", text)
        }
    }

    private mutating func takeGroq(_ text: UnsafeRawBufferPointer, into reading: inout StreamReading) {
        reading.keepTimings("x_groq", text)
        var scanner = JSONScanner(text)
        scanner.forEachMember { name, scanner in
            if name.equals("error") { mayBeError = true }
            if name.equals("usage"), scanner.isAtObject(), usage == nil {
                usage = TokenUsage(openAI: &scanner)
            } else {
                scanner.skip()
            }
        }
    }

    private mutating func scanChoices(_ scanner: inout JSONScanner, _ takeMember: TakeMember) {
        // A name that occurs twice counts as its last value.
        draft = nil
        moreDrafts = []
        finishes = []
        wholes = []
        scanner.forEachElement { scanner in
            let next = scanChoice(&scanner, takeMember)
            if draft == nil { draft = next } else { moreDrafts.append(next) }
        }
    }

    private mutating func scanChoice(_ scanner: inout JSONScanner, _ takeMember: TakeMember) -> EventDraft {
        var draft = EventDraft(keepsText: keepsText)
        var reason: String?
        var message: UnsafeRawBufferPointer?
        scanner.forEachMember { name, scanner in
            if takeMember(name, &scanner, &draft) { return }
            if name.equals("message"), scanner.isAtObject() { return message = scanner.raw() }
            if name.equals("index") {
                draft.choice = scanner.integer() ?? 0
            } else if name.equals("finish_reason") {
                if let string = scanner.string(), !string.isEmpty { reason = string.text }
            } else if name.equals("token_ids"), scanner.isAtArray() {
                draft.tokens = scanner.countElements()
            } else if name.equals("error") {
                if scanner.mayBeError() { mayBeError = true }
            } else {
                scanner.skip()
            }
        }
        if let reason { finishes.append((draft.choice, reason)) }
        if let message, !draft.hasContent { takeWhole(message, into: &draft) }
        return draft
    }

    /// Reads a message that stands where a fragment should, as in a whole answer that is sent as one event.
    private mutating func takeWhole(_ message: UnsafeRawBufferPointer, into draft: inout EventDraft) {
        var scanner = JSONScanner(message)
        OpenAIDelta.read(&scanner, into: &draft)
        if draft.hasContent { wholes.append(draft.choice) }
    }

    private func append(to reading: inout StreamReading) {
        if let draft { append(draft, to: &reading) } else { reading.append(.control) }
        for draft in moreDrafts { append(draft, to: &reading) }
        // Beside an answer it counts what came so far.
        if let usage { reading.take(usage, isRunning: draft != nil) }
        for finish in finishes { reading.finish(finish.choice, reason: finish.reason) }
    }

    private func append(_ draft: EventDraft, to reading: inout StreamReading) {
        var draft = draft
        if !wholes.isEmpty, wholes.contains(draft.choice) {
            // What the fragments have said already does not count again.
            if reading.hasFragments(of: draft.choice) { draft = draft.emptied }
        } else if draft.hasContent {
            reading.noteFragment(of: draft.choice)
        }
        if draft.tokens == nil {
            draft.tokens = reading.tokens(runningCount: runningTokens, reasoning: usage?.reasoning, of: draft)
        }
        reading.noteChoice(draft.choice)
        if !draft.hasContent, draft.tokens == 0 { draft.tokens = nil }
        reading.append(draft)
    }
}
