import Timeline

/// The heads of answers.
enum HTTPResponse {
    /// Writes the head of a stream of events.
    static func streamHead(
        type: String, _ headers: [HeaderField], framing: BodyFraming, closes: Bool
    ) -> [UInt8] {
        var fields = [
            HeaderField("content-type", type), HeaderField("cache-control", "no-cache"),
            HeaderField("x-accel-buffering", "no"),
        ]
        switch framing {
        case .chunked: fields.append(HeaderField("transfer-encoding", "chunked"))
        case .chunkedWithExtensions:
            fields += [HeaderField("transfer-encoding", "chunked"), HeaderField("trailer", "server-timing")]
        case .length(let length): fields.append(HeaderField("content-length", String(length)))
        case .untilClose: break
        }
        return head(200, fields + headers, closes: closes || framing == .untilClose)
    }

    /// Writes an answer in one piece.
    static func whole(
        _ status: Int, type: String = "application/json", headers: [HeaderField] = [], body: [UInt8], closes: Bool
    ) -> [UInt8] {
        // A response of status 204 has neither body nor length (RFC 9110, section 8.6).
        let length = status == 204 ? [] : [HeaderField("content-length", String(body.count))]
        let fields = [HeaderField("content-type", type)] + length
        return head(status, fields + headers, closes: closes) + body
    }

    private static func head(_ status: Int, _ fields: [HeaderField], closes: Bool) -> [UInt8] {
        var text = "HTTP/1.1 \(status) \(reason(status))\r\n"
        for field in fields { text += "\(field.name): \(field.value)\r\n" }
        text += "connection: \(closes ? "close" : "keep-alive")\r\n\r\n"
        return Array(text.utf8)
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 204: "No Content"
        case 302: "Found"
        case 307: "Temporary Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 413: "Content Too Large"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        default: "Status"
        }
    }
}
