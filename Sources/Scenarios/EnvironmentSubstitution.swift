/// Replaces `${NAME}` and `${NAME:-default}` by the environment's values; `$${` stands for a literal `${`.
struct EnvironmentSubstitution {
    var environment: [String: String]

    /// Why a text could not be completed.
    enum Failure: Error, Equatable {
        case unset(String)
        /// `${` without a name and an end.
        case malformed
        /// The variable's name says that it holds a secret, which must not become part of a scenario.
        case secret(String)
    }

    /// Completes a text; what a variable holds is not searched again.
    ///
    /// As in the shell, a default also stands in for a variable that is set and empty.
    func complete(_ text: String) throws(Failure) -> String {
        var output = ""
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            output += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                output += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}") else { throw .malformed }
                output += try value(of: rest[..<end].dropFirst(2))
                rest = rest[end...].dropFirst()
            } else {
                output += "$"
                rest = rest.dropFirst()
            }
        }
        return output + rest
    }

    /// Protects a text from substitution, so that reading it gives the text itself.
    static func protect(_ text: String) -> String {
        text.split(separator: "${", omittingEmptySubsequences: false).joined(separator: "$${")
    }

    private func value(of expression: Substring) throws(Failure) -> String {
        let name = expression.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let tail = expression[name.endIndex...]
        guard Self.isVariableName(name), tail.isEmpty || tail.hasPrefix(":-") else { throw .malformed }
        guard !Self.isSecretName(name) else { throw .secret(String(name)) }
        let value = environment[String(name)]
        if tail.isEmpty {
            guard let value else { throw .unset(String(name)) }
            return value
        }
        if let value, !value.isEmpty { return value }
        return String(tail.dropFirst(2))
    }

    static func isVariableName(_ name: some StringProtocol) -> Bool {
        guard let first = name.first, !first.isNumber else { return false }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    private static func isSecretName(_ name: Substring) -> Bool {
        let words = name.uppercased().split(separator: "_")
        if words.suffix(3) == ["ACCESS", "KEY", "ID"] { return true }
        return ["KEY", "APIKEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD"].contains(words.last ?? "")
    }
}
