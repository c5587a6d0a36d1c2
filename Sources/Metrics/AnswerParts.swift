import Timeline

/// When parts of an answer were complete: its marks, with the instants of the events that they name.
struct AnswerParts: Sendable {
    private(set) var firstSentence: StreamEvent?
    private(set) var firstWords: StreamEvent?
    /// The first call's first event, its name's end, and the event with which it could be made; nil without a call.
    private(set) var firstCall: StreamEvent?
    private(set) var firstCallName: StreamEvent?
    private(set) var firstCallComplete: StreamEvent?
    /// When every call could be made; nil where one never could.
    private(set) var allCallsComplete: StreamEvent?
    /// The calls, and those of them whose arguments came whole; nil where nobody asked.
    private(set) var callCount: Int?
    private(set) var completeCallCount = 0
    /// Whether the answer ended as the JSON text that it was to be; nil where nobody asked.
    private(set) var isValidJSON: Bool?
    private(set) var validJSON: StreamEvent?
    /// The first one of each name, in the order in which they were complete.
    private(set) var fields: [(name: String, arrival: Instant)] = []
    private(set) var firstField: StreamEvent?

    init(of record: StreamRecord) {
        guard let marks = record.answerMarks else { return }
        func event(_ index: Int?) -> StreamEvent? {
            index.flatMap { record.events.indices.contains($0) ? record.events[$0] : nil }
        }
        firstSentence = event(marks.reading?.firstSentence)
        firstWords = event(marks.reading?.firstWords)
        if let calls = marks.toolCalls { take(calls, event) }
        if let structure = marks.structure { take(structure, event) }
    }

    private mutating func take(_ calls: [AnswerMarks.ToolCall], _ event: (Int?) -> StreamEvent?) {
        callCount = calls.count
        completeCallCount = calls.count { $0.complete != nil }
        guard let first = calls.first else { return }
        firstCall = event(first.start)
        firstCallName = event(first.named)
        firstCallComplete = event(first.complete)
        if completeCallCount == calls.count { allCallsComplete = event(calls.compactMap(\.complete).max()) }
    }

    private mutating func take(_ structure: AnswerMarks.Structure, _ event: (Int?) -> StreamEvent?) {
        validJSON = event(structure.valid)
        isValidJSON = validJSON != nil
        firstField = event(structure.fields.first?.complete)
        for field in structure.fields where !fields.contains(where: { $0.name == field.name }) {
            if let event = event(field.complete) { fields.append((field.name, event.arrival)) }
        }
    }
}
