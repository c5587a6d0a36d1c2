package import Timeline

/// Ollama's native API: one JSON object a line.
///
/// `/api/chat` is asked, unless the base URL names `/api/generate`, which takes one prompt in place of messages.
package struct OllamaDialect: Dialect {
    package let name = "ollama"
    package let framing = WireFraming.jsonLines

    private static let generatePath = "/api/generate"

    package init() {}

    package func path(for target: Target) -> String {
        let base = BaseURL(target.baseURL).text
        if base.hasSuffix("/api") { return "/chat" }
        return base.hasSuffix("/api/chat") || base.hasSuffix(Self.generatePath) ? "" : "/api/chat"
    }

    /// Writes a request; a length cannot be forced.
    package func encode(_ prompt: Prompt, settings: RequestSettings, target: Target) -> EncodedRequest {
        var body: JSONValue = ["model": .string(target.model)]
        if BaseURL(target.baseURL).text.hasSuffix(Self.generatePath) {
            let system = prompt.messages.filter { $0.role == "system" }
            let rest = prompt.messages.filter { $0.role != "system" }
            if !system.isEmpty { body.merge("system", OpenAIRequest.text(Prompt(id: "", messages: system))) }
            body.merge("prompt", OpenAIRequest.text(Prompt(id: "", messages: rest)))
        } else {
            body.merge("messages", OpenAIRequest.messages(prompt))
        }
        body.merge("stream", .bool(settings.stream))
        var options: JSONValue = [:]
        if let length = settings.outputLength { options.merge("num_predict", .integer(length.tokens)) }
        if let temperature = settings.temperature { options.merge("temperature", .number(temperature)) }
        if options != [:] { body.merge("options", options) }
        if !settings.tools.isEmpty { body.merge("tools", settings.chatTools) }
        if let schema = settings.answerSchema?.schema { body.merge("format", schema) }
        return EncodedRequest(
            path: path(for: target), headers: contentHeaders(settings), body: body, target: target)
    }

    package func read(_ event: WireEvent, into reading: inout StreamReading) {
        var line = OllamaLine(keepsText: reading.keepsText)
        guard line.scan(event.data, into: &reading) else { return reading.appendInvalid(event.data) }
        if line.mayBeError, let error = ServerError(told: event.data) { return reading.append(error) }
        reading.noteChoice(0)
        // The last line carries no text as a rule; where it does, the text is an event of its own before the end.
        if line.draft.hasContent || !line.isLast { reading.append(line.draft) }
        guard line.isLast else { return }
        if let usage = line.usage { reading.take(usage) }
        // Servers before 0.1.33 say that they are done, and not why.
        reading.finish(0, reason: line.reason)
        reading.append(.terminal)
    }

    package func read(answer: JSONValue, into reading: inout StreamReading) {
        Array(answer.text.utf8).withUnsafeBytes { data in
            read(WireEvent(typeBytes: [], data: data, identifier: [], wireBytes: 0), into: &reading)
        }
    }
}
