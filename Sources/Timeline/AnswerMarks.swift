/// The events at which parts of an answer were complete, found while its text was in memory: the text need not be kept.
///
/// Positions count through the attempt's events; nil stands for what the answer never reached. A part of the analysis that
/// was not asked for is nil as a whole.
package struct AnswerMarks: Sendable, Equatable {
    /// What somebody has who reads along.
    package struct Reading: Sendable, Equatable {
        /// The event that brought the end of the first sentence.
        package var firstSentence: Int?
        /// How many words were waited for.
        package var wordCount: Int
        /// The event that brought the last character of so many words.
        package var firstWords: Int?

        package init(firstSentence: Int? = nil, wordCount: Int, firstWords: Int? = nil) {
            self.firstSentence = firstSentence
            self.wordCount = wordCount
            self.firstWords = firstWords
        }
    }

    /// One call of a tool.
    package struct ToolCall: Sendable, Equatable {
        package var name: String
        /// The event that began it.
        package var start: Int
        /// The event that brought the end of its name.
        package var named: Int?
        /// The event with which its arguments were one whole JSON text.
        package var complete: Int?

        package init(name: String, start: Int, named: Int? = nil, complete: Int? = nil) {
            self.name = name
            self.start = start
            self.named = named
            self.complete = complete
        }
    }

    /// A member of the outermost object of an answer that is JSON.
    package struct Field: Sendable, Equatable {
        package var name: String
        package var complete: Int

        package init(name: String, complete: Int) {
            self.name = name
            self.complete = complete
        }
    }

    /// An answer that was to be one JSON text.
    package struct Structure: Sendable, Equatable {
        /// In the order in which they were complete.
        package var fields: [Field]
        /// The event with which the text was whole; nil where it ended invalid.
        package var valid: Int?

        package init(fields: [Field] = [], valid: Int? = nil) {
            self.fields = fields
            self.valid = valid
        }
    }

    package var reading: Reading?
    /// Empty where the answer called none.
    package var toolCalls: [ToolCall]?
    package var structure: Structure?

    package init(reading: Reading? = nil, toolCalls: [ToolCall]? = nil, structure: Structure? = nil) {
        self.reading = reading
        self.toolCalls = toolCalls
        self.structure = structure
    }
}
