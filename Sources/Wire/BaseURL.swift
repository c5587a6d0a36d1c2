/// The parts of a target's base URL that decide where its requests go.
struct BaseURL {
    /// The URL without trailing slashes.
    let text: String
    /// The host in lower case, without user, port and brackets.
    let host: String
    /// Whether anything follows the host, so that the URL itself says which version of an API it means.
    let hasPath: Bool

    init(_ url: String) {
        var text = Substring(url)
        while text.last == "/" { text.removeLast() }
        self.text = String(text)
        let scheme = text.firstRange(of: "://")
        let rest = scheme.map { text[$0.upperBound...] } ?? text
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        hasPath = authority.endIndex < rest.endIndex
        let address = authority.split(separator: "@").last ?? ""
        let host =
            address.first == "[" ? address.dropFirst().prefix { $0 != "]" } : address.prefix { $0 != ":" }
        self.host = host.lowercased()
    }

    /// Whether this is OpenAI's own server, which refuses fields that compatible servers understand.
    var isOpenAI: Bool { host == "openai.com" || host.hasSuffix(".openai.com") }
}
