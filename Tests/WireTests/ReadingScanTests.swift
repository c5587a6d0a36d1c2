import Testing
import Timeline

@testable import Wire

/// Where sentences and words end, by streams whose pieces are written out.
@Suite struct ReadingScanTests {
    private func marks(_ pieces: [String], words: Int = 3, isComplete: Bool = true) -> AnswerMarks.Reading {
        var scan = ReadingScan(words: words)
        for (index, piece) in pieces.enumerated() { scan.take(piece, of: index) }
        return scan.finished(isComplete: isComplete)
    }

    @Test(arguments: [
        (["It", " works", ".", " Next", "."], 2),
        (["Pi is 3", ".", "14", " today", ".", "\n"], 4),
        (["\u{201c}Yes", ".", "\u{201d}", " he said."], 2),
        (["What", "?!", " Oh"], 1),
        (["Heading", "\n", "Text."], 0),
        (["\u{6771}\u{4eac}", "\u{3002}", "\u{4eac}"], 1),
        (["no", " end"], 1),
        (["e", ".g", ". this", " one."], 2), (["1", ".", " First", " item", "\n", "2."], 3),
        (["\n12.", " It is 5", ".", " So"], 2), (["In", " 2024.", " Then"], 1), (["1.5", " or 2.", " No"], 1),
        (["\u{928}\u{92e}", "\u{964}", " \u{928}"], 1), (["\u{645}\u{61f}", " \u{645}"], 0), (["5", "\n", "x."], 0),
    ])
    func `a sentence is complete with its last character, whatever shows that it was the last`(
        pieces: [String], event: Int
    ) {
        #expect(marks(pieces).firstSentence == event)
    }

    @Test(arguments: [
        (["one", " two", " three", " four"], 2), (["one t", "wo thr", "ee"], 2), (["  one\ntwo\t", "three "], 1),
        (["one two thr", "", "ee fo", "ur"], 2),
    ])
    func `words are counted by the white space between them, and complete with their last character`(
        pieces: [String], event: Int
    ) {
        #expect(marks(pieces).firstWords == event)
    }

    @Test func `what a broken answer did not finish is not complete`() {
        let broken = marks(["one two", " thr"], isComplete: false)
        #expect(broken.firstSentence == nil && broken.firstWords == nil)
        #expect(marks(["one two"], words: 3).firstWords == nil)
        #expect(marks([]).firstSentence == nil)
    }
}
