import Timeline

/// What one event of the wire proves for one answer, while the dialect still reads it.
struct EventDraft {
    var kind: StreamEvent.Kind = .control
    var choice = 0
    var tokens: Int?
    private(set) var characters = 0
    private(set) var contentBytes = 0
    private(set) var text: String?
    /// Whether the text begins with the tag that models put before reasoning which no server has taken out.
    private(set) var startsWithThinkTag = false
    private let keepsText: Bool

    init(keepsText: Bool) { self.keepsText = keepsText }

    /// Adds a piece of content; an empty piece proves nothing, and a space is as good as a letter.
    mutating func add(_ string: JSONString?, as kind: StreamEvent.Kind) {
        guard let string, !string.isEmpty else { return }
        let size = string.size
        if kind == .text, self.kind != .text { startsWithThinkTag = string.bytes.starts(with: "<think".utf8) }
        count(kind, characters: size.characters, bytes: size.bytes)
        if keepsText { text = (text ?? "") + string.text }
    }

    /// Adds a piece of content; an empty piece proves nothing, and a space is as good as a letter.
    mutating func add(_ string: String?, as kind: StreamEvent.Kind) {
        guard let string, !string.isEmpty else { return }
        count(kind, characters: string.unicodeScalars.count, bytes: string.utf8.count)
        if keepsText { text = (text ?? "") + string }
    }

    /// Where one event carries several kinds, the one that tells most of the answer names it.
    private mutating func count(_ kind: StreamEvent.Kind, characters: Int, bytes: Int) {
        if Self.rank(kind) > Self.rank(self.kind) { self.kind = kind }
        self.characters += characters
        contentBytes += bytes
    }

    private static func rank(_ kind: StreamEvent.Kind) -> Int {
        switch kind {
        case .text: 4
        case .tool: 3
        case .refusal: 2
        case .reasoning: 1
        case .control, .terminal, .error, .comment: 0
        }
    }
}
