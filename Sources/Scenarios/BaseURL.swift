/// Checks and tidies the URL of a server.
enum BaseURL {
    /// What is wrong with a URL; no message repeats the URL, since it may hold a secret.
    struct Refusal: Error, Equatable {
        var message: String
    }

    /// Query parameters in which providers accept keys.
    private static let secretParameters = ["key", "api_key", "api-key", "apikey", "token", "access_token", "sig"]

    /// The URL without trailing slashes, in the form that API paths are appended to.
    ///
    /// `secretAdvice` says where secrets belong, for messages.
    static func tidy(
        _ text: String, secretAdvice: String = "name the secret in api_key_env or api_key_file"
    ) throws(Refusal) -> String {
        let scheme = text.prefix { $0 != ":" }
        guard ["http", "https"].contains(scheme.lowercased()), text.dropFirst(scheme.count).hasPrefix("://") else {
            throw Refusal(message: "must begin with http:// or https://")
        }
        let afterScheme = text.dropFirst(scheme.count + 3)
        let authority = afterScheme.prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else {
            throw Refusal(message: "must not hold a user or a password; \(secretAdvice)")
        }
        guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7f }) else {
            throw Refusal(message: "must not hold blanks or characters beyond ASCII; write them percent-encoded")
        }
        guard !text.contains("#") else { throw Refusal(message: "must not hold a fragment ('#')") }
        try checkAuthority(authority)
        let target = afterScheme[authority.endIndex...]
        let path = target.prefix { $0 != "?" }
        let query = target[path.endIndex...].dropFirst()
        try checkQuery(query, secretAdvice)
        var trimmed = path
        while trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
        return "\(scheme.lowercased())://\(authority)\(trimmed)" + (query.isEmpty ? "" : "?\(query)")
    }

    private static func checkAuthority(_ authority: Substring) throws(Refusal) {
        var host = authority
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw Refusal(message: "has an unclosed '['") }
            host = authority[...end]
            let tail = authority[end...].dropFirst()
            guard tail.isEmpty || tail.hasPrefix(":") else { throw Refusal(message: "has text after ']'") }
            if !tail.isEmpty { port = tail.dropFirst() }
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[colon...].dropFirst()
        }
        guard !host.isEmpty, host != "[]" else {
            throw Refusal(message: "has no host; write for example http://127.0.0.1:8080/v1")
        }
        if let port {
            guard let number = Int(port), (1...65535).contains(number) else {
                throw Refusal(message: "has a port that is no number from 1 to 65535")
            }
        }
    }

    private static func checkQuery(_ query: Substring, _ secretAdvice: String) throws(Refusal) {
        for parameter in query.split(separator: "&") {
            let name = parameter.prefix { $0 != "=" }.lowercased()
            guard !secretParameters.contains(name) else {
                throw Refusal(message: "must not hold '\(name)=' in its query; \(secretAdvice)")
            }
        }
    }
}
