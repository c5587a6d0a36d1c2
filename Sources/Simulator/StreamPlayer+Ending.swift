import Timeline

extension StreamPlayer {
    /// Sends what follows the last token.
    func finish(on connection: ClientConnection) -> Progress {
        if fault != .contentAfterFinish || plan.tokens == 0 { sendFinish(on: connection) }
        let terminal = fault == .noDone ? [] : terminalEvents()
        let instant =
            fault == .byteByByte
            ? endSingly(terminal, on: connection)
            : flush(followedBy: encoder.encode(terminal) + encoder.end(), on: connection)
        if entry.finished == nil { entry.finished = entry.sends.last { $0.kind == .finish }?.instant }
        // Where nothing follows the finish reason's event, that is the terminal one.
        if fault != .noDone { entry.done = terminal.isEmpty ? entry.sends.last?.instant : instant }
        if let fault, !Self.showsEarlier(fault) { isFaultPlayed = true }
        guard fault == .lateClose else { return .ended(.complete) }
        let due = instant + .seconds(2)
        closeDue = due
        return .next(due)
    }

    /// Sends the finish reason and the usage, in the order and number that a fault wants.
    func sendFinish(on connection: ClientConnection) {
        if fault == .noDone, writer.terminal.isEmpty { return }
        var events = writer.finish(timing)
        events.finish = withSecondChoice(events.finish)
        let parts: [[UInt8]] =
            switch fault {
            case .usageBeforeFinish: [events.usage, events.finish]
            case .usageTwice:
                events.usage.isEmpty ? [events.finish, events.finish] : [events.finish, events.usage, events.usage]
            case .finishTwice: [events.finish, events.finish, events.usage]
            default: [events.finish + events.usage]
            }
        for part in parts where !part.isEmpty { send(encoder.encode(part), .finish, tokens: 0, on: connection) }
        if entry.finished == nil { entry.finished = entry.sends.last { $0.kind == .finish }?.instant }
    }

    /// The terminal event, as its fault leaves it.
    private func terminalEvents() -> [UInt8] {
        let terminal = writer.terminal
        switch fault {
        case .doneTwice: return terminal + terminal
        case .doneWithoutBlankLine: return terminal.dropLast()
        case .contentAfterDone:
            let late = ContentEvent(kind: .text, pieces: [TextPiece(" late")], isFirstOfKind: false, isLast: false)
            return terminal + writer.content(late)
        default: return terminal
        }
    }

    private func endSingly(_ terminal: [UInt8], on connection: ClientConnection) -> Instant {
        let instant = transmitSingly(framing.frame(terminal), on: connection)
        let end = transmit(encoder.end(), on: connection)
        return terminal.isEmpty ? end : instant
    }

    /// Whether a fault says by itself when it has been played.
    private static func showsEarlier(_ fault: Fault) -> Bool {
        fault.altersText || fault.comesHalfWay || fault == .closeOnReuse
    }
}

extension StreamPlayer {
    /// When an answer in one piece is due: with its last token.
    func wholeAnswerDue() -> Instant {
        var length = content
        while let event = length.next() {
            if event.isLast { break }
            schedule.advance(tokens: length.nextTokens)
        }
        return schedule.due
    }

    /// Sends an answer in one piece.
    func playWhole(on connection: ClientConnection) -> Progress {
        switch fault {
        case .stall, .commentsForever, .stallBeforeToken, .stallWithComments:
            isFaultPlayed = true
            return .silent
        default: break
        }
        while let event = content.next() {
            if event.kind != .reasoning || !script.hidesReasoning { texts.append(event) }
        }
        let (bytes, ending) = wholeAnswer()
        let tokens = isFaultPlayed ? 0 : plan.tokens
        let kind: SendLogEntry.Kind = isFaultPlayed ? .error : plan.toolName == nil ? .text : .tool
        if !bytes.isEmpty { send(bytes, kind, tokens: tokens, on: connection) }
        flush(on: connection)
        entry.answered = entry.sends.last?.instant
        entry.finished = entry.answered
        entry.done = isFaultPlayed ? nil : entry.answered
        return .ended(ending)
    }

    /// The answer in one piece, as its fault leaves it; faults of streams alone leave it whole.
    private func wholeAnswer() -> ([UInt8], Ending) {
        let body = Array(writer.whole(texts, timing).text.utf8)
        let half = Array(body.prefix(body.count / 2))
        let failure = Array(interface.body(of: .serverFailure).text.utf8)
        let isError = fault == .errorEvent || fault == .errorThenDone || fault == .errorFirst
        let sent = isError ? failure : fault == .invalidJSON ? half : body
        var bytes = HTTPResponse.whole(200, headers: identityHeaders, body: sent, closes: closesConnection)
        isFaultPlayed = isError || fault == .invalidJSON
        switch fault {
        case .reset:
            isFaultPlayed = true
            return ([], .reset)
        case .truncated, .truncatedMidJSON, .shortBody, .truncatedInChunk:
            isFaultPlayed = true
            bytes.removeLast(body.count / 2)
            return (bytes, .close)
        default: return (bytes, .complete)
        }
    }
}
