import Timeline

extension JSONValue {
    /// The string, unless it is empty, by which servers tell nothing.
    var word: String? { stringValue.flatMap { $0.isEmpty ? nil : $0 } }
}
