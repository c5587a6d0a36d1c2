import Timeline

/// What a stream has told so far: the state that a dialect writes to while it reads events.
package struct StreamReading: Sendable {
    /// How one of several answers ended, and what its running token count was.
    struct Choice: Sendable {
        var index: Int
        var finishReason: String?
        var isFinished = false
        var tokensSoFar = 0
        /// Whether fragments of the answer came, so that a whole message repeats them.
        var hasFragments = false
    }

    let keepsText: Bool
    var readIndex = 0
    /// Bytes of the wire event that is being read; the first event made of it takes them.
    var wireBytes = 0

    private(set) var events: [DecodedEvent] = []
    private(set) var terminalEvent: Int?
    private(set) var contentEventCount = 0
    private(set) var contentReadIndex: Int?
    /// Whether content came behind the end, where it counts as none.
    private(set) var hasLateContent = false
    private(set) var warnings: [String] = []
    private(set) var choices: [Choice] = []
    /// Every finish reason of any answer: a later one does not take an earlier one back.
    private(set) var toldReasons: [String] = []
    /// Where the answers stand in `choices` that do not stand at their own number: a search for each event would take
    /// the square of their count.
    private var positions: [Int: Int] = [:]
    /// False once an event came without a running token count, since later differences would span several events.
    private var hasRunningCount = true
    private var timings: [(name: String, text: [UInt8])] = []
    /// The number of the latest event, where the server numbers them.
    private var lastNumber: Int?

    /// The latest counts, which are totals so far.
    private(set) var usage: TokenUsage?
    /// How many content events had come with the latest counts, and before them; nil where these say that they are totals.
    private var countedEvents: Int?
    private var hasShownReasoning = false
    /// The usage object of APIs that tell it in parts.
    var usageParts: JSONValue = [:]
    /// Whether the totals came, of an API whose streams end when both these and the finish did.
    var sawTotals = false
    var servedModel: String?
    var systemFingerprint: String?
    var responseID: String?
    /// Who served the model, where a router says which provider it chose.
    var upstreamProvider: String?
    /// The first error that the stream told.
    private(set) var error: ServerError?
    /// The word by which the provider says that it refused; nil where it did not, or said it by text.
    var refusalReason: String?
    /// Events whose data was to be JSON and was not.
    private(set) var invalidEventCount = 0

    /// What the stream said for a client that has to come back.
    var reconnection: ReconnectionHints?

    /// The events of earlier connections, which count once however often they are sent; nil before a break.
    var knownEvents: KnownEvents?
    var repeatedEventCount = 0

    /// What stood on the wire, where that is kept; nil where it is not.
    var items: [WireItem]?

    /// Lines that are no fields of the format, joined by LF, since some servers tell errors in bare JSON.
    private(set) var ignoredText: [UInt8] = []
    private(set) var ignoredLineCount = 0
    /// How many events had come before the last of these lines.
    private(set) var eventsBeforeIgnored = 0

    package init(keepsText: Bool) { self.keepsText = keepsText }

    var sawTerminal: Bool { terminalEvent != nil }
    var sawRefusal: Bool { events.contains { $0.kind == .refusal } }

    /// Notes an oddity once; a stream that is odd in ever new ways is not listed to its end.
    mutating func warn(_ warning: String) {
        guard warnings.count < Self.warningLimit, !warnings.contains(warning) else { return }
        warnings.append(warning)
    }
}

extension StreamReading {
    private static let warningLimit = 20
    /// How much of the lines that are no fields is kept.
    private static let ignoredLimit = 4 << 10

    /// Keeps a line that is no field of the format.
    mutating func ignore(_ line: some Collection<UInt8>) {
        ignoredLineCount += 1
        eventsBeforeIgnored = events.count
        guard ignoredText.count + line.count < Self.ignoredLimit else { return }
        ignoredText.append(contentsOf: line)
        ignoredText.append(0x0a)
    }

