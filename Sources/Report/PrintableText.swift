/// Foreign text made harmless where it is printed, and measured in columns.
///
/// Model names and error messages come from servers, which may send escape sequences, newlines and markup.
package enum PrintableText {
    /// Text for one line of a terminal: white space becomes one blank, other control characters show as `\x1b`.
    package static func terminal(_ text: String) -> String {
        var output = String.UnicodeScalarView()
        var isAfterBlank = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                if !isAfterBlank { output.append(" ") }
                isAfterBlank = true
                continue
            }
            isAfterBlank = false
            if isHarmless(scalar) {
                output.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16)
                output.append(contentsOf: (scalar.value < 0x100 ? "\\x" : "\\u").unicodeScalars)
                output.append(contentsOf: String(repeating: "0", count: max(0, 2 - digits.count)).unicodeScalars)
                output.append(contentsOf: digits.unicodeScalars)
            }
        }
        return String(output)
    }

    /// Text for one cell of a Markdown table: made harmless for a terminal first, then markup and pipes are escaped.
    package static func markdown(_ text: String) -> String {
        var output = ""
        for character in terminal(text) {
            switch character {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\\", "`", "*", "_", "[", "]", "|", "#", "~": output += "\\\(character)"
            // An entity keeps forges from notifying people by their names.
            case "@": output += "&#64;"
            default: output.append(character)
            }
        }
        return output
    }

    /// The columns that a text takes in a terminal.
    package static func width(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + width(of: $1) } }

    /// Cuts a text to a width; what was cut shows as an ellipsis.
    package static func cut(_ text: String, to limit: Int, ellipsis: String) -> String {
        guard width(text) > limit else { return text }
        var output = ""
        var room = limit - width(ellipsis)
        for character in text {
            room -= width(String(character))
            if room < 0 { break }
            output.append(character)
        }
        while output.hasSuffix(" ") { output.removeLast() }
        return output + ellipsis
    }

    /// Breaks a text at blanks into lines of at most a width; a longer word has a line of its own.
    package static func wrap(_ text: String, to limit: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, width(last) + 1 + width(String(word)) <= limit {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// Fills a text with blanks up to a width.
    package static func pad(_ text: String, to limit: Int) -> String {
        text + String(repeating: " ", count: max(0, limit - width(text)))
    }

    static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch scalar.value {
        // The wide and full-width blocks of Unicode's East Asian Width (UAX #11).
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
            0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f680...0x1f6ff, 0x1f900...0x1f9ff,
            0x20000...0x3fffd:
            return 2
        default: return 1
        }
    }
}
