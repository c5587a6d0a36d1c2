/// HTML or SVG text in the making; whatever is given as text or attribute is escaped.
struct Markup: Sendable {
    private(set) var text = ""

    /// Elements that have no content and no end tag in HTML.
    private static let void: Set<String> = ["meta", "input", "br", "hr"]

    /// Adds an element with what the closure puts into it.
    mutating func element(
        _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: (inout Markup) -> Void = { _ in }
    ) {
        text += "<\(name)"
        for (name, value) in attributes { text += " \(name)=\"\(Self.escaped(value))\"" }
        text += ">"
        content(&self)
        if !Self.void.contains(name) { text += "</\(name)>" }
    }

    /// Adds an element that holds a text; the text may come from anywhere.
    mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String) {
        element(name, attributes) { $0.write(text) }
    }

    /// Adds a text that may come from anywhere: what could change the direction or the meaning of its surroundings shows
    /// as an escape.
    mutating func write(_ foreign: String) { text += Self.escaped(PrintableText.terminal(foreign)) }

    /// Adds markup that is already safe, such as another piece of it.
    mutating func append(_ markup: Markup) { text += markup.text }

    /// Adds the content of an element in which HTML has no escapes: a style sheet or a program of ours, or JSON.
    mutating func appendRaw(_ content: String) { text += content }

    /// Starts a new line of the source, for those who read or compare it.
    mutating func newLine() { text += "\n" }

    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { "&<>\"'".utf8.contains($0) }) else { return text }
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}
