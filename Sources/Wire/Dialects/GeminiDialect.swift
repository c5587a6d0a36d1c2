package import Timeline

/// Google's Gemini API, and Vertex AI, which speaks it under another base URL.
///
/// A base URL without a path means the Gemini API in its version `v1beta`. Vertex AI's ends in
/// `/projects/PROJECT/locations/LOCATION/publishers/google`, and a key of such a target is an access token. Streams end
/// with their body alone.
package struct GeminiDialect: Dialect {
    package let name = "gemini"
    package let endsWithBody = true

    package init() {}

    package func path(for target: Target) -> String { path(for: target, streams: true) }

    package func path(for target: Target, streams: Bool) -> String {
        let version = BaseURL(target.baseURL).hasPath ? "" : "/v1beta"
        let isQualified = ["models/", "tunedModels/"].contains { target.model.hasPrefix($0) }
        let model = (isQualified ? "" : "models/") + URIEncoding.encode(target.model, keeping: isQualified ? "/" : "")
        return "\(version)/\(model):" + (streams ? "streamGenerateContent?alt=sse" : "generateContent")
    }

    package func authentication(key: String) -> HeaderField { HeaderField("x-goog-api-key", key) }

    /// A project of Vertex AI takes access tokens, everything else takes keys.
    package func authentication(key: String, target: Target) -> HeaderField {
        BaseURL(target.baseURL).text.contains("/projects/")
            ? HeaderField("Authorization", "Bearer \(key)") : authentication(key: key)
    }

    /// Writes a request; the path says whether it asks for a stream, and a length cannot be forced.
    package func encode(_ prompt: Prompt, settings: RequestSettings, target: Target) -> EncodedRequest {
        let system = prompt.messages.filter { $0.role == "system" }
        let contents = prompt.messages.filter { $0.role != "system" }.map { message -> JSONValue in
            [
                "role": .string(message.role == "assistant" ? "model" : message.role),
                "parts": [["text": .string(message.content)]],
            ]
        }
        var body: JSONValue = [:]
        if !system.isEmpty {
            body.merge("systemInstruction", ["parts": .array(system.map { ["text": .string($0.content)] })])
        }
        body.merge("contents", .array(contents))
        var generation: JSONValue = [:]
        if let length = settings.outputLength { generation.merge("maxOutputTokens", .integer(length.tokens)) }
        if let temperature = settings.temperature { generation.merge("temperature", .number(temperature)) }
        if let schema = settings.answerSchema?.schema {
            generation.merge("responseMimeType", "application/json")
            generation.merge("responseJsonSchema", schema)
        }
        if !settings.tools.isEmpty {
            body.merge(
                "tools", [["functionDeclarations": .array(settings.bareTools(parameters: "parametersJsonSchema"))]])
        }
        if let choice = settings.toolChoice {
            let mode: JSONValue = choice == .required ? "ANY" : choice == .none ? "NONE" : "AUTO"
            body.merge("toolConfig", ["functionCallingConfig": ["mode": mode]])
        }
        if generation != [:] { body.merge("generationConfig", generation) }
        return EncodedRequest(
            path: path(for: target, streams: settings.stream), headers: contentHeaders(settings), body: body,
            target: target)
    }

    package func read(_ event: WireEvent, into reading: inout StreamReading) {
        var chunk = GeminiChunk(keepsText: reading.keepsText)
        guard chunk.scan(event.data) else { return reading.appendInvalid(event.data) }
        if chunk.mayBeError, let error = ServerError(told: event.data) { return reading.append(error) }
        chunk.append(to: &reading)
    }

    package func read(answer: JSONValue, into reading: inout StreamReading) {
        Array(answer.text.utf8).withUnsafeBytes { data in
            read(WireEvent(typeBytes: [], data: data, identifier: [], wireBytes: 0), into: &reading)
        }
        if reading.isFinished, reading.error == nil { reading.append(.terminal) }
    }
}
