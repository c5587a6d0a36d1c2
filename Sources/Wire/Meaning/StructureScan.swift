import Timeline

/// Finds when the parts of an answer that is to be one JSON text are complete.
struct StructureScan {
    private var marks = AnswerMarks.Structure()
    private var text = JSONProgress()
    /// Beyond so many fields, only the whole text is looked at.
    private static let fieldLimit = 64

    /// Takes the text of the event at a position.
    mutating func take(_ text: String, of event: Int) {
        for byte in text.utf8 { note(self.text.take(byte), of: event) }
    }

    private mutating func note(_ completions: [JSONProgress.Completion], of event: Int) {
        for completion in completions {
            switch completion {
            case .field(let name):
                if marks.fields.count < Self.fieldLimit {
                    marks.fields.append(AnswerMarks.Field(name: name, complete: event))
                }
            case .text: marks.valid = event
            }
        }
    }

    /// What was found; the event at a position was the last one with text.
    mutating func finished(lastEvent: Int?) -> AnswerMarks.Structure {
        if let lastEvent { note(text.finish(), of: lastEvent) }
        // What follows a whole value can make the text invalid after all.
        if !text.isComplete { marks.valid = nil }
        return marks
    }
}
