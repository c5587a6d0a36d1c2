import Timeline

/// Why an answer ends.
enum FinishReason: Sendable {
    case stop, length, tool
}

/// What an answer will be, decided before its first byte.
struct AnswerPlan: Sendable {
    /// The token counts that an answer reports.
    struct Usage: Sendable {
        var prompt: Int
        /// The tokens of the prompt that came from a cache.
        var cached: Int
        var completion: Int
        /// The tokens of the completion that are reasoning.
        var reasoning: Int
    }

    /// The answer's own identifier, such as the one behind `chatcmpl-`.
    var identifier: String
    var model: String
    /// What tells one version of the served model from another.
    var fingerprint = "fp_simulated"
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
    /// Whether the request had messages and not a bare prompt, where an API takes both.
    var hasMessages: Bool
    /// Whether the last token is a marker without text.
    var endsWithSpecialToken: Bool
    /// What the answer reports; nil where it reports nothing.
    var usage: Usage?
    /// Whether the answer says why it ends.
    var reportsReason = true
    /// Whether the event that ends the stream is sent, where that is the last content.
    var reportsEnd = true
    /// Whether the answer reports how long its parts took, where the API leaves that to the server's settings.
    var reportsTiming = false

    /// The most tokens that one answer may have, so that a request cannot ask for an endless one.
    static let tokenLimit = 1_000_000

    init(
        of request: GenerationRequest, interface: any Interface, script: StreamScript, identifier: String,
        created: Int64
    ) {
        self.identifier = identifier
        self.created = created
        model = request.model
        (tokens, reason) = Self.length(of: request, script: script)
        reasoningTokens = interface.carriesReasoning ? min(max(0, script.reasoningTokens), tokens) : 0
        promptTokens = request.promptTokens
        toolName = tokens > reasoningTokens ? request.toolName : nil
        if toolName != nil { reason = .tool }
        includesUsage = request.includesUsage
        reportsTiming = script.reportsTiming
        hasMessages = request.hasMessages
        endsWithSpecialToken = interface.endsWithSpecialToken && reason == .stop
        usage = Usage(
            prompt: promptTokens, cached: min(max(0, script.cachedTokens), promptTokens), completion: tokens,
            reasoning: reasoningTokens)
    }

    /// Names the version of the model that serves a target's so-manieth request, where it changes: the second as `m-v2`.
    mutating func nameVersion(of ordinal: Int, changingEvery count: Int) {
        guard count > 0, ordinal > count else { return }
        let version = (ordinal - 1) / count + 1
        model += "-v\(version)"
        fingerprint += "_\(version)"
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
