import Timeline

/// The text of one token or of a few, with its form inside a JSON string.
struct TextPiece: Equatable {
    var text: [UInt8] = []
    var escaped: [UInt8] = []

    init() {}

    init(_ text: String) {
        self.text = Array(text.utf8)
        escaped = Array(JSONValue.string(text).text.utf8.dropFirst().dropLast())
    }

    mutating func append(_ other: TextPiece) {
        text += other.text
        escaped += other.escaped
    }
}

/// A reproducible source of tokens that look like a tokenizer's: words with a space before them, some of them awkward.
struct SimulatedText {
    private var generator: SeededGenerator

    /// Creates the text of a target's so-manieth request.
    init(seed: UInt64, target: String, ordinal: Int) {
        generator = SeededGenerator(seed: seed, purpose: "text \(ordinal) of \(target)")
    }

    /// Draws the next token: about one in twenty has characters that need care in UTF-8 or in JSON.
    mutating func next() -> TextPiece {
        let draw = generator.next()
        if draw % 20 == 0 { return Self.awkward[Int((draw >> 32) % UInt64(Self.awkward.count))] }
        return Self.words[Int((draw >> 32) % UInt64(Self.words.count))]
    }

    /// Draws the next token from the plain English words alone.
    mutating func nextWord() -> TextPiece {
        Self.words[Int((generator.next() >> 32) % UInt64(Self.words.count))]
    }

    private static let awkward: [TextPiece] = [
        " über", " Größe", " café", " naïve", " 東京", " 🙂", " 👩‍💻", " \"so\"", " back\\slash", " end.\n", " then:\n\n",
        " a\ttab",
        " 5 €", " —", " e\u{301}t\u{e9}",
    ].map(TextPiece.init)

    private static let words: [TextPiece] =
        """
        the of and to in a is that for it as was with be by on not this are or from at which but have an had they you \
        were there one all we can her has their been if more when will would who so no out up into do any your what its \
        about time than only could other new some these two may then first such made over like our even most after also \
        many before must through years where much way well down should because each just those people how too little state \
        good very make world still see own work long here between both life being under never day same another know while last
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { TextPiece(" \($0)") }
}
