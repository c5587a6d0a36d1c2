import Timeline

/// Reads what requests demand of answers: `tools`, `tool_choice` and `response_format`.
enum RequirementReader {
    static let keys = ["tools", "tool_choice", "response_format"]

    static func read(_ mapping: YAMLMapping, into settings: inout RequestSettings) {
        if let list = mapping["tools"] { settings.tools = tools(list) }
        if let choice = mapping["tool_choice"] {
            settings.toolChoice = choice.choice(ToolChoice.allCases.map(\.rawValue)).flatMap(ToolChoice.init)
            if mapping["tools"] == nil { choice.report("\(choice.path) needs 'tools' beside it") }
        }
        if let format = mapping["response_format"] { settings.answerSchema = schema(format) }
    }

    private static func tools(_ cursor: YAMLCursor) -> [ToolDefinition] {
        let elements = cursor.elements("a list such as [{name: get_weather, parameters: {…}}]") ?? []
        let tools = elements.compactMap(tool)
        for (index, tool) in tools.enumerated() where tools[..<index].contains(where: { $0.name == tool.name }) {
            elements[index].report("two tools are named '\(tool.name)'; give each a name of its own")
        }
        return tools
    }

    private static func tool(_ cursor: YAMLCursor) -> ToolDefinition? {
        let keys = ["name", "description", "parameters"]
        guard let mapping = cursor.mapping(keys, example: "{name: get_weather, parameters: {…}}") else { return nil }
        let name = mapping.required("name", example: "name: get_weather").flatMap(name)
        let parameters = mapping["parameters"].map(schemaObject) ?? ["type": "object", "properties": [:]]
        guard let name, let parameters else { return nil }
        return ToolDefinition(name: name, description: mapping["description"]?.text(), parameters: parameters)
    }

    /// A name that every API takes.
    private static func name(_ cursor: YAMLCursor) -> String? {
        guard let text = cursor.text() else { return nil }
        let isPlain = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5a).contains($0 & 0xdf) || $0 == 0x5f || $0 == 0x2d
        }
        guard isPlain, text.utf8.count <= 64 else {
            cursor.report("\(cursor.path) must be at most 64 letters, digits, '_' and '-'; found '\(text.prefix(40))'")
            return nil
        }
        return text
    }

    private static func schema(_ cursor: YAMLCursor) -> AnswerSchema? {
        guard let mapping = cursor.mapping(["name", "schema"], example: "{schema: {type: object, properties: {…}}}")
        else { return nil }
        let name = mapping["name"].map(name) ?? "answer"
        let schema = mapping.required("schema", example: "schema: {type: object, properties: {city: {type: string}}}")
            .flatMap(schemaObject)
        guard let name, let schema else { return nil }
        return AnswerSchema(name: name, schema: schema)
    }

    /// A JSON schema of an object.
    private static func schemaObject(_ cursor: YAMLCursor) -> JSONValue? {
        guard case .mapping = cursor.node.content, let schema = cursor.json() else {
            if case .mapping = cursor.node.content { return nil }
            cursor.refuse("a JSON schema such as {type: object, properties: {city: {type: string}}}")
            return nil
        }
        guard schema["type"] == "object" else {
            cursor.report("\(cursor.path) must be the schema of an object; write type: object in it")
            return nil
        }
        return schema
    }

    /// Refuses demands that a target's API has no place for.
    static func refuse(_ settings: RequestSettings, _ target: Target, at element: YAMLCursor) {
        let vocabulary = element.context.vocabulary
        let place = element.node["api"]?.place ?? element.node.place
        if !settings.tools.isEmpty, vocabulary.apisWithoutTools.contains(target.api) {
            element.context.report(place, "request.tools: the API \(target.api) takes no tools; leave the target out")
        }
        if settings.answerSchema != nil, vocabulary.apisWithoutSchema.contains(target.api) {
            element.context.report(
                place, "request.response_format: the API \(target.api) takes no schema; leave the target out")
        }
    }
}
