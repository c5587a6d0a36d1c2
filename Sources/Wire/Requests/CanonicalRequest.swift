import Timeline

/// A POST as AWS's Signature Version 4 writes it down to be signed, but for the instant and the body.
///
/// Apart from S3, a path is encoded once more than it is on the wire, so that `%3A` becomes `%253A`.
struct CanonicalRequest: Sendable {
    /// The names of what is signed.
    let signedNames: String
    private let beforeDate: String
    private let afterDate: String

    private static let dateName = "x-amz-date"

    /// Takes over what the signature covers: the URL, and those of the headers that are given here.
    init(url: String, headers: [HeaderField]) {
        let afterScheme = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = afterScheme.prefix { $0 != "/" && $0 != "?" }
        let target = afterScheme[authority.endIndex...]
        let path = target.prefix { $0 != "?" }
        var fields = headers.map { (name: $0.name.lowercased(), value: Self.trimmed($0.value)) }
        if !fields.contains(where: { $0.name == "host" }) {
            fields.append(("host", Self.host(authority, scheme: url.prefix { $0 != ":" })))
        }
        let earlier = fields.filter { $0.name < Self.dateName }.sorted { $0.name < $1.name }
        let later = fields.filter { $0.name > Self.dateName }.sorted { $0.name < $1.name }
        signedNames = (earlier.map(\.name) + [Self.dateName] + later.map(\.name)).joined(separator: ";")
        let lines = { (fields: [(name: String, value: String)]) in
            fields.map { "\($0.name):\($0.value)\n" }.joined()
        }
        let uri = URIEncoding.encode(Self.normalized(path), keeping: "/")
        let query = Self.canonical(query: target[path.endIndex...].dropFirst())
        beforeDate = "POST\n\(uri)\n\(query)\n\(lines(earlier))\(Self.dateName):"
        afterDate = "\n\(lines(later))\n\(signedNames)\n"
    }

    /// The text for a request of an instant and a body.
    func text(date: String, payloadHash: String) -> String { beforeDate + date + afterDate + payloadHash }

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
