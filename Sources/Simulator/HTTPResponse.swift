import Timeline

/// How an answer's body is delimited.
enum BodyFraming {
    case chunked
    /// The end of the connection ends the body.
    case untilClose

    /// Frames one piece of the body for one send.
    func frame(_ payload: [UInt8]) -> [UInt8] {
        guard self == .chunked else { return payload }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count + 12)
        bytes += Array(String(payload.count, radix: 16).utf8)
        bytes += [0x0d, 0x0a]
        bytes += payload
        bytes += [0x0d, 0x0a]
        return bytes
    }

    /// What ends the body.
    var end: [UInt8] { self == .chunked ? Array("0\r\n\r\n".utf8) : [] }
}

/// The heads of answers.
enum HTTPResponse {
    /// Writes the head of a stream of events.
    static func streamHead(_ headers: [HeaderField], framing: BodyFraming, closes: Bool) -> [UInt8] {
        var fields = [
            HeaderField("content-type", "text/event-stream; charset=utf-8"), HeaderField("cache-control", "no-cache"),
            HeaderField("x-accel-buffering", "no"),
        ]
        if framing == .chunked { fields.append(HeaderField("transfer-encoding", "chunked")) }
        return head(200, fields + headers, closes: closes || framing == .untilClose)
    }

    /// Writes an answer in one piece.
    static func whole(
        _ status: Int, type: String = "application/json", headers: [HeaderField] = [], body: [UInt8], closes: Bool
    ) -> [UInt8] {
        let fields = [HeaderField("content-type", type), HeaderField("content-length", String(body.count))]
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
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 413: "Content Too Large"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        default: "Status"
        }
    }
}
