import Timeline

extension StreamPlayer {
    /// Plays a fault in place of an answer's head; nil where the answer begins well.
    func beginBadly(on connection: ClientConnection) -> Progress? {
        let progress: Progress?
        switch fault {
        case .resetBeforeHeaders: progress = .ended(.reset)
        case .closeBeforeHeaders: progress = .ended(.close)
        case .closeOnReuse: progress = entry.ordinal > 1 ? .ended(.close) : nil
        case .stallBeforeHeaders: progress = .silent
        case .noStatusLine:
            send(writer.opening().first ?? Array("data: {}\n\n".utf8), .error, tokens: 0, on: connection)
            progress = .ended(.close)
        case .tlsBytes:
            // An alert of TLS 1.2: fatal, unexpected message.
            send([0x15, 3, 3, 0, 2, 2, 10], .error, tokens: 0, on: connection)
            progress = .ended(.close)
        default:
            guard let refusal = refusal() else { return nil }
            send(refusal, .error, tokens: 0, on: connection)
            flush(on: connection)
            entry.answered = entry.sends.last?.instant
            progress = .ended(.complete)
        }
        if progress != nil { isFaultPlayed = true }
        return progress
    }

    /// Plays a fault between the events before the tokens and the first token; nil where there is none.
    func openBadly(on connection: ClientConnection) -> Progress? {
        switch fault {
        case .stallBeforeToken:
            isFaultPlayed = true
            return .silent
        case .errorFirst:
            isFaultPlayed = true
            send(encoder.encode(writer.failure(.unavailable)), .error, tokens: 0, on: connection)
            flush(followedBy: encoder.end(), on: connection)
            return .ended(.complete)
        default: return nil
        }
    }

    /// The head of the stream, as its fault leaves it.
    func streamHead() -> [UInt8] {
        var type = interface.framing.contentType
        var headers = identityHeaders
        var before: [UInt8] = []
        switch fault {
        case .wrongContentType: type = "text/plain; charset=utf-8"
        case .gzip, .gzipTruncated: headers.append(HeaderField("content-encoding", "gzip"))
        case .unknownEncoding: headers.append(HeaderField("content-encoding", "br"))
        case .sameAnswer: headers += [HeaderField("age", "41"), HeaderField("x-cache", "HIT")]
        case .hugeHeaders:
            headers += (0..<100).map { HeaderField("x-filler-\($0)", String(repeating: "x", count: 4096)) }
        case .earlyHints: before = Array("HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n".utf8)
        case .truncatedWithLength: headers.append(HeaderField("content-length", String(bodyLength().whole)))
        case .shortBody: reframe(.length(bodyLength().whole))
        case .longBody: reframe(.length(bodyLength().half))
        default: break
        }
        return before
            + HTTPResponse.streamHead(type: type, headers, framing: framing, closes: closesConnection)
    }

    private func reframe(_ framing: BodyFraming) {
        self.framing = framing
        encoder = BodyEncoder(framing: framing, fault: fault)
    }

    /// How many bytes the events of the answer have, and how many those before its middle.
    private func bodyLength() -> (whole: Int, half: Int) {
        var writer = writer
        var content = content
        var whole = writer.opening().reduce(0) { $0 + $1.count }
        var half = whole
        while let event = content.next() {
            whole += writer.content(event).count
            if content.tokensDrawn <= faultPoint { half = whole }
        }
        let finish = writer.finish(timing)
        return (whole + finish.finish.count + finish.usage.count + writer.terminal.count, half)
    }

    var identityHeaders: [HeaderField] {
        var headers = [HeaderField(interface.identifierHeader, entry.identifier)]
        if script.reportsTiming {
            let elapsed = (MonotonicClock.now() - entry.headRead).milliseconds
            if let header = interface.timingHeader(Int(elapsed)) { headers.append(header) }
        }
        return headers
    }
}
