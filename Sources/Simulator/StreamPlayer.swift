import Timeline

/// Plays one answer, one step for each instant that is due, and logs what it sends.
final class StreamPlayer {
    enum Progress {
        /// There is more to send at an instant.
        case next(Instant)
        /// There is nothing more to send, and the answer does not end.
        case silent
        case ended(Ending)
    }

    enum Ending {
        /// The answer is whole: the connection may serve another request.
        case complete
        /// The connection ends in good order.
        case close
        /// The connection ends with a TCP reset.
        case reset
    }

    let plan: AnswerPlan
    let interface: Interface
    let framing: BodyFraming
    private let script: StreamScript
    let fault: Fault?
    private let isStream: Bool
    let closesConnection: Bool
    var entry: SendLogEntry
    var writer: any AnswerWriter
    var content: AnswerContent
    private var schedule: AnswerSchedule
    private var commentDue: Instant?
    private(set) var isFaultPlayed = false
    var texts = AnswerTexts()
    private let keepsText: Bool
    /// The log's sends before the step that is being played.
    private var sendsNoted = 0

    init(_ performance: Performance, entry: SendLogEntry, keepsText: Bool) {
        let start = entry.bodyRead
        plan = performance.plan
        interface = performance.interface
        script = performance.script
        fault = performance.fault
        isStream = performance.isStream
        closesConnection = performance.closesConnection
        framing = performance.framing
        self.entry = entry
        self.keepsText = keepsText
        writer = plan.writer(interface)
        content = AnswerContent(plan: plan, source: performance.text, tokensPerEvent: script.tokensPerEvent)
        schedule = AnswerSchedule(script: script, start: start, generator: performance.draws)
        let interval = script.commentInterval ?? (fault == .commentsForever ? .milliseconds(50) : nil)
        if isStream { commentDue = interval.map { start + max($0, .milliseconds(1)) } }
    }

    /// Sends what needs no waiting: the head and the events before the first token, or a fault's answer.
    func begin(on connection: ClientConnection) -> Progress {
        if let refusal = refusal() {
            send(refusal, .error, tokens: 0, on: connection)
            entry.answered = entry.sends.last?.instant
            isFaultPlayed = true
            return .ended(.complete)
        }
        guard isStream else { return .next(wholeAnswerDue()) }
        let headers = Self.identityHeaders(entry.identifier, interface)
        entry.answered = transmit(
            HTTPResponse.streamHead(headers, framing: framing, closes: closesConnection), on: connection)
        for event in writer.opening { send(framing.frame(event), .role, tokens: 0, on: connection) }
        return .next(nextDue)
    }

    static func identityHeaders(_ identifier: String, _ interface: Interface) -> [HeaderField] {
        [HeaderField(interface == .anthropicMessages ? "request-id" : "x-request-id", identifier)]
    }

    private func refusal() -> [UInt8]? {
        let headers = Self.identityHeaders(entry.identifier, interface)
        let error: ServiceError
        switch fault {
        case .http401: error = .unauthorized
        case .http429: error = .rateLimited(interface)
        case .http500: error = .serverFailure
        case .html:
            let page = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in.</body></html>\n"
            return HTTPResponse.whole(
                200, type: "text/html; charset=utf-8", headers: headers, body: Array(page.utf8),
                closes: closesConnection)
        default: return nil
        }
        return HTTPResponse.whole(
            error.status, headers: headers + error.headers, body: Array(error.json(interface).text.utf8),
            closes: closesConnection)
    }

    /// When the next comment or content is due.
    private var nextDue: Instant {
        guard let commentDue, content.tokensDrawn == 0 else { return schedule.due }
        return fault == .commentsForever ? commentDue : min(commentDue, schedule.due)
    }

    /// Sends what is due.
    func play(on connection: ClientConnection, due: Instant) -> Progress {
        sendsNoted = entry.sends.count
        defer { noteLateness(due) }
        guard isStream else { return playWhole(on: connection) }
        if let comment = commentDue, content.tokensDrawn == 0, fault == .commentsForever || comment < schedule.due {
            return playComment(comment, on: connection)
        }
        if let fault, !isFaultPlayed, content.tokensDrawn >= faultPoint, fault.comesHalfWay {
            isFaultPlayed = true
            if let end = playHalfWay(fault, on: connection) { return end }
        }
        if let event = content.next() {
            if keepsText { texts.append(event) }
            let bytes = framing.frame(writer.content(event))
            send(bytes, SendLogEntry.Kind(event.kind), tokens: event.tokens, on: connection)
            if event.isLast, interface == .openAICompletions { entry.finished = entry.sends.last?.instant }
            if content.nextTokens > 0 || (fault?.comesHalfWay == true && !isFaultPlayed) {
                schedule.advance(tokens: max(1, content.nextTokens))
                return .next(nextDue)
            }
        }
        return finish(on: connection)
    }