    /// Appends what an event of the wire proves for one answer: one event for each kind of content, or one that proves
    /// no token.
    mutating func append(_ draft: EventDraft) {
        guard draft.hasContent else {
            append(DecodedEvent(kind: .control, tokens: draft.tokens, choice: draft.choice))
            return
        }
        if contentEventCount == 0, draft.startsWithThinkTag, !sawTerminal {
            warn("reasoning stands inside the text, between <think> tags, and is counted as text")
        }
        if !sawTerminal, isFinished(draft.choice) { warn("content after the finish reason") }
        var shares = TokenShares(tokens: draft.tokens, bytes: draft.contentBytes)
        draft.forEachPart { part in
            var event = DecodedEvent(
                kind: part.kind, tokens: shares.take(part.contentBytes), characters: part.characters,
                contentBytes: part.contentBytes, choice: draft.choice, text: part.text)
            if part.kind == .tool { event.callPieces = draft.callPieces }
            append(event)
        }
    }

    /// Appends an event, which takes the read that completed it and the bytes it took on the wire.
    private mutating func append(_ decoded: DecodedEvent) {
        var event = decoded
        event.readIndex = readIndex
        event.wireBytes = wireBytes
        wireBytes = 0
        if sawTerminal {
            warn("data after the end of the stream")
            // The end stops the clock; what comes after it must not stretch the stream.
            if event.kind.isContent { hasLateContent = true }
            event.kind = .control
        } else if event.kind.isContent {
            contentEventCount += 1
            contentReadIndex = readIndex
            if event.kind == .reasoning { hasShownReasoning = true }
        }
        events.append(event)
    }

    /// Appends an event that proves no token.
    mutating func append(_ kind: StreamEvent.Kind, text: String? = nil) {
        if sawTerminal, kind != .comment { warn("data after the end of the stream") }
        let isFirstEnd = kind == .terminal && !sawTerminal
        if isFirstEnd { terminalEvent = events.count }
        events.append(
            DecodedEvent(
                kind: kind == .terminal && !isFirstEnd ? .control : kind, readIndex: readIndex, wireBytes: wireBytes,
                text: keepsText ? text : nil))
        wireBytes = 0
    }

    /// Appends an end marker that the API does not define, but some servers send; after the API's own it says nothing.
    mutating func appendSpareEnd() {
        guard sawTerminal else { return append(.terminal) }
        events.append(DecodedEvent(kind: .control, readIndex: readIndex, wireBytes: wireBytes))
        wireBytes = 0
    }

    /// Notes the number that the server gave an event; the numbers have no gaps.
    mutating func follow(number: Int) {
        if let lastNumber, number != lastNumber &+ 1 {
            warn("the events' numbers jump: events are missing or displaced")
        }
        lastNumber = number
    }

    /// Appends an error that the stream told; the first one is kept.
    mutating func append(_ error: ServerError) {
        if self.error == nil { self.error = error }
        append(.error)
    }

    /// Appends an event whose data was to be a JSON object and is not; a list may tell an error.
    mutating func appendInvalid(_ data: UnsafeRawBufferPointer) {
        if let error = ServerError(told: data) { return append(error) }
        guard !Self.saysNothing(data) else { return append(.control) }
        invalidEventCount += 1
        append(.control)
    }

    /// Whether data is a null or an empty list, in which nothing can be lost.
    private static func saysNothing(_ data: UnsafeRawBufferPointer) -> Bool {
        let letters = data.filter { $0 > 0x20 }
        return letters.elementsEqual("null".utf8) || letters.elementsEqual("[]".utf8)
    }

    private func isFinished(_ choice: Int) -> Bool { knownPosition(of: choice).map { choices[$0].isFinished } ?? false }

    /// Where an answer stands among those seen; most stand at their own number, so that nothing need be looked up.
    private func knownPosition(of choice: Int) -> Int? {
        if choices.indices.contains(choice), choices[choice].index == choice { return choice }
        return positions[choice]
    }

    private mutating func position(of choice: Int) -> Int {
        if let position = knownPosition(of: choice) { return position }
        if choice != choices.count { positions[choice] = choices.count }
        choices.append(Choice(index: choice))
        return choices.count - 1
    }

    /// Notes that an answer exists; every answer that exists has to finish.
    mutating func noteChoice(_ choice: Int) {
        if !sawTerminal { _ = position(of: choice) }
    }

    /// Notes that a fragment of an answer came.
    mutating func noteFragment(of choice: Int) {
        guard !sawTerminal else { return }
        choices[position(of: choice)].hasFragments = true
    }

