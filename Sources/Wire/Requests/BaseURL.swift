/// The parts of a target's base URL that decide where its requests go.
struct BaseURL {
    /// The URL without its query and trailing slashes.
    let text: String
    /// What follows the question mark; empty where there is none.
    let query: String
    /// The host in lower case, without user, port and brackets.
    let host: String
    /// Whether anything follows the host, so that the URL itself says which version of an API it means.
    let hasPath: Bool

    init(_ url: String) {
        var text = url.prefix { $0 != "?" }
        query = String(url[text.endIndex...].dropFirst())
        while text.last == "/" { text.removeLast() }
        self.text = String(text)
        let scheme = text.firstRange(of: "://")
        let rest = scheme.map { text[$0.upperBound...] } ?? text
        let authority = rest.prefix { $0 != "/" && $0 != "#" }
        hasPath = authority.endIndex < rest.endIndex
        let address = authority.split(separator: "@").last ?? ""
        let host =
            address.first == "[" ? address.dropFirst().prefix { $0 != "]" } : address.prefix { $0 != ":" }
        self.host = host.lowercased()
    }

    /// Whether the host is the given domain or one below it.
    func isWithin(_ domain: String) -> Bool { host == domain || host.hasSuffix("." + domain) }
}
