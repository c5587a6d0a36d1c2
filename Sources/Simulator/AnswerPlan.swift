import Timeline

/// Why an answer ends.
enum FinishReason: Sendable {
    case stop, length, tool
}

/// What an answer will be, decided before its first byte.
struct AnswerPlan: Sendable {
    /// The answer's own identifier, such as the one behind `chatcmpl-`.
    var identifier: String
    var model: String
    /// Seconds since 1970.
    var created: Int64
    var tokens: Int
    var reasoningTokens: Int
    var promptTokens: Int
    var reason: FinishReason
    /// The tool that the answer calls; nil for an answer in text.
    var toolName: String?
    /// Whether an OpenAI stream ends with a chunk of usage.
    var includesUsage: Bool

    /// The most tokens that one answer may have, so that a request cannot ask for an endless one.
    static let tokenLimit = 1_000_000

    init(of request: GenerationRequest, script: StreamScript, identifier: String, created: Int64) {
        self.identifier = identifier
        self.created = created
        model = request.model
        (tokens, reason) = Self.length(of: request, script: script)
        reasoningTokens = request.interface.carriesReasoning ? min(max(0, script.reasoningTokens), tokens) : 0
        promptTokens = request.promptTokens
        toolName = tokens > reasoningTokens ? request.toolName : nil
        if toolName != nil { reason = .tool }
        includesUsage = request.includesUsage
    }

    private static func length(of request: GenerationRequest, script: StreamScript) -> (Int, FinishReason) {
        let natural = max(0, script.tokens)
        let cap = min(request.tokenCap ?? tokenLimit, tokenLimit)
        let wanted = request.ignoresEnd && request.tokenCap != nil ? cap : max(natural, request.minimumTokens ?? 0)
        let isForced = request.ignoresEnd || (request.minimumTokens ?? 0) >= cap
        let isCut = request.tokenCap != nil && (wanted > cap || (wanted == cap && isForced))
        return (min(wanted, cap), isCut ? .length : .stop)
    }
}
