import Timeline

/// An answer that is a JSON object by a schema, token by token, with the token that completes each of its fields.
struct StructuredText {
    private(set) var pieces: [TextPiece]
    /// How many tokens complete each field, in their order.
    private(set) var fields: [SendLogEntry.Field] = []

    /// Writes the properties of a schema in as many tokens: strings are made as long as there are tokens for them.
    ///
    /// Fewer tokens than properties leave the object open, as a limit on tokens does.
    init(schema: JSONValue, tokens: Int, source: inout SimulatedText) {
        pieces = []
        guard case .object(let properties)? = schema["properties"], !properties.isEmpty else {
            pieces = [TextPiece("{}")]
            return
        }
        let strings = properties.count { $0.value["type"] == "string" || $0.value["type"] == nil }
        let spare = max(0, tokens - properties.count)
        for (position, property) in properties.enumerated() {
            let isString = property.value["type"] == "string" || property.value["type"] == nil
            let earlier = properties[..<position].count { $0.value["type"] == "string" || $0.value["type"] == nil }
            let more = isString ? spare * (earlier + 1) / strings - spare * earlier / strings : 0
            append(property, words: more + 1, isFirst: position == 0, isLast: position == properties.count - 1, &source)
        }
    }

    private mutating func append(
        _ property: JSONValue.Member, words: Int, isFirst: Bool, isLast: Bool, _ source: inout SimulatedText
    ) {
        let opening = (isFirst ? "{" : " ") + JSONValue.string(property.name).text + ": "
        let closing = isLast ? "}" : ","
        switch property.value["type"]?.stringValue {
        case "integer", "number": pieces.append(TextPiece(opening + "42" + closing))
        case "boolean": pieces.append(TextPiece(opening + "true" + closing))
        case "array": pieces.append(TextPiece(opening + "[]" + closing))
        case "object": pieces.append(TextPiece(opening + "{}" + closing))
        default:
            for word in 0..<words {
                var piece = TextPiece(word == 0 ? opening + "\"" : "")
                piece.append(source.nextWord())
                if word == words - 1 { piece.append(TextPiece("\"" + closing)) }
                pieces.append(piece)
            }
        }
        fields.append(SendLogEntry.Field(name: property.name, tokens: pieces.count))
    }
}
