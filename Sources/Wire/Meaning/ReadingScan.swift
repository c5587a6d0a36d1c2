import Timeline

/// Finds where the first sentence of a text ends, and where so many words are complete.
///
/// A sentence ends with a full stop, an exclamation or question mark or an ellipsis before white space or the end, with
/// their counterparts of Chinese and Japanese anywhere, and with the end of a line. The number of a list's item, `1.` at a
/// line's start, is no sentence. A word is what stands between white space.
struct ReadingScan {
    private var marks: AnswerMarks.Reading
    private var words = 0
    private var isInWord = false
    /// The event that brought the latest character of a word.
    private var latestCharacter: Int?
    /// The event that brought a mark that ends a sentence if white space follows.
    private var pendingEnd: Int?
    /// Whether the line so far is nothing but digits, which a full stop makes an item's number.
    private var isNumber = true
    private var hasDigit = false

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
                isNumber = Self.lineEnds.contains(scalar) || (isNumber && !hasDigit)
                hasDigit = false
            } else {
                isInWord = true
                latestCharacter = event
                take(scalar, of: event)
            }
        }
    }

    private mutating func take(_ scalar: Unicode.Scalar, of event: Int) {
        defer {
            let isDigit = ("0"..."9").contains(scalar)
            hasDigit = hasDigit || isDigit
            isNumber = isNumber && isDigit
        }
        if Self.wideEnds.contains(scalar) {
            if marks.firstSentence == nil { marks.firstSentence = event }
        } else if Self.ends.contains(scalar) {
            pendingEnd = scalar == "." && isNumber && hasDigit ? nil : event
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

    private static let ends: Set<Unicode.Scalar> = [
        ".", "!", "?", "\u{2026}", "\u{61f}", "\u{6d4}", "\u{964}", "\u{965}",
    ]
    private static let wideEnds: Set<Unicode.Scalar> = ["\u{3002}", "\u{ff01}", "\u{ff1f}"]
    private static let closers: Set<Unicode.Scalar> = ["\"", "'", ")", "]", "\u{201d}", "\u{2019}", "\u{bb}", "*", "_"]
    private static let lineEnds: Set<Unicode.Scalar> = ["\n", "\r", "\u{2028}", "\u{2029}"]
}
