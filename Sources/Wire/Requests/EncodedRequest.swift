package import Timeline

/// A request as it goes over the wire, but for its secret: the key's header is added when it is sent.
package struct EncodedRequest: Sendable, Equatable {
    /// What is appended to the target's base URL, such as `/chat/completions`.
    package var path: String
    /// The dialect's headers, then the target's own; a target's header replaces the dialect's of the same name.
    package var headers: [HeaderField]
    /// A JSON text in UTF-8.
    package var body: [UInt8]

    package init(path: String, headers: [HeaderField], body: [UInt8]) {
        self.path = path
        self.headers = headers
        self.body = body
    }
}

extension EncodedRequest {
    /// Joins what a dialect wants to say with what the target adds; the target has the last word.
    init(path: String, headers: [HeaderField], body: JSONValue, target: Target) {
        var merged = body
        if case .object(let members) = target.body {
            for member in members { merged.merge(member.name, member.value) }
        }
        let own = Set(target.headers.map { $0.name.lowercased() })
        self.init(
            path: path, headers: headers.filter { !own.contains($0.name.lowercased()) } + target.headers,
            body: Array(merged.text.utf8))
    }
}
