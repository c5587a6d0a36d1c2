package import Timeline

/// A response that was captured to a file: its status line, headers and body, or its body alone.
package struct CapturedResponse: Sendable, Equatable {
    /// Nil where only the body was captured.
    package var status: Int?
    package var headers: [HeaderField] = []
    /// Without chunking.
    package var body: [UInt8]
    /// How the transfer ended, as far as the length or the last chunk that HTTP promised tells it.
    package var end = TransportEnd.clean

    /// Why a capture cannot be read.
    package struct Malformed: Error, Equatable, CustomStringConvertible {
        /// Counts from 1.
        package var line: Int
        package var reason: String

        package var description: String { "\(line): \(reason)" }
    }

    /// Creates a response that is a body alone; chunked ones are refused, since nothing says that they are chunked.
    package init(body: [UInt8]) throws(Malformed) {
        if let chunks = ChunkedBody(body), chunks.hasWholeChunk {
            throw Malformed(
                line: 1,
                reason: "a chunk's size where the body should begin: the capture is of the raw connection; capture the "
                    + "body without --raw, or put the response's headers before it, Transfer-Encoding: chunked included"
            )
        }
        self.body = body
    }

    /// Creates a response that is a body alone, whatever it looks like.
    package init(bareBody: [UInt8]) { body = bareBody }

    /// Reads a status line, headers, a blank line and the body; interim responses (1xx) before them are passed over.
    package init(_ bytes: [UInt8]) throws(Malformed) {
        var reader = HeadReader(bytes: bytes)
        var head = try reader.next()
        while (100...199).contains(head.status) { head = try reader.next() }
        status = head.status
        headers = head.headers
        body = reader.rest
        applyFraming()
    }

    /// Whether a capture begins with a status line.
    package static func hasHead(_ bytes: [UInt8]) -> Bool { bytes.starts(with: HeadReader.mark) }

    private func value(of name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }

    /// Takes chunks apart, unless whoever captured the body has done so, and finds out whether all of it is there.
    private mutating func applyFraming() {
        if value(of: "transfer-encoding")?.lowercased().contains("chunked") == true {
            guard let chunks = ChunkedBody(body) else { return }
            body = chunks.content
            end = chunks.end
        } else if let promised = value(of: "content-length").flatMap({ Int($0) }), promised >= 0 {
            if body.count < promised {
                end = .cutShort(message: "\(promised - body.count) of \(promised) bytes are missing")
            }
            body = Array(body.prefix(promised))
        }
    }
}

/// Reads response heads line by line.
private struct HeadReader {
    static let mark = Array("HTTP/".utf8)

    let bytes: [UInt8]
    private var position = 0
    private var line = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var rest: [UInt8] { Array(bytes[position...]) }

    mutating func next() throws(CapturedResponse.Malformed) -> (status: Int, headers: [HeaderField]) {
        let first = nextLine() ?? ""
        let words = first.split(separator: " ", maxSplits: 2)
        guard first.hasPrefix("HTTP/"), words.count >= 2, words[1].count == 3, let status = Int(words[1]),
            (100...999).contains(status)
        else { throw failure("expected a status line such as 'HTTP/1.1 200 OK', found '\(first.prefix(60))'") }
        var headers: [HeaderField] = []
        while let text = nextLine() {
            if text.isEmpty { return (status, headers) }
            guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else {
                throw failure("expected a header such as 'Content-Type: text/event-stream', found '\(text.prefix(60))'")
            }
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers.append(HeaderField(String(text[..<colon]), String(value)))
        }
        throw failure("the headers do not end: a blank line belongs between them and the body")
    }

    private mutating func nextLine() -> String? {
        guard position < bytes.count else { return nil }
        line += 1
        let end = bytes[position...].firstIndex(of: 0x0a) ?? bytes.count
        var text = bytes[position..<end]
        if text.last == 0x0d { text.removeLast() }
        position = min(end + 1, bytes.count)
        return String(decoding: text, as: UTF8.self)
    }

    private func failure(_ reason: String) -> CapturedResponse.Malformed {
        CapturedResponse.Malformed(line: max(line, 1), reason: reason)
    }
}
