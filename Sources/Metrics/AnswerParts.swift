import Timeline

/// When parts of an answer were complete: its marks, with the instants of the events that they name.
///
/// A class, since most streams have none, and a run holds all its streams.
final class AnswerParts: Sendable {
    let firstSentence: StreamEvent?
    let firstWords: StreamEvent?
    /// The first call's first event, its name's end, and the event with which it could be made; nil without a call.
    let firstCall: StreamEvent?
    let firstCallName: StreamEvent?
    let firstCallComplete: StreamEvent?
    /// When every call could be made; nil where one never could.
    let allCallsComplete: StreamEvent?
    /// The calls, and those of them whose arguments came whole; nil where nobody asked.
    let callCount: Int?
    let completeCallCount: Int
    /// Whether the answer ended as the JSON text that it was to be; nil where nobody asked.
    let isValidJSON: Bool?
    let validJSON: StreamEvent?
    /// The first one of each name, in the order in which they were complete.
    let fields: [(name: String, event: StreamEvent)]
    let firstField: StreamEvent?

    /// Nil where nobody asked about the answer.
    init?(of record: StreamRecord) {
        guard let marks = record.answerMarks else { return nil }
        func event(_ index: Int?) -> StreamEvent? {
            index.flatMap { record.events.indices.contains($0) ? record.events[$0] : nil }
        }
        firstSentence = event(marks.reading?.firstSentence)
        firstWords = event(marks.reading?.firstWords)
        let calls = marks.toolCalls ?? []
        firstCall = event(calls.first?.start)
        firstCallName = event(calls.first?.named)
        firstCallComplete = event(calls.first?.complete)
        let ends = calls.compactMap(\.complete)
        allCallsComplete = ends.count == calls.count ? event(ends.max()) : nil
        callCount = marks.toolCalls?.count
        completeCallCount = ends.count
        validJSON = event(marks.structure?.valid)
        isValidJSON = marks.structure == nil ? nil : validJSON != nil
        firstField = event(marks.structure?.fields.first?.complete)
        var fields: [(name: String, event: StreamEvent)] = []
        for field in marks.structure?.fields ?? [] where !fields.contains(where: { $0.name == field.name }) {
            if let event = event(field.complete) { fields.append((field.name, event)) }
        }
        self.fields = fields
    }
}
