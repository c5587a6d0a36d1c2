import Timeline

/// A request as it arrived.
struct HTTPRequest: Sendable {
    var method: String
    /// The path as sent, without the query.
    var path: String
    /// What follows the path's question mark; empty where nothing does.
    var query: String
    /// Whether the client speaks HTTP/1.1, so that a body may be chunked and the connection stays.
    var isVersionOneOne: Bool
    /// Names are in lower case.
    var headers: [HeaderField]
    var body: [UInt8] = []
    /// When the head's last byte had been read.
    var headRead: Instant
    /// When the body's last byte had been read.
    var bodyRead: Instant

    subscript(name: String) -> String? { headers.first { $0.name == name }?.value }

    /// Whether the connection ends with the answer.
    var closesConnection: Bool {
        let options = self["connection"]?.lowercased() ?? ""
        return options.contains("close") || (!isVersionOneOne && !options.contains("keep-alive"))
    }
}
