import Timeline

/// What one event of the wire proves for one answer, while the dialect still reads it.
struct EventDraft {
    /// All content of one kind that the event carries.
    struct Part {
        let kind: StreamEvent.Kind
        var characters = 0
        var contentBytes = 0
        var text: String?
    }

    var choice = 0
    /// Tokens of all parts together; nil where the server counts none.
    var tokens: Int?
    private var first: Part?
    /// Parts of further kinds, which are so rare that other events should need no memory for them.
    private var others: [Part] = []
    /// To which calls the content of tools belongs.
    private(set) var callPieces: [ToolCallPiece] = []
    /// Whether the text begins with the tag that models put before reasoning which no server has taken out.
    private(set) var startsWithThinkTag = false
    private let keepsText: Bool

    init(keepsText: Bool) { self.keepsText = keepsText }

    /// The same event without its content.
    var emptied: EventDraft {
        var draft = EventDraft(keepsText: keepsText)
        draft.choice = choice
        return draft
    }

    var hasContent: Bool { first != nil }

    /// The bytes of all parts' content.
    var contentBytes: Int { others.reduce(first?.contentBytes ?? 0) { $0 + $1.contentBytes } }

    /// Hands over each kind's content in the order in which models produce the kinds, since JSON's members have none.
    @inline(__always)
    func forEachPart(_ body: (Part) -> Void) {
        if let first { body(first) }
        for part in others { body(part) }
    }

    func carries(_ kind: StreamEvent.Kind) -> Bool { first?.kind == kind || others.contains { $0.kind == kind } }

    /// Adds a piece of content; an empty piece proves nothing, and a space is as good as a letter.
    mutating func add(_ string: JSONString?, as kind: StreamEvent.Kind) {
        guard let string, !string.isEmpty else { return }
        let size = string.size
        if first == nil, kind == .text { startsWithThinkTag = string.bytes.starts(with: "<think".utf8) }
        let text = keepsText ? string.text : nil
        add(Part(kind: kind, characters: size.characters, contentBytes: size.bytes, text: text))
    }

    /// Adds a piece of content; an empty piece proves nothing, and a space is as good as a letter.
    mutating func add(_ string: String?, as kind: StreamEvent.Kind) {
        guard let string, !string.isEmpty else { return }
        add(
            Part(
                kind: kind, characters: string.unicodeScalars.count, contentBytes: string.utf8.count,
                text: keepsText ? string : nil))
    }

    /// Adds a call of a tool, or a piece of one.
    mutating func addCall(name: String? = nil, arguments: JSONValue? = nil, index: Int? = nil) {
        add(name, as: .tool)
        let text = arguments.flatMap(Self.text(ofArguments:))
        add(text, as: .tool)
        note(ToolCallPiece(index: index, name: name, arguments: text))
    }

    private mutating func note(_ piece: ToolCallPiece) {
        if keepsText, !piece.isEmpty { callPieces.append(piece) }
    }

    /// Gives the calls that were added behind so many their number.
    mutating func numberCalls(after count: Int = 0, _ index: Int?) {
        for place in callPieces.indices.dropFirst(count) { callPieces[place].index = index }
    }

    /// Adds a piece of an image or of sound, which proves output and is no text: it has no characters and no bytes of it.
    mutating func addMedia() { add(Part(kind: .text, text: keepsText ? "" : nil)) }

    /// Takes an encoded piece of an image or of sound; an empty one proves nothing.
    mutating func addMedia(of scanner: inout JSONScanner) {
        if let string = scanner.string(), !string.isEmpty { addMedia() }
    }

    /// The arguments of a call that came as JSON; nil where there are none, which prove nothing.
    private static func text(ofArguments arguments: JSONValue) -> String? {
        guard arguments != .null, arguments != [:], arguments != [] else { return nil }
        let text = arguments.stringValue ?? arguments.text
        return text.isEmpty ? nil : text
    }

    /// Takes any value and adds it where it is a string, or the arguments of a call as JSON; what it has added, where text is
    /// kept.
    @discardableResult
    mutating func addValue(of scanner: inout JSONScanner, as kind: StreamEvent.Kind) -> String? {
        guard kind == .tool, scanner.isAtObject() || scanner.isAtArray() else {
            return addText(scanner.string(), as: kind)
        }
        let text = scanner.raw()
        let value = try? JSONValue(parsing: Array(text))
        return value == [:] || value == [] ? nil : addText(JSONString(bytes: text, hasEscapes: false), as: kind)
    }

    private mutating func addText(_ string: JSONString?, as kind: StreamEvent.Kind) -> String? {
        add(string, as: kind)
        return keepsText && string?.isEmpty == false ? string?.text : nil
    }

    /// Takes an object and adds the members that carry content, each under the kind given for its name.
    ///
    /// Those of a tool are a call, or a piece of one: its `name`, and its arguments under any other name.
    mutating func addMembers(of scanner: inout JSONScanner, _ kinds: [(name: StaticString, kind: StreamEvent.Kind)]) {
        var piece = ToolCallPiece()
        scanner.forEachMember { name, scanner in
            guard let kind = kinds.first(where: { name.equals($0.name) })?.kind else { return scanner.skip() }
            let text = addValue(of: &scanner, as: kind)
            guard kind == .tool, let text else { return }
            if name.equals("name") { piece.name = text } else { piece.arguments = (piece.arguments ?? "") + text }
        }
        note(piece)
    }

    private mutating func add(_ piece: Part) {
        guard let kind = first?.kind else { return first = piece }
        if kind == piece.kind {
            first?.extend(by: piece)
        } else if let index = others.firstIndex(where: { $0.kind == piece.kind }) {
            others[index].extend(by: piece)
        } else {
            others.append(piece)
            let parts = ([first].compactMap { $0 } + others).sorted { Self.rank($0.kind) < Self.rank($1.kind) }
            first = parts.first
            others = Array(parts.dropFirst())
        }
    }

    /// Models think before they speak, and speak before they call a tool.
    private static func rank(_ kind: StreamEvent.Kind) -> Int {
        switch kind {
        case .reasoning: 0
        case .text: 1
        case .refusal: 2
        case .tool: 3
        case .control, .terminal, .error, .comment: 4
        }
    }
}

extension EventDraft.Part {
    fileprivate mutating func extend(by piece: Self) {
        characters += piece.characters
        contentBytes += piece.contentBytes
        if let more = piece.text { text = (text ?? "") + more }
    }
}
