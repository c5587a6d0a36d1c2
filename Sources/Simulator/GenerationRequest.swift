import Timeline

/// An API that the simulator speaks.
enum Interface: Sendable {
    case openAIChat, openAICompletions, anthropicMessages

    /// Whether the API has a place for reasoning apart from the answer.
    var carriesReasoning: Bool { self != .openAICompletions }
}

/// What a request's body asks for, in the words of no provider.
struct GenerationRequest: Sendable {
    var interface: Interface
    var model: String
    var streams: Bool
    var includesUsage: Bool
    /// The most tokens that the request allows; nil where it says nothing.
    var tokenCap: Int?
    /// The fewest tokens that the request wants, as vLLM's `min_tokens`.
    var minimumTokens: Int?
    /// Whether the answer shall go on to the cap, as vLLM's `ignore_eos`.
    var ignoresEnd: Bool
    /// The tool to call; nil where the request offers none or forbids it.
    var toolName: String?
    var promptCharacters: Int
    /// The prompt's tokens: exact for a prompt of token numbers, else one for each four characters.
    var promptTokens: Int

    init(interface: Interface, target: String, body: [UInt8]) throws(ServiceError) {
        let json = try Self.object(body)
        self.interface = interface
        model = json["model"]?.stringValue ?? target
        streams = json["stream"] == .bool(true)
        includesUsage = json["stream_options"]?["include_usage"] == .bool(true)
        tokenCap = try Self.count("max_completion_tokens", json)
        if tokenCap == nil { tokenCap = try Self.count("max_tokens", json) }
        minimumTokens = try Self.count("min_tokens", json)
        ignoresEnd = json["ignore_eos"] == .bool(true)
        toolName = Self.toolName(json)
        let prompt = try Self.prompt(interface, json)
        promptCharacters = Self.characters(prompt) + (json["system"].map(Self.characters) ?? 0)
        promptTokens = Self.tokenNumbers(prompt) ?? max(1, (promptCharacters + 3) / 4)
        if interface == .openAICompletions { toolName = nil }
        if interface == .anthropicMessages, tokenCap == nil { throw .badRequest("max_tokens: Field required") }
    }

    private static func object(_ body: [UInt8]) throws(ServiceError) -> JSONValue {
        let json = try parse(body)
        guard case .object = json else { throw .badRequest("The body must be a JSON object") }
        return json
    }

    private static func parse(_ body: [UInt8]) throws(ServiceError) -> JSONValue {
        do {
            return try JSONValue(parsing: body)
        } catch {
            throw .badRequest("We could not parse the JSON body of your request: \(error)")
        }
    }

    private static func count(_ name: String, _ json: JSONValue) throws(ServiceError) -> Int? {
        guard let value = json[name], value != .null else { return nil }
        guard let count = value.integerValue, count >= (name == "min_tokens" ? 0 : 1) else {
            throw .badRequest("\(name): expected an integer of at least 1, found \(value.text.prefix(100))")
        }
        return count
    }

    private static func toolName(_ json: JSONValue) -> String? {
        guard let tool = json["tools"]?.arrayValue?.first, json["tool_choice"] != "none",
            json["tool_choice"]?["type"] != "none"
        else { return nil }
        return tool["function"]?["name"]?.stringValue ?? tool["name"]?.stringValue
    }

    private static func prompt(_ interface: Interface, _ json: JSONValue) throws(ServiceError) -> JSONValue {
        let name = interface == .openAICompletions ? "prompt" : "messages"
        guard let value = json[name], value != .null else { throw .badRequest("\(name): Field required") }
        if interface != .openAICompletions, value.arrayValue?.isEmpty ?? true {
            throw .badRequest("\(name): expected an array of at least one message")
        }
        return value
    }

    private static func tokenNumbers(_ prompt: JSONValue) -> Int? {
        guard let values = prompt.arrayValue, !values.isEmpty, values.allSatisfy({ $0.integerValue != nil }) else {
            return nil
        }
        return values.count
    }

    /// Counts the Unicode scalars of a prompt: a string, messages, or messages of parts.
    private static func characters(_ value: JSONValue) -> Int {
        if let text = value.stringValue { return text.unicodeScalars.count }
        if let values = value.arrayValue { return values.reduce(0) { $0 + characters($1) } }
        return (value["content"] ?? value["text"]).map(characters) ?? 0
    }
}
