import Timeline

/// Reads `headers`, and refuses those that carry secrets or that the tool sets by itself.
struct HeaderReader {
    private static let ownNames = ["content-length", "transfer-encoding", "connection", "x-request-id"]

    let cursor: YAMLCursor

    func read() -> [HeaderField] {
        var fields: [HeaderField] = []
        for (name, value) in cursor.members("a mapping such as {X-Team: bench}") ?? [] {
            guard isAcceptable(name, value), let text = value.text() else { continue }
            if SecretSigns.isValue(text) {
                value.report("\(value.path) seems to hold a secret; \(SecretSigns.advice)")
            } else if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) {
                value.report("\(value.path) must not hold control characters or line ends")
            } else if fields.contains(where: { $0.name.lowercased() == name.lowercased() }) {
                cursor.context.report(value.keyPlace, "header '\(name)' stands twice; names differ only in case")
            } else {
                fields.append(HeaderField(name, text))
            }
        }
        return fields
    }

    private func isAcceptable(_ name: String, _ value: YAMLCursor) -> Bool {
        let report = { (message: String) in cursor.context.report(value.keyPlace, message) }
        if SecretSigns.isName(name) {
            report("header '\(name)' \(SecretSigns.nameAdvice)")
        } else if Self.ownNames.contains(name.lowercased()) {
            report("header '\(name)' is set by the tool itself; remove it")
        } else if !Self.isToken(name) {
            report("'\(name.prefix(40))' is no header name; allowed: letters, digits and !#$%&'*+-.^_`|~")
        } else {
            return true
        }
        return false
    }

    /// Whether a name is a token in the sense of RFC 9110, section 5.6.2.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                    || "!#$%&'*+-.^_`|~".unicodeScalars.contains(scalar)
            }
    }
}
