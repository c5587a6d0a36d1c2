import Timeline

/// Writes values as YAML that reads back as the same values.
enum YAMLText {
    /// Words that plain YAML scalars give a meaning to.
    private static let reserved: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]

    /// A text as a scalar: plain where it is a simple word, else quoted; protected from substitution.
    static func scalar(_ text: String) -> String {
        let isSimple =
            text.first.map { $0.isASCII && $0.isLetter } ?? false
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-./".contains($0)) }
            && !reserved.contains(text.lowercased())
        return isSimple ? text : quoted(EnvironmentSubstitution.protect(text))
    }

    /// A text in double quotes, with escapes for everything that YAML does not print.
    static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\t": output += "\\t"
            case "\u{20}"..."\u{7e}", "\u{a1}"..."\u{2027}", "\u{202a}"..."\u{d7ff}", "\u{e000}"..."\u{fefe}",
                "\u{ff00}"..."\u{fffd}", "\u{10000}"..."\u{10ffff}":
                output.unicodeScalars.append(scalar)
            default: output += escape(scalar)
            }
        }
        return output + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let (letter, width) = scalar.value > 0xff ? ("u", 4) : ("x", 2)
        return "\\\(letter)" + String(repeating: "0", count: width - digits.count) + digits
    }

    /// A number, without a point where it is whole.
    static func number(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }

    /// A JSON value in flow style.
    static func flow(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): "\(value)"
        case .string(let text): quoted(EnvironmentSubstitution.protect(text))
        case .array(let values): "[" + values.map(flow).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\(quoted($0.name)): \(flow($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    /// A mapping in flow style of keys and values that are YAML already.
    static func flow(_ members: [(String, String)]) -> String {
        "{" + members.map { "\($0): \($1)" }.joined(separator: ", ") + "}"
    }
}
