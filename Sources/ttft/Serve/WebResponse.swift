/// A response whose body is known before it begins.
struct WebResponse: Error, Sendable {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: String

    /// What the page may load and run; nothing where it says nothing.
    private static let nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    init(_ status: Int = 200, type: String, body: String, policy: String = nothing) {
        self.status = status
        self.body = body
        headers = Self.common + [("Content-Type", type), ("Content-Security-Policy", policy)]
    }

    static func page(_ text: String, policy: String) -> WebResponse {
        WebResponse(type: "text/html; charset=utf-8", body: text, policy: policy)
    }

    static func problem(_ status: Int, _ text: String) -> WebResponse {
        WebResponse(status, type: "text/plain; charset=utf-8", body: "\(text)\n")
    }

    /// What every response says, a stream's too: no guess of its type, no frame around it, no copy, no word to others.
    static let common: [(name: String, value: String)] = [
        ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"), ("Cache-Control", "no-store"), ("Connection", "close"),
    ]

    /// The bytes of a head that ends with these headers.
    static func head(_ status: Int, _ headers: [(name: String, value: String)]) -> String {
        let lines = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        return "HTTP/1.1 \(status) \(reasons[status] ?? "Error")\r\n\(lines)\r\n"
    }

    private static let reasons = [
        200: "OK", 204: "No Content", 303: "See Other", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
        404: "Not Found",
        405: "Method Not Allowed", 408: "Request Timeout", 413: "Content Too Large", 421: "Misdirected Request",
        431: "Request Header Fields Too Large", 500: "Internal Server Error", 503: "Service Unavailable",
    ]

    /// The whole response; a HEAD gets all but the body.
    func text(for method: WebRequest.Method) -> String {
        Self.head(status, headers + [("Content-Length", String(body.utf8.count))]) + (method == .head ? "" : body)
    }
}
