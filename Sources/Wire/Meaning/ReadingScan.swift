import Timeline

/// Finds where the first sentence of a text ends, and where so many words are complete.
///
/// A sentence ends with a full stop, an exclamation or question mark or an ellipsis before white space or the end, with
/// their counterparts of Chinese and Japanese anywhere, and with the end of a line. A word is what stands between white space.
struct ReadingScan {
    private var marks: AnswerMarks.Reading
    private var words = 0
    private var isInWord = false
    /// The event that brought the latest character of a word.
    private var latestCharacter: Int?
    /// The event that brought a mark that ends a sentence if white space follows.
    private var pendingEnd: Int?

    init(words: Int) { marks = AnswerMarks.Reading(wordCount: words) }

    private var isDone: Bool { marks.firstSentence != nil && marks.firstWords != nil }

    /// Takes the text of the event at a position.
    mutating func take(_ text: String, of event: Int) {
        guard !isDone else { return }
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                endWord()
                if marks.firstSentence == nil {
                    marks.firstSentence = pendingEnd ?? (Self.lineEnds.contains(scalar) ? latestCharacter : nil)
                }
                pendingEnd = nil
            } else {
                isInWord = true
                latestCharacter = event
                take(scalar, of: event)
            }
        }
    }

    private mutating func take(_ scalar: Unicode.Scalar, of event: Int) {
        if Self.wideEnds.contains(scalar) {
            if marks.firstSentence == nil { marks.firstSentence = event }
        } else if Self.ends.contains(scalar) {
            pendingEnd = event
        } else if !Self.closers.contains(scalar) {
            pendingEnd = nil
        } else if pendingEnd != nil {
            // A closing quote belongs to the sentence.
            pendingEnd = event
        }
    }

    private mutating func endWord() {
        guard isInWord else { return }
        isInWord = false
        words += 1
        if words == marks.wordCount { marks.firstWords = latestCharacter }
    }

    /// What was found; the end of a complete answer ends its last word and its last sentence.
    mutating func finished(isComplete: Bool) -> AnswerMarks.Reading {
        guard isComplete else { return marks }
        endWord()
        if marks.firstSentence == nil { marks.firstSentence = latestCharacter }
        return marks
    }

    private static let ends: Set<Unicode.Scalar> = [".", "!", "?", "\u{2026}"]
    private static let wideEnds: Set<Unicode.Scalar> = ["\u{3002}", "\u{ff01}", "\u{ff1f}"]
    private static let closers: Set<Unicode.Scalar> = ["\"", "'", ")", "]", "\u{201d}", "\u{2019}", "\u{bb}", "*", "_"]
    private static let lineEnds: Set<Unicode.Scalar> = ["\n", "\r", "\u{2028}", "\u{2029}"]
}