    /// Whether fragments of an answer came before.
    func hasFragments(of choice: Int) -> Bool { knownPosition(of: choice).map { choices[$0].hasFragments } ?? false }

    /// Notes that an answer which had told how it finished goes on after all, so that it has to tell it again.
    mutating func reopen(_ choice: Int) {
        guard let position = knownPosition(of: choice) else { return }
        choices[position].isFinished = false
    }

    /// Notes how an answer ended; a reason that is nil or empty says that it did, and not why.
    mutating func finish(_ choice: Int, reason told: String?) {
        let reason = told.flatMap { $0.isEmpty ? nil : $0 }
        if let reason, !toldReasons.contains(reason) { toldReasons.append(reason) }
        // Behind the end a reason may spoil an answer, and finishes none.
        guard !sawTerminal else { return }
        let position = position(of: choice)
        if choices[position].isFinished { warn("more than one finish reason") }
        choices[position].isFinished = true
        choices[position].finishReason = reason
    }

    /// Takes the server's counts, behind the content that came with them; `isRunning` where they are of what came so far.
    ///
    /// Of an answer alone they cannot fall, so that of two totals the greater one is kept. Where there are several answers
    /// some servers count each by itself, and the last count is the sum.
    mutating func take(_ counts: TokenUsage, isRunning: Bool = false) {
        var counts = counts
        if choices.count <= 1, let earlier = usage?.output, let later = counts.output, later < earlier {
            warn("the usage counts fewer output tokens than an earlier one did: the greater count is taken")
            (counts.output, counts.reasoning) = (earlier, usage?.reasoning)
        }
        usage = counts
        countedEvents = isRunning ? contentEventCount : nil
    }

    /// The counts of the whole stream: where content came behind the latest running ones, their output is no total.
    var totals: TokenUsage? {
        guard let countedEvents, contentEventCount > countedEvents else { return usage }
        return usage.map { TokenUsage(input: $0.input, cached: $0.cached) }
    }

    /// Turns an answer's running token count, of which so many are the reasoning's, into the tokens of this event.
    ///
    /// Reasoning that is not shown is no event's. Nil where an earlier content event came without a count, or where the
    /// count ran backwards.
    mutating func tokens(runningCount: Int?, reasoning: Int? = nil, of draft: EventDraft) -> Int? {
        guard hasRunningCount else { return nil }
        guard let runningCount else {
            if draft.hasContent { hasRunningCount = false }
            return nil
        }
        let isShown = hasShownReasoning || draft.carries(.reasoning)
        let position = position(of: draft.choice)
        guard 0...TokenUsage.greatestCount ~= runningCount, 0...runningCount ~= reasoning ?? 0 else {
            hasRunningCount = false
            return nil
        }
        let shown = runningCount - (isShown ? 0 : reasoning ?? 0)
        let tokens = shown - choices[position].tokensSoFar
        guard tokens >= 0 else {
            hasRunningCount = false
            return nil
        }
        choices[position].tokensSoFar = shown
        return tokens
    }

    /// Keeps what the server said of its own timing; the last text under a name stays.
    mutating func keepTimings(_ name: String, _ text: UnsafeRawBufferPointer) {
        timings.removeAll { $0.name == name }
        timings.append((name, Array(text)))
    }

    /// Keeps what the server said of its own timing; the last text under a name stays.
    mutating func keepTimings(_ name: String, _ text: String) {
        Array(text.utf8).withUnsafeBytes { keepTimings(name, $0) }
    }

    /// The server's timings as one object; nil where it gave none.
    var serverTimings: JSONValue? {
        var object: JSONValue = [:]
        for (name, text) in timings {
            if let value = try? JSONValue(parsing: text) { object.merge(name, value) }
        }
        return object == [:] ? Optional.none : object
    }

    /// The reason of the lowest answer that has one.
    var finishReason: String? {
        choices.filter { $0.finishReason != nil }.min { $0.index < $1.index }?.finishReason
    }

    /// Whether every answer that was begun has told how it ended.
    var isFinished: Bool { !choices.isEmpty && choices.allSatisfy(\.isFinished) }
}
