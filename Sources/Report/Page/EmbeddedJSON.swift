import Timeline

/// JSON inside a page: no text in it can end its element or change the direction of its source.
enum EmbeddedJSON {
    static func text(_ value: JSONValue) -> String { safe(value.text) }

    /// What is escaped stands within strings only, for JSON has no such characters outside of them.
    static func safe(_ json: String) -> String {
        var output = ""
        var rest = json.unicodeScalars[...]
        while let index = rest.firstIndex(where: isUnsafe) {
            output.unicodeScalars.append(contentsOf: rest[..<index])
            for unit in String(rest[index]).utf16 {
                let digits = String(unit, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            rest = rest[rest.index(after: index)...]
        }
        output.unicodeScalars.append(contentsOf: rest)
        return output
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar == "<" || scalar == ">" || scalar == "&" || scalar == "\u{7f}" }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: return true
        default: return false
        }
    }
}
