/// A tool that a request offers to the model.
package struct ToolDefinition: Sendable, Equatable, Codable {
    package var name: String
    package var description: String?
    /// The JSON schema of its arguments: an object.
    package var parameters: JSONValue

    package init(name: String, description: String? = nil, parameters: JSONValue) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

/// Whether the model is to call a tool.
package enum ToolChoice: String, Sendable, Codable, CaseIterable {
    /// As the model likes.
    case auto
    /// At least one.
    case required
    case none
}

/// The JSON that an answer is to be.
package struct AnswerSchema: Sendable, Equatable, Codable {
    /// What APIs that name schemas call it.
    package var name: String
    /// The JSON schema: an object.
    package var schema: JSONValue

    package init(name: String = "answer", schema: JSONValue) {
        self.name = name
        self.schema = schema
    }
}
