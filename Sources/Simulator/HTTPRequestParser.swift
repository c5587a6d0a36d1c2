import Timeline

/// Splits a connection's bytes into HTTP/1.1 requests (RFC 9112), within bounds.
struct HTTPRequestParser {
    enum Progress {
        case incomplete
        /// The client waits for leave to send its body.
        case wantsContinue
        case complete(HTTPRequest)
    }

    private enum State {
        case head
        case body(length: Int)
        case chunks
    }

    static let headLimit = 64 * 1024
    static let bodyLimit = 64 * 1024 * 1024

    private var buffer: [UInt8] = []
    /// Where the unread bytes start in the buffer.
    private var start = 0
    private var searched = 0
    private var state = State.head
    private var request: HTTPRequest?

    /// Bytes that no request has used yet.
    var unreadCount: Int { buffer.count - start }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            (start, searched) = (0, 0)
        }
        buffer.append(contentsOf: bytes)
    }

    /// Reads on; call again after a complete request, for another one may have arrived with it.
    mutating func next(now: Instant) throws(ServiceError) -> Progress {
        var isNewHead = false
        if case .head = state {
            guard try readHead(now: now) else { return .incomplete }
            isNewHead = true
        }
        switch state {
        case .head: return .incomplete
        case .body(let length):
            guard unreadCount >= length else { return isNewHead ? continuation : .incomplete }
            request?.body = Array(buffer[start..<start + length])
            start += length
        case .chunks:
            guard try readChunks() else { return isNewHead ? continuation : .incomplete }
        }
        request?.bodyRead = now
        return takeRequest()
    }

    private var continuation: Progress {
        request?["expect"]?.lowercased() == "100-continue" ? .wantsContinue : .incomplete
    }

    private mutating func takeRequest() -> Progress {
        defer {
            request = nil
            state = .head
            buffer.removeFirst(start)
            (start, searched) = (0, 0)
        }
        return request.map(Progress.complete) ?? .incomplete
    }

    /// Reads the head if all of it is there, and decides how the body is framed.
    private mutating func readHead(now: Instant) throws(ServiceError) -> Bool {
        while start < buffer.count, buffer[start] == 0x0d || buffer[start] == 0x0a { start += 1 }
        guard let end = endOfHead() else {
            if unreadCount > Self.headLimit { throw .badRequest("The request head is too large", status: 431) }
            return false
        }
        let head = try HTTPRequest(head: buffer[start..<end], headRead: now)
        start = end + 4
        request = head
        if let coding = head["transfer-encoding"] {
            guard coding.lowercased() == "chunked" else { throw .badRequest("Unknown transfer coding", status: 501) }
            state = .chunks
        } else {
            let text = head["content-length"] ?? "0"
            guard let length = Int(text), length >= 0, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw .badRequest("Content-Length is no number")
            }
            guard length <= Self.bodyLimit else { throw .badRequest("The body is too large", status: 413) }
            state = .body(length: length)
        }
        return true
    }

    private mutating func endOfHead() -> Int? {
        var index = max(start, searched - 3)
        while index + 3 < buffer.count {
            if buffer[index] == 0x0d, buffer[index + 1] == 0x0a, buffer[index + 2] == 0x0d, buffer[index + 3] == 0x0a {
                return index
            }
            index += 1
        }
        searched = buffer.count
        return nil
    }

    /// Moves complete chunks into the body; true after the last one and its trailers.
    private mutating func readChunks() throws(ServiceError) -> Bool {
        while let lineEnd = endOfLine(from: start) {
            let digits = buffer[start..<lineEnd].prefix { $0 != UInt8(ascii: ";") }
            let text = String(decoding: digits, as: UTF8.self).trimmingSpaces
            guard let size = Int(text, radix: 16), size >= 0 else { throw .badRequest("A chunk's size is no number") }
            guard (request?.body.count ?? 0) + size <= Self.bodyLimit else {
                throw .badRequest("The body is too large", status: 413)
            }
            if size == 0 { return skipTrailers(from: lineEnd + 2) }
            guard buffer.count >= lineEnd + 2 + size + 2 else { return false }
            request?.body += buffer[lineEnd + 2..<lineEnd + 2 + size]
            start = lineEnd + 2 + size + 2
        }
        if unreadCount > Self.headLimit { throw .badRequest("A chunk's size is no number") }
        return false
    }

    private mutating func skipTrailers(from position: Int) -> Bool {
        var line = position
        while let end = endOfLine(from: line) {
            if end == line {
                start = end + 2
                return true
            }
            line = end + 2
        }
        return false
    }

    private func endOfLine(from position: Int) -> Int? {
        var index = position
        while index + 1 < buffer.count {
            if buffer[index] == 0x0d, buffer[index + 1] == 0x0a { return index }
            index += 1
        }
        return nil
    }
}

extension HTTPRequest {
    /// Reads a request's head, without the empty line.
    fileprivate init(head: ArraySlice<UInt8>, headRead: Instant) throws(ServiceError) {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, !words[0].isEmpty, words[1].hasPrefix("/"),
            words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0"
        else { throw .badRequest("This is no HTTP/1.1 request") }
        method = String(words[0])
        path = String(words[1].prefix { $0 != "?" })
        query = String(words[1].dropFirst(path.count + 1))
        isVersionOneOne = words[2] == "HTTP/1.1"
        headers = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else {
                throw .badRequest("A header line has no name")
            }
            let value = String(line[line.index(after: colon)...]).trimmingSpaces
            headers.append(HeaderField(line[..<colon].lowercased(), value))
        }
        self.headRead = headRead
        bodyRead = headRead
    }
}

extension String {
    /// The text without spaces and tabs around it.
    fileprivate var trimmingSpaces: String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}
