/// What a token belongs to.
enum TokenKind: Sendable {
    case reasoning, text, tool
}

/// The tokens that one event carries.
struct ContentEvent {
    var kind: TokenKind
    var tokens: Int
    var piece: TextPiece
    /// Whether the event opens its kind: the first of the reasoning, the text, or the tool call's name.
    var isFirstOfKind: Bool
    var isLast: Bool
}

/// The tokens of one answer in order, drawn as they are needed: reasoning, then either text or one tool call.
struct AnswerContent {
    private var source: SimulatedText
    private let plan: AnswerPlan
    private let tokensPerEvent: Int
    private(set) var tokensDrawn = 0

    init(plan: AnswerPlan, source: SimulatedText, tokensPerEvent: Int) {
        self.plan = plan
        self.source = source
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
            kind: kind, tokens: count, piece: TextPiece(),
            isFirstOfKind: tokensDrawn == (isReasoning ? 0 : plan.reasoningTokens),
            isLast: tokensDrawn + count == plan.tokens)
        for position in tokensDrawn..<tokensDrawn + count {
            event.piece.append(kind == .tool ? argument(at: position - plan.reasoningTokens) : source.next())
        }
        tokensDrawn += count
        return event
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
