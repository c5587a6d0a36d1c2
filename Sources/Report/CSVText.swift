/// Rows of comma-separated values as RFC 4180 has them, with the line ends of Unix.
package struct CSVText: Sendable {
    package private(set) var text = ""

    package init(header: [String]) { append(header) }

    /// Adds a row; fields with commas, quotes or line ends are quoted.
    package mutating func append(_ fields: [String]) {
        text += fields.map(Self.field).joined(separator: ",") + "\n"
    }

    /// A number with six decimals, or nothing where it is missing.
    package static func number(_ value: Double?) -> String { value.map(NumberFormat.exact) ?? "" }

    private static func field(_ text: String) -> String {
        let isPlain = !text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
        if isPlain { return text }
        var quoted = "\""
        // By scalar: a quote that a combining mark follows is a quote all the same.
        for scalar in text.unicodeScalars {
            quoted.unicodeScalars.append(scalar)
            if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
        }
        return quoted + "\""
    }
}
