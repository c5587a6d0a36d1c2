import Timeline

extension Fault {
    /// Whether the fault strikes in the middle of a stream, in place of its next event.
    var comesHalfWay: Bool {
        switch self {
        case .truncated, .truncatedMidJSON, .reset, .errorEvent, .errorThenDone, .stall, .invalidJSON: true
        case .noDone, .http401, .http429, .http500, .html, .commentsForever: false
        }
    }
}

extension StreamPlayer {
    /// Plays a fault in the middle of a stream; nil where the stream goes on.
    func playHalfWay(_ fault: Fault, on connection: ClientConnection) -> Progress? {
        switch fault {
        case .truncated: return .ended(.close)
        case .reset: return .ended(.reset)
        case .stall: return .silent
        case .truncatedMidJSON:
            let event = content.next().map { writer.content($0) } ?? writer.finish()
            send(framing.frame(Array(event.prefix(event.count / 2))), .error, tokens: 0, on: connection)
            return .ended(.close)
        case .errorEvent, .errorThenDone:
            send(framing.frame(writer.failure(.serverFailure)), .error, tokens: 0, on: connection)
            let terminal = fault == .errorThenDone ? framing.frame(writer.terminal) : []
            let instant = transmit(terminal + framing.end, on: connection)
            if fault == .errorThenDone { entry.done = instant }
            return .ended(.complete)
        case .invalidJSON:
            send(framing.frame(writer.brokenEvent), .error, tokens: 0, on: connection)
            return nil
        case .noDone, .http401, .http429, .http500, .html, .commentsForever: return nil
        }
    }
}
