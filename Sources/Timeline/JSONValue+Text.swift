extension JSONValue {
    /// The value as compact JSON text (RFC 8259); numbers that JSON cannot carry become null.
    package var text: String {
        var output = ""
        write(to: &output, indent: nil, depth: 0)
        return output
    }

    /// The value as JSON text for people, indented by two spaces.
    package var indentedText: String {
        var output = ""
        write(to: &output, indent: "  ", depth: 0)
        return output
    }

    private func write(to output: inout String, indent: String?, depth: Int) {
        switch self {
        case .null: output += "null"
        case .bool(let value): output += value ? "true" : "false"
        case .integer(let value): output += String(value)
        case .number(let value): output += value.isFinite ? "\(value)" : "null"
        case .string(let value): Self.quote(value, into: &output)
        case .array(let values):
            Self.list(values, "[", "]", to: &output, indent: indent, depth: depth) { value, output in
                value.write(to: &output, indent: indent, depth: depth + 1)
            }
        case .object(let members):
            Self.list(members, "{", "}", to: &output, indent: indent, depth: depth) { member, output in
                Self.quote(member.name, into: &output)
                output += indent == nil ? ":" : ": "
                member.value.write(to: &output, indent: indent, depth: depth + 1)
            }
        }
    }

    private static func list<Element>(
        _ elements: [Element], _ open: String, _ close: String, to output: inout String, indent: String?, depth: Int,
        _ write: (Element, inout String) -> Void
    ) {
        output += open
        for (position, element) in elements.enumerated() {
            if position > 0 { output += "," }
            if let indent { output += "\n" + String(repeating: indent, count: depth + 1) }
            write(element, &output)
        }
        if let indent, !elements.isEmpty { output += "\n" + String(repeating: indent, count: depth) }
        output += close
    }

    private static func quote(_ string: String, into output: inout String) {
        output += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\u{0}"..."\u{1f}":
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}
