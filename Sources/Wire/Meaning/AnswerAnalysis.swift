package import Timeline

/// What is to be found out about an answer from its text, and finds it.
///
/// It runs once a response is decoded, never while one is measured.
package struct AnswerAnalysis: Sendable, Equatable {
    /// The words that a reader waits for; nil asks about no reader.
    package var words: Int?
    package var findsToolCalls: Bool
    /// Whether the answer is to be one JSON text.
    package var expectsJSON: Bool

    package init(words: Int? = nil, findsToolCalls: Bool = false, expectsJSON: Bool = false) {
        self.words = words
        self.findsToolCalls = findsToolCalls
        self.expectsJSON = expectsJSON
    }

    /// What a stored record was analysed for, to do it again.
    package init(of marks: AnswerMarks?) {
        self.init(
            words: marks?.reading?.wordCount, findsToolCalls: marks?.toolCalls != nil,
            expectsJSON: marks?.structure != nil)
    }

    /// Whether events must carry their text for it.
    package var needsText: Bool { words != nil || findsToolCalls || expectsJSON }

    /// Goes through an answer's events, which carry their text; nil where nothing was asked.
    ///
    /// Of several answers to one request the first is taken.
    package func marks(of stream: DecodedStream) -> AnswerMarks? {
        guard needsText else { return nil }
        var reading = words.map { ReadingScan(words: $0) }
        var calls = findsToolCalls ? ToolCallScan() : nil
        var structure = expectsJSON ? StructureScan() : nil
        var lastText: Int?
        let choice = stream.events.filter(\.kind.isContent).map(\.choice).min()
        for (index, event) in stream.events.enumerated() where event.kind.isContent && event.choice == choice {
            guard let text = event.text else { continue }
            if event.kind == .text {
                reading?.take(text, of: index)
                structure?.take(text, of: index)
                lastText = index
            } else if event.kind == .tool {
                calls?.take(event.callPieces, of: index)
            }
        }
        let isComplete = stream.outcome.isComplete
        return AnswerMarks(
            reading: reading?.finished(isComplete: isComplete), toolCalls: calls?.finished(isComplete: isComplete),
            structure: structure?.finished(lastEvent: lastText))
    }
}
