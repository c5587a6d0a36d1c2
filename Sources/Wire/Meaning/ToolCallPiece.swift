/// What one event says of one call of a tool.
package struct ToolCallPiece: Sendable, Equatable {
    /// The call's place among the answer's; nil where the API or the server leaves it out.
    package var index: Int?
    package var name: String?
    package var arguments: String?

    package init(index: Int? = nil, name: String? = nil, arguments: String? = nil) {
        self.index = index
        self.name = name
        self.arguments = arguments
    }

    var isEmpty: Bool { name == nil && arguments == nil }
}
