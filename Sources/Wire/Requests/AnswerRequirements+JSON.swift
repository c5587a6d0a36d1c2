import Timeline

/// Tools and schemas as the APIs write them; the shapes that several share stand here once.
extension RequestSettings {
    /// The tools as OpenAI's chat API has them, and those that follow it.
    var chatTools: JSONValue {
        .array(tools.map { ["type": "function", "function": Self.function($0, parameters: "parameters")] })
    }

    /// The tools without a frame around each; APIs call the schema of the arguments by different names.
    func bareTools(parameters: String) -> [JSONValue] { tools.map { Self.function($0, parameters: parameters) } }

    private static func function(_ tool: ToolDefinition, parameters: String) -> JSONValue {
        var function: JSONValue = ["name": .string(tool.name)]
        if let description = tool.description { function.merge("description", .string(description)) }
        function.merge(parameters, tool.parameters)
        return function
    }

    /// The schema with its name, as OpenAI's APIs have it.
    var namedSchema: JSONValue? {
        answerSchema.map { ["name": .string($0.name), "schema": $0.schema, "strict": true] }
    }

    /// Adds tools, their choice and the schema to a body of OpenAI's chat API, or of one that follows it.
    ///
    /// - Parameters:
    ///   - body: The request's body so far.
    ///   - required: The word for a call that must be made.
    func addChatRequirements(to body: inout JSONValue, required: String = "required") {
        if !tools.isEmpty { body.merge("tools", chatTools) }
        if let toolChoice {
            body.merge("tool_choice", .string(toolChoice == .required ? required : toolChoice.rawValue))
        }
        if let namedSchema { body.merge("response_format", ["type": "json_schema", "json_schema": namedSchema]) }
    }
}
