/// A part of a scenario's text with its place, whether a file or an override wrote it.
struct YAMLNode: Equatable {
    enum Content: Equatable {
        /// A quoted scalar is text whatever it looks like.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([Member])
    }

    struct Member: Equatable {
        var key: String
        var keyPlace: SourcePlace
        var value: YAMLNode
    }

    var content: Content
    var place: SourcePlace

    init(_ content: Content, at place: SourcePlace) {
        self.content = content
        self.place = place
    }

    /// A plain scalar that spells nothing: empty, `~` or `null`.
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return text.isEmpty || text == "~" || text == "null"
    }

    /// What stands here, for messages: a short quotation or the kind.
    var found: String {
        switch content {
        case .scalar(let text, _):
            if isNull { "nothing" } else { text.count > 40 ? "'\(text.prefix(40))…'" : "'\(text)'" }
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// The value of a mapping's member; nil where there is none, or where this is no mapping.
    subscript(key: String) -> YAMLNode? {
        guard case .mapping(let members) = content else { return nil }
        return members.first { $0.key == key }?.value
    }
}
