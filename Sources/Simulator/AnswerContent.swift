/// What a token belongs to.
enum TokenKind: Sendable {
    case reasoning, text, tool
}

/// The tokens that one event carries.
struct ContentEvent {
    var kind: TokenKind
    /// The tokens' texts; that of a tool's name is empty.
    var pieces: [TextPiece]
    /// Whether the event opens its kind: the first of the reasoning, the text, or the tool call's name.
    var isFirstOfKind: Bool
    var isLast: Bool

    var tokens: Int { pieces.count }
    var text: [UInt8] { pieces.count == 1 ? pieces[0].text : pieces.flatMap(\.text) }
    /// The text as it stands inside a JSON string.
    var escaped: [UInt8] { pieces.count == 1 ? pieces[0].escaped : pieces.flatMap(\.escaped) }
}

/// The tokens of one answer in order, drawn as they are needed: reasoning, then either text or one tool call.
struct AnswerContent {
    private var source: SimulatedText
    private let plan: AnswerPlan
    private let tokensPerEvent: Int
    private let structure: [TextPiece]?
    private(set) var tokensDrawn = 0

    init(plan: AnswerPlan, source: SimulatedText, tokensPerEvent: Int, structure: [TextPiece]? = nil) {
        self.plan = plan
        self.source = source
        self.structure = structure
        self.tokensPerEvent = max(1, tokensPerEvent)
    }

    /// How many tokens the next event will carry; 0 after the last.
    ///
    /// An event holds tokens of one kind, and a tool's name stands alone, as real streams have it.
    var nextTokens: Int {
        if tokensDrawn < plan.reasoningTokens { return min(tokensPerEvent, plan.reasoningTokens - tokensDrawn) }
        if plan.toolName != nil, tokensDrawn == plan.reasoningTokens { return min(1, plan.tokens - tokensDrawn) }
        return min(tokensPerEvent, plan.tokens - tokensDrawn)
    }

    /// Draws the next event; nil after the last.
    mutating func next() -> ContentEvent? {
        let count = nextTokens
        guard count > 0 else { return nil }
        let isReasoning = tokensDrawn < plan.reasoningTokens
        let kind: TokenKind = isReasoning ? .reasoning : plan.toolName != nil ? .tool : .text
        var event = ContentEvent(
            kind: kind, pieces: [], isFirstOfKind: tokensDrawn == (isReasoning ? 0 : plan.reasoningTokens),
            isLast: tokensDrawn + count == plan.tokens)
        event.pieces.reserveCapacity(count)
        for position in tokensDrawn..<tokensDrawn + count {
            event.pieces.append(kind == .tool ? argument(at: position - plan.reasoningTokens) : piece(at: position))
        }
        tokensDrawn += count
        return event
    }

    private mutating func piece(at position: Int) -> TextPiece {
        if position == plan.tokens - 1, plan.endsWithSpecialToken { return TextPiece() }
        if let structure, position >= plan.reasoningTokens {
            let place = position - plan.reasoningTokens
            return place < structure.count ? structure[place] : TextPiece(" ")
        }
        return source.next()
    }

    /// The piece of the arguments at a token of the tool call: token 0 is the name, and the last one closes the JSON.
    private mutating func argument(at position: Int) -> TextPiece {
        let last = plan.tokens - plan.reasoningTokens - 1
        if position == 0 { return last == 0 ? TextPiece("{}") : TextPiece() }
        var piece = position == 1 ? TextPiece("{\"query\":\"") : TextPiece()
        piece.append(source.nextWord())
        if position == last { piece.append(TextPiece("\"}")) }
        return piece
    }
}
