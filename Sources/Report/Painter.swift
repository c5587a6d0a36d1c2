/// Colours and marks of a terminal; colour decorates, and no meaning hangs on it.
struct Painter: Sendable {
    enum Emphasis: Sendable { case none, strong, faint, good, bad, warning }

    var hasColor: Bool
    var hasUnicode: Bool

    var micro: String { hasUnicode ? "µ" : "u" }
    var atMost: String { hasUnicode ? "≤" : "<=" }
    var atLeast: String { hasUnicode ? "≥" : ">=" }
    var ellipsis: String { hasUnicode ? "…" : "..." }

    func paint(_ text: String, _ emphasis: Emphasis) -> String {
        guard hasColor, !text.isEmpty else { return text }
        switch emphasis {
        case .none: return text
        case .strong: return "\u{1b}[1m\(text)\u{1b}[0m"
        case .faint: return "\u{1b}[2m\(text)\u{1b}[0m"
        case .good: return "\u{1b}[32m\(text)\u{1b}[0m"
        case .bad: return "\u{1b}[31m\(text)\u{1b}[0m"
        case .warning: return "\u{1b}[33m\(text)\u{1b}[0m"
        }
    }

    /// Foreign names made safe for this terminal, and shortened to a width so that they can be told apart.
    func names(_ names: [String], width: Int) -> [String] {
        PrintableText.shortened(names.map { clean($0) }, to: width, ellipsis: ellipsis)
    }

    /// Foreign text made safe for this terminal, and cut to a width.
    func clean(_ text: String, width: Int = .max) -> String {
        var safe = PrintableText.terminal(text)
        if !hasUnicode { safe = String(String.UnicodeScalarView(safe.unicodeScalars.map { $0.isASCII ? $0 : "?" })) }
        return PrintableText.cut(safe, to: width, ellipsis: ellipsis)
    }
}
