extension PrintableText {
    /// Text in quotation marks with its white space and control characters written as escapes.
    static func quoted(_ text: String) -> String {
        var output = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in text.unicodeScalars { output.append(contentsOf: escaped(scalar).unicodeScalars) }
        output.append("\"")
        return String(output)
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\"": "\\\""
        case "\\": "\\\\"
        case " ": " "
        case _ where isHarmless(scalar) && !scalar.properties.isWhitespace: String(scalar)
        default: "\\u{\(String(scalar.value, radix: 16))}"
        }
    }
}
