import Timeline

/// When parts of the answer were there, in words; times count from when the request was sent.
extension RequestFacts {
    var answer: [(String, String?)] {
        guard let marks = record.answerMarks else { return [] }
        return [
            ("reader", marks.reading.flatMap(reading)), ("tool calls", marks.toolCalls.map(calls)),
            ("JSON", marks.structure.map(structure)),
        ]
    }

    private func reading(_ reading: AnswerMarks.Reading) -> String? {
        let parts = [
            time(reading.firstWords).map { "\(reading.wordCount) words after \($0)" },
            time(reading.firstSentence).map { "a sentence after \($0)" },
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private func calls(_ calls: [AnswerMarks.ToolCall]) -> String {
        guard !calls.isEmpty else { return "none" }
        return calls.map { call in
            let parts = [
                time(call.start).map { "begun after \($0)" }, time(call.named).map { "named after \($0)" },
                time(call.complete).map { "whole after \($0)" } ?? "never whole",
            ].compactMap(\.self)
            return "\(call.name): \(parts.joined(separator: ", "))"
        }.joined(separator: "; ")
    }

    private func structure(_ structure: AnswerMarks.Structure) -> String {
        let fields = structure.fields.compactMap { field in time(field.complete).map { "\(field.name) after \($0)" } }
        let end = time(structure.valid).map { "valid after \($0)" } ?? "ended invalid"
        return (fields + [end]).joined(separator: ", ")
    }

    /// Nil where the event is not there.
    private func time(_ event: Int?) -> String? {
        guard let event, record.events.indices.contains(event), let sent = record.sent else { return nil }
        return "\(NumberFormat.fixed((record.events[event].arrival - sent).milliseconds, decimals: 3)) ms"
    }
}
