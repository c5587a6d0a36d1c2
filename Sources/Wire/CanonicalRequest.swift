import Timeline

/// A POST as AWS's Signature Version 4 writes it down to be signed, but for the instant and the body.
///
/// Apart from S3, a path is encoded once more than it is on the wire, so that `%3A` becomes `%253A`.
struct CanonicalRequest: Sendable {
    private let path: String
    private let query: String
    /// Names in lower case and values, in the order of the names.
    private let headers: [HeaderField]

    /// Takes over what the signature covers: the URL, and those of the headers that are given here.
    init(url: String, headers: [HeaderField]) {
        let afterScheme = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = afterScheme.prefix { $0 != "/" && $0 != "?" }
        let target = afterScheme[authority.endIndex...]
        let path = target.prefix { $0 != "?" }
        self.path = URIEncoding.encode(Self.normalized(path), keeping: "/")
        query = Self.canonical(query: target[path.endIndex...].dropFirst())
        var fields = headers.map { HeaderField($0.name.lowercased(), Self.trimmed($0.value)) }
        if !fields.contains(where: { $0.name == "host" }) {
            fields.append(HeaderField("host", Self.host(authority, scheme: url.prefix { $0 != ":" })))
        }
        self.headers = fields.sorted { $0.name < $1.name }
    }

    /// The names of what is signed, `x-amz-date` among them.
    var signedNames: String { (headers.map(\.name) + [Self.dateName]).sorted().joined(separator: ";") }

    private static let dateName = "x-amz-date"

    /// The text for a request of an instant and a body.
    func text(date: String, payloadHash: String) -> String {
        let fields = (headers + [HeaderField(Self.dateName, date)]).sorted { $0.name < $1.name }
        let lines = fields.map { "\($0.name):\($0.value)\n" }.joined()
        return "POST\n\(path)\n\(query)\n\(lines)\n\(signedNames)\n\(payloadHash)"
    }

    /// The host as the client names it in its request: without the port that the scheme implies.
    private static func host(_ authority: Substring, scheme: Substring) -> String {
        let host = authority.split(separator: "@").last ?? authority
        let port = scheme.lowercased() == "https" ? ":443" : ":80"
        return String(host.hasSuffix(port) ? host.dropLast(port.count) : host)
    }

    /// The path without dot segments (RFC 3986, section 5.2.4) and without empty ones.
    private static func normalized(_ path: Substring) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment != ".." { segments.append(segment) } else { _ = segments.popLast() }
        }
        let end = path.hasSuffix("/") && !segments.isEmpty ? "/" : ""
        return "/" + segments.joined(separator: "/") + end
    }

    private static func canonical(query: Substring) -> String {
        let parameters = query.split(separator: "&").map { parameter -> (name: Substring, value: Substring) in
            let name = parameter.prefix { $0 != "=" }
            return (name, parameter[name.endIndex...].dropFirst())
        }
        return parameters.sorted { $0 < $1 }.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    private static func trimmed(_ value: String) -> String {
        value.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }
}
