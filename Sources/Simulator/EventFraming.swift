import Timeline

/// How an API delimits the events of a stream.
enum EventFraming: Sendable {
    /// Server-sent events (WHATWG HTML, section 9.2).
    case serverSentEvents
    /// Server-sent events whose lines end in CR and LF.
    case serverSentEventsCRLF
    /// One JSON object a line.
    case jsonLines
    /// Amazon's binary event stream encoding, `application/vnd.amazon.eventstream`.
    case amazonEventStream

    var contentType: String {
        switch self {
        case .serverSentEvents, .serverSentEventsCRLF: "text/event-stream; charset=utf-8"
        case .jsonLines: "application/x-ndjson"
        case .amazonEventStream: "application/vnd.amazon.eventstream"
        }
    }

    var isServerSentEvents: Bool { contentType.hasPrefix("text/event-stream") }

    /// Frames one event of JSON; its name is left out where the framing has no place for it.
    func event(_ name: String?, _ json: JSONValue) -> [UInt8] { event(name, json.text) }

    /// Frames one event whose payload stands around a piece of text that is already escaped.
    func event(_ name: String?, _ before: String, _ escaped: [UInt8] = [], _ after: String = "") -> [UInt8] {
        var payload: [UInt8] = []
        payload.reserveCapacity(before.utf8.count + escaped.count + after.utf8.count + 64)
        if let opening = opening(name) { payload += Array(opening.utf8) }
        payload += Array(before.utf8)
        payload += escaped
        payload += Array(after.utf8)
        switch self {
        case .serverSentEvents: payload += [0x0a, 0x0a]
        case .serverSentEventsCRLF: payload += [0x0d, 0x0a, 0x0d, 0x0a]
        case .jsonLines: payload += [0x0a]
        case .amazonEventStream: return AmazonEventFrame.event(name ?? "chunk", payload: payload)
        }
        return payload
    }

    private func opening(_ name: String?) -> String? {
        guard isServerSentEvents else { return nil }
        let lineEnd = self == .serverSentEvents ? "\n" : "\r\n"
        return (name.map { "event: \($0)\(lineEnd)" } ?? "") + "data: "
    }
}
