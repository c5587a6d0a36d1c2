/// One HTTP/1.1 request without a body, as far as a server that only shows things has to know.
struct WebRequest: Sendable {
    enum Method: String, Sendable { case get = "GET", head = "HEAD" }

    var method: Method
    /// Decoded, from the first slash on.
    var path: String
    var query: [(name: String, value: String)]
    /// By lower-case names.
    private var headers: [String: String] = [:]

    subscript(header name: String) -> String? { headers[name.lowercased()] }

    /// The values of a query's field, in their order.
    func values(of name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }

    /// Reads a request's head; throws the response that refuses it.
    init(head: some Sequence<UInt8>) throws(WebResponse) {
        let lines = String(decoding: Array(head), as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false)
        let parts = (lines.first ?? "").split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2].hasPrefix("HTTP/1.") else { throw .problem(400, "not an HTTP/1.1 request") }
        guard let method = Method(rawValue: String(parts[0])) else {
            var refusal = WebResponse.problem(405, "only GET and HEAD are served")
            refusal.headers.append(("Allow", "GET, HEAD"))
            throw refusal
        }
        self.method = method
        for line in lines.dropFirst() where !line.isEmpty {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else {
                throw .problem(400, "a header line without a name")
            }
            let name = line[..<colon].lowercased()
            // Two hosts, or two of anything that decides, would be read differently by others.
            guard headers[name] == nil || name != "host" else { throw .problem(400, "two Host headers") }
            headers[name] = String(line[line.index(after: colon)...]).trimmed
        }
        guard (headers["content-length"] ?? "0") == "0", headers["transfer-encoding"] == nil else {
            throw .problem(413, "a request with a body is not taken")
        }
        let target = parts[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard target.first?.first == "/", let path = PercentEncoding.decoded(String(target[0])) else {
            throw .problem(400, "the request's target is not a path")
        }
        self.path = path
        // A form writes a blank as a plus, and a plus as %2B.
        let fields = (target.count > 1 ? target[1] : "").replacing("+", with: " ")
        query = fields.split(separator: "&").compactMap { field in
            let sides = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decoded(String(sides[0])),
                let value = PercentEncoding.decoded(sides.count > 1 ? String(sides[1]) : "")
            else { return nil }
            return (name, value)
        }
    }
}

extension String {
    /// Without blanks and tabs at its ends.
    fileprivate var trimmed: String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        let start = drop(while: isBlank)
        guard let end = start.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(start[...end])
    }
}
