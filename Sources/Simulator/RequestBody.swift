import Timeline

/// The JSON object in a request's body.
struct RequestBody: Sendable {
    let json: JSONValue

    init(_ bytes: [UInt8]) throws(ServiceError) {
        do {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw .badRequest("We could not parse the JSON body of your request: \(error)")
        }
        guard case .object = json else { throw .badRequest("The body must be a JSON object") }
    }

    /// The value at a path such as `generationConfig.maxOutputTokens`; nil for null too.
    subscript(path: String) -> JSONValue? {
        var value: JSONValue? = json
        for name in path.split(separator: ".") { value = value?[String(name)] }
        return value == .null ? nil : value
    }

    func isTrue(_ path: String) -> Bool { self[path] == .bool(true) }

    /// The value that a request cannot do without.
    func required(_ path: String) throws(ServiceError) -> JSONValue {
        guard let value = self[path] else { throw .badRequest("\(path): Field required") }
        return value
    }

    /// An array that a request cannot do without and that has at least one element.
    func elements(_ path: String) throws(ServiceError) -> JSONValue {
        let value = try required(path)
        guard value.arrayValue?.isEmpty == false else {
            throw .badRequest("\(path): expected an array of at least one element")
        }
        return value
    }

    /// A number of tokens; nil where the request says nothing, and for the number that means no limit.
    func count(_ path: String, atLeast least: Int = 1, endless: Int? = nil) throws(ServiceError) -> Int? {
        guard let value = self[path] else { return nil }
        if let endless, value.integerValue == endless { return nil }
        guard let count = value.integerValue, count >= least else {
            throw .badRequest("\(path): expected an integer of at least \(least), found \(value.text.prefix(100))")
        }
        return count
    }

    /// The schema that an answer is to follow, wherever an API has its place; nil where it may be text.
    var answerSchema: JSONValue? {
        let places = [
            "response_format.json_schema.schema", "response_format.json_schema", "text.format.schema",
            "output_config.format.schema", "generationConfig.responseJsonSchema", "generationConfig.responseSchema",
            "format", "json_schema", "parameters.grammar.value",
        ]
        return places.lazy.compactMap { self[$0] }.first { $0["type"] == "object" }
    }

    /// The first tool that a request offers; nil where it offers none or forbids them.
    var toolName: String? {
        guard let tool = self["tools"]?.arrayValue?.first, self["tool_choice"] != "none",
            self["tool_choice.type"] != "none"
        else { return nil }
        return tool["function"]?["name"]?.stringValue ?? tool["name"]?.stringValue
    }
}

extension JSONValue {
    /// How many Unicode scalars a prompt has: a string, messages, or messages of parts.
    var promptCharacters: Int {
        if let stringValue { return stringValue.unicodeScalars.count }
        if let arrayValue { return arrayValue.reduce(0) { $0 + $1.promptCharacters } }
        return (self["content"] ?? self["text"] ?? self["parts"])?.promptCharacters ?? 0
    }

    /// How many tokens a prompt of token numbers has; nil for any other prompt.
    var tokenNumbers: Int? {
        guard let arrayValue, !arrayValue.isEmpty, arrayValue.allSatisfy({ $0.integerValue != nil }) else { return nil }
        return arrayValue.count
    }
}