    /// How many tokens come before a fault in the middle: half of them, rounded up.
    private var faultPoint: Int { (plan.tokens + 1) / 2 }

    private func playComment(_ due: Instant, on connection: ClientConnection) -> Progress {
        if fault == .commentsForever { isFaultPlayed = true }
        send(framing.frame(Array(": keep-alive\n\n".utf8)), .comment, tokens: 0, on: connection)
        commentDue = due + max(script.commentInterval ?? .milliseconds(50), .milliseconds(1))
        return .next(nextDue)
    }

    private func finish(on connection: ClientConnection) -> Progress {
        let finish = writer.finish()
        if !finish.isEmpty {
            send(framing.frame(finish), .finish, tokens: 0, on: connection)
            if entry.finished == nil { entry.finished = entry.sends.last?.instant }
        }
        if fault == .noDone {
            isFaultPlayed = true
            _ = transmit(framing.end, on: connection)
        } else {
            entry.done = transmit(framing.frame(writer.terminal) + framing.end, on: connection)
        }
        return .ended(.complete)
    }

    private func wholeAnswerDue() -> Instant {
        var length = content
        while let event = length.next() {
            if event.isLast { break }
            schedule.advance(tokens: length.nextTokens)
        }
        return schedule.due
    }

    private func playWhole(on connection: ClientConnection) -> Progress {
        if fault == .stall || fault == .commentsForever {
            isFaultPlayed = true
            return .silent
        }
        while let event = content.next() { texts.append(event) }
        let (bytes, ending) = wholeAnswer()
        let tokens = isFaultPlayed ? 0 : plan.tokens
        let kind: SendLogEntry.Kind = isFaultPlayed ? .error : plan.toolName == nil ? .text : .tool
        if !bytes.isEmpty { send(bytes, kind, tokens: tokens, on: connection) }
        entry.answered = entry.sends.last?.instant
        entry.finished = entry.answered
        entry.done = isFaultPlayed ? nil : entry.answered
        return .ended(ending)
    }

    /// The answer in one piece, as its fault leaves it.
    private func wholeAnswer() -> ([UInt8], Ending) {
        let body = Array(writer.whole(texts).text.utf8)
        let headers = Self.identityHeaders(entry.identifier, interface)
        let isFailure = fault == .errorEvent || fault == .errorThenDone
        let failure = Array(ServiceError.serverFailure.json(interface).text.utf8)
        let half = Array(body.prefix(body.count / 2))
        let sent = isFailure ? failure : fault == .invalidJSON ? half : body
        var bytes = HTTPResponse.whole(200, headers: headers, body: sent, closes: closesConnection)
        isFaultPlayed = fault != nil && fault != .noDone
        switch fault {
        case .reset: return ([], .reset)
        case .truncated, .truncatedMidJSON:
            bytes.removeLast(body.count / 2)
            return (bytes, .close)
        default: return (bytes, .complete)
        }
    }

    /// Sends bytes that belong to no event.
    func transmit(_ bytes: [UInt8], on connection: ClientConnection) -> Instant {
        let (instant, isBlocked) = connection.send(bytes)
        if isBlocked { entry.blockedSends += 1 }
        return instant
    }

    /// Sends bytes and logs them as one send, unless the connection broke on them.
    func send(_ bytes: [UInt8], _ kind: SendLogEntry.Kind, tokens: Int, on connection: ClientConnection) {
        let instant = transmit(bytes, on: connection)
        let returned = MonotonicClock.now()
        guard !connection.isBroken else { return }
        entry.sends.append(SendLogEntry.Send(instant: instant, returned: returned, kind: kind, tokens: tokens))
        entry.outputTokens += tokens
    }

    private func noteLateness(_ due: Instant) {
        guard sendsNoted < entry.sends.count else { return }
        entry.latestBy = max(entry.latestBy, entry.sends[sendsNoted].instant - due)
    }

    /// Closes the log's entry.
    func close(completed: Bool, at instant: Instant) -> SendLogEntry {
        entry.ended = instant
        entry.status = isFaultPlayed ? .fault : completed ? .completed : .disconnected
        if keepsText {
            entry.text = String(decoding: texts.text, as: UTF8.self)
            entry.reasoningText = String(decoding: texts.reasoning, as: UTF8.self)
            entry.toolArguments = String(decoding: texts.toolArguments, as: UTF8.self)
        }
        return entry
    }
}

extension SendLogEntry.Kind {
    init(_ kind: TokenKind) {
        switch kind {
        case .reasoning: self = .reasoning
        case .text: self = .text
        case .tool: self = .tool
        }
    }
}
