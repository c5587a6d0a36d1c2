import Timeline

extension StreamPlayer {
    /// Plays a fault in the middle of a stream; nil where the stream goes on.
    func playHalfWay(_ fault: Fault, on connection: ClientConnection) -> Progress? {
        switch fault {
        case .truncated, .truncatedWithLength, .shortBody: return .ended(.close)
        case .reset: return .ended(.reset)
        case .stall: return .silent
        case .stallWithComments:
            hasOnlyComments = true
            commentDue = schedule.due
            return .next(schedule.due)
        case .truncatedMidJSON:
            let event = nextEventBytes()
            sendError(framing.frame(Array(event.prefix(event.count / 2))), on: connection)
            return .ended(.close)
        case .gzipTruncated:
            sendError(framing.frame([0, 255, 255]), on: connection)
            _ = transmit(framing.end, on: connection)
            return .ended(.complete)
        case .errorEvent, .errorThenDone: return playError(fault, on: connection)
        case .bareJSONError:
            let lines = interface.body(of: .serverFailure).indentedText + "\n"
            sendError(encoder.encode(Array(lines.utf8)), on: connection)
            _ = transmit(encoder.end(), on: connection)
            return .ended(.complete)
        case .truncatedInChunk, .badChunkSize, .chunkSizeOverflow, .chunkWithoutLineEnd:
            sendError(brokenChunk(fault), on: connection)
            return .ended(.close)
        default:
            for event in oddEvents(fault) { sendError(encoder.encode(event), on: connection) }
            return nil
        }
    }

    private func sendError(_ bytes: [UInt8], on connection: ClientConnection) {
        send(bytes, .error, tokens: 0, on: connection)
        flush(on: connection)
    }

    /// The bytes of the event that would come next.
    private func nextEventBytes() -> [UInt8] {
        content.next().map { writer.content($0) } ?? writer.finish(timing).finish
    }

    private func playError(_ fault: Fault, on connection: ClientConnection) -> Progress {
        sendError(encoder.encode(writer.failure(.serverFailure)), on: connection)
        let terminal = fault == .errorThenDone ? encoder.encode(endAfterError()) : []
        let instant = transmit(terminal + encoder.end(), on: connection)
        if fault == .errorThenDone { entry.done = instant }
        return .ended(.complete)
    }

    /// What a good stream ends with: the terminal event, or the finish reason's where that is the terminal one.
    private func endAfterError() -> [UInt8] {
        writer.terminal.isEmpty ? writer.finish(timing).finish : writer.terminal
    }

    private func brokenChunk(_ fault: Fault) -> [UInt8] {
        let event = nextEventBytes()
        let size = String(event.count, radix: 16)
        let lineEnd: [UInt8] = [0x0d, 0x0a]
        switch fault {
        case .truncatedInChunk: return Array(size.utf8) + lineEnd + event.prefix(event.count / 2)
        case .badChunkSize: return framing.frame(event) + Array("zz".utf8) + lineEnd + event + lineEnd
        case .chunkSizeOverflow: return Array("fffffffffffffffffffff".utf8) + lineEnd + event + lineEnd
        default: return Array(size.utf8) + lineEnd + event + Array(size.utf8) + lineEnd + event
        }
    }

    /// The events that a fault puts among the good ones.
    private func oddEvents(_ fault: Fault) -> [[UInt8]] {
        let framing = interface.framing
        switch fault {
        case .invalidJSON: return [writer.brokenEvent]
        case .unknownEvent:
            return [framing.event("surprise", "{\"type\":\"surprise\",\"choices\":[],\"surprise\":true}")]
        case .oddJSON:
            return [
                framing.event(
                    "surprise",
                    "{\"type\":\"surprise\",\"choices\":[],\"a\":1,\"a\":2,"
                        + "\"n\":[1e400,-0,12345678901234567890,0.1e-400]}")
            ]
        case .deepJSON:
            let depth = 10_000
            let arrays = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            return [framing.event("surprise", "{\"type\":\"surprise\",\"choices\":[],\"deep\":\(arrays)}")]
        case .hugeEvent:
            let filler = [UInt8](repeating: UInt8(ascii: "x"), count: 24 << 20)
            return [framing.event("surprise", "{\"type\":\"surprise\",\"choices\":[],\"filler\":\"", filler, "\"}")]
        case .oddChoices:
            let head = "{\"id\":\"odd\",\"object\":\"chat.completion.chunk\",\"created\":0,\"model\":\"\",\"choices\":"
            let choices = [
                "[]", "[{\"index\":0}]", "[{\"index\":0,\"delta\":null,\"finish_reason\":null}]",
                "[{\"index\":0,\"delta\":{\"content\":7},\"finish_reason\":null}]", "null",
            ]
            return choices.map { framing.event(nil, head + $0 + "}") }
        case .badChecksum:
            var frame = framing.event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\" bad\"}}")
            frame[frame.count - 1] ^= 0xff
            return [frame]
        case .badFrameLength: return [[0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0]]
        default: return []
        }
    }
}

extension StreamPlayer {
    /// The next event of content; the last one may have to wait for the finish reason.
    func nextContent(on connection: ClientConnection) -> ContentEvent? {
        let drawn = content.tokensDrawn
        guard var event = content.next() else { return nil }
        if fault == .contentAfterFinish, event.isLast { sendFinish(on: connection) }
        guard let fault, fault.altersText, event.kind != .tool else { return event }
        let isFirst = drawn < faultPoint && content.tokensDrawn >= faultPoint
        let isSecond = drawn >= faultPoint && fault == .splitSurrogates && !isFaultPlayed
        if isFirst || isSecond {
            event.pieces[event.pieces.count - 1].append(Self.oddPiece(fault, isSecond: isSecond))
            isFaultPlayed = fault != .splitSurrogates || isSecond
        }
        return event
    }

    private static func oddPiece(_ fault: Fault, isSecond: Bool) -> TextPiece {
        var piece = TextPiece()
        switch fault {
        case .invalidUTF8:
            piece.escaped = [0xc3, 0x28]
            piece.text = Array("\u{fffd}(".utf8)
        case .nulInText:
            piece.escaped = Array("\\u0000".utf8)
            piece.text = [0]
        default:
            piece.escaped = Array((isSecond ? "\\ude80" : "\\ud83d").utf8)
            piece.text = Array("\u{fffd}".utf8)
        }
        return piece
    }

    /// An event's bytes, with those of a second choice where the fault wants two.
    func withSecondChoice(_ bytes: [UInt8]) -> [UInt8] {
        let (first, second) = (Array("\"index\":0".utf8), Array("\"index\":1".utf8))
        guard fault == .twoChoices, bytes.contains(first) else { return bytes }
        // An API may send several events at once, such as Azure's filter results with the finish reason.
        return bytes + bytes.replacing(first, with: second)
    }

    /// Sends bytes one by one, each in a chunk of its own.
    ///
    /// - Returns: The instant before the last of them that is payload.
    func transmitSingly(_ bytes: [UInt8], on connection: ClientConnection) -> Instant {
        isFaultPlayed = true
        // What arrives here is framed already; without its chunk the payload is sent anew.
        var instant = MonotonicClock.now()
        let payload = framing.isChunked ? Self.unframed(bytes) : bytes
        for byte in payload { instant = transmit(framing.frame([byte]), on: connection) }
        return instant
    }

    private static func unframed(_ chunk: [UInt8]) -> [UInt8] {
        guard let lineEnd = chunk.firstIndex(of: 0x0a) else { return [] }
        return Array(chunk[(lineEnd + 1)...].dropLast(2))
    }
}
