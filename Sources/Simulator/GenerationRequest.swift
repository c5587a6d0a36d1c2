import Timeline

/// What a request asks for, in the words of no provider.
struct GenerationRequest: Sendable {
    var model: String
    var streams: Bool
    /// Whether the answer shall report its usage, where the API leaves that to the request.
    var includesUsage = true
    /// Whether the request had messages and not a bare prompt, where an API takes both.
    var hasMessages = true
    /// The most tokens that the request allows; nil where it says nothing.
    var tokenCap: Int?
    /// The fewest tokens that the request wants, as vLLM's `min_tokens`.
    var minimumTokens: Int?
    /// Whether the answer shall go on to the cap, as vLLM's `ignore_eos`.
    var ignoresEnd = false
    /// The tool to call; nil where the request offers none or forbids it.
    var toolName: String?
    /// The schema of the JSON that the answer is to be; nil where it may be text.
    var answerSchema: JSONValue?
    let promptCharacters: Int
    /// The prompt's tokens: exact for a prompt of token numbers, else one for each four characters.
    let promptTokens: Int

    /// Creates a request for the answer to a prompt, and to what a system's message says beside it.
    init(model: String, streams: Bool, prompt: JSONValue, system: JSONValue? = nil) {
        self.model = model
        self.streams = streams
        promptCharacters = prompt.promptCharacters + (system?.promptCharacters ?? 0)
        promptTokens = prompt.tokenNumbers ?? max(1, (promptCharacters + 3) / 4)
    }
}
