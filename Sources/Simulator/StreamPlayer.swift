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
    let interface: any Interface
    let script: StreamScript
    let fault: Fault?
    let isStream: Bool
    let closesConnection: Bool
    var framing: BodyFraming
    var encoder: BodyEncoder
    var outbox: Outbox
    var entry: SendLogEntry
    var writer: any AnswerWriter
    var content: AnswerContent
    var schedule: AnswerSchedule
    /// When the next comment is due; nil where none will come.
    var commentDue: Instant?
    /// Whether comments have taken the place of the rest of the answer.
    var hasOnlyComments = false
    var isFaultPlayed = false
    /// When an answer that is whole is to end its connection; nil unless a fault wants that late.
    var closeDue: Instant?
    var texts = AnswerTexts()
    /// The number in the id of the latest event that carried one.
    var eventNumber = 0
    /// Which of its target's answers this is, for the ids of its events.
    let answerOrdinal: Int
    private let lastEvent: Int?
    let keepsText: Bool
    /// When the first and the last content were due.
    private var firstContent: Instant?
    private var lastContent: Instant?
    /// Tokens whose bytes wait for later ones, as those of a call that is sent whole.
    private var waitingTokens = 0
    /// When the step that is being played was due.
    private var stepDue: Instant
    /// The log's sends before the step that is being played.
    private var sendsNoted = 0

    init(_ performance: Performance, entry: SendLogEntry, keepsText: Bool) {
        let start = entry.bodyRead
        plan = performance.plan
        interface = performance.interface
        script = performance.script
        fault = performance.fault
        isStream = performance.isStream
        answerOrdinal = performance.ordinal
        lastEvent = performance.lastEvent
        closesConnection = performance.closesConnection || performance.fault == .longBody
        framing = performance.framing
        encoder = BodyEncoder(framing: performance.framing, fault: performance.isStream ? performance.fault : nil)
        outbox = Outbox(script: script, fault: fault)
        self.entry = entry
        stepDue = start
        self.keepsText = keepsText
        var shown = plan
        if script.hidesReasoning { shown.reasoningTokens = 0 }
        writer = interface.writer(of: shown)
        content = AnswerContent(
            plan: plan, source: performance.text, tokensPerEvent: script.tokensPerEvent,
            structure: performance.structure?.pieces)
        schedule = AnswerSchedule(script: script, start: start, generator: performance.draws)
        hasOnlyComments = fault == .commentsForever
        let interval = script.commentInterval ?? (hasOnlyComments ? .milliseconds(50) : nil)
        if isStream, interface.framing.isServerSentEvents {
            commentDue = interval.map { start + max($0, .milliseconds(1)) }
        }
    }

    /// Sends what needs no waiting: the head and the events before the first token, or a fault's answer.
    func begin(on connection: ClientConnection) -> Progress {
        if let progress = beginBadly(on: connection) { return progress }
        guard isStream else { return .next(wholeAnswerDue()) }
        entry.answered = transmit(streamHead() + reconnectionTime(), on: connection)
        if let lastEvent {
            skip(to: lastEvent, at: entry.bodyRead)
            return content.nextTokens > 0 ? .next(nextDue) : finish(on: connection)
        }
        for event in writer.opening() { send(encoder.encode(event), .role, tokens: 0, on: connection) }
        return openBadly(on: connection) ?? .next(nextDue)
    }

    /// When anything is due next.
    var nextDue: Instant {
        var due = schedule.due
        if let commentDue, content.tokensDrawn == 0 || hasOnlyComments {
            due = hasOnlyComments ? commentDue : min(commentDue, due)
        }
        if let release = outbox.due { due = min(release, due) }
        return due
    }

    /// Sends what is due.
    func play(on connection: ClientConnection, due: Instant) -> Progress {
        sendsNoted = entry.sends.count
        stepDue = due
        defer { noteLateness(due) }
        guard isStream else { return playWhole(on: connection) }
        if closeDue != nil { return .ended(.close) }
        if let release = outbox.due, release <= due {
            flush(on: connection)
            return .next(nextDue)
        }
        if let comment = commentDue, comment <= due, hasOnlyComments || content.tokensDrawn == 0 {
            return playComment(comment, on: connection)
        }
        if let fault, !isFaultPlayed, content.tokensDrawn >= faultPoint, fault.comesHalfWay {
            isFaultPlayed = true
            flush(on: connection)
            if let end = playHalfWay(fault, on: connection) { return end }
        }
        if let event = nextContent(on: connection) {
            play(event, on: connection)
            if content.nextTokens > 0 || (fault?.comesHalfWay == true && !isFaultPlayed) {
                schedule.advance(tokens: max(1, content.nextTokens))
                return .next(nextDue)
            }
        }
        return finish(on: connection)
    }

    private func play(_ event: ContentEvent, on connection: ClientConnection) {
        let isHidden = event.kind == .reasoning && script.hidesReasoning
        if keepsText, !isHidden { texts.append(event) }
        firstContent = firstContent ?? schedule.due
        lastContent = schedule.due
        if isHidden { return }
        let bytes = identified(withSecondChoice(writer.content(event)))
        waitingTokens += event.tokens
        guard !bytes.isEmpty else { return }
        send(encoder.encode(bytes), SendLogEntry.Kind(event.kind), tokens: waitingTokens, on: connection)
        waitingTokens = 0
        if event.isLast, writer.finishesWithContent, plan.reportsEnd || !writer.terminal.isEmpty {
            entry.finished = entry.sends.last?.instant
        }
    }

    /// How many tokens come before a fault in the middle: half of them, rounded up.
    var faultPoint: Int { (plan.tokens + 1) / 2 }

    /// How long the server took, as far as it is due: never longer than a client can have seen.
    var timing: AnswerTiming {
        let first = firstContent ?? schedule.due
        return AnswerTiming(prompt: first - entry.bodyRead, generation: (lastContent ?? first) - first)
    }

    private func playComment(_ due: Instant, on connection: ClientConnection) -> Progress {
        if hasOnlyComments { isFaultPlayed = true }
        send(encoder.encode(Array(": keep-alive\n\n".utf8)), .comment, tokens: 0, on: connection)
        commentDue = due + max(script.commentInterval ?? .milliseconds(50), .milliseconds(1))
        return .next(nextDue)
    }

    /// Sends bytes that belong to no event.
    func transmit(_ bytes: [UInt8], on connection: ClientConnection) -> Instant {
        let (instant, isBlocked) = connection.send(bytes)
        if isBlocked { entry.blockedSends += 1 }
        return instant
    }

    /// Sends an event's bytes and logs them as one send, unless they wait for others.
    func send(_ bytes: [UInt8], _ kind: SendLogEntry.Kind, tokens: Int, on connection: ClientConnection) {
        if outbox.holds(kind) {
            let label = Outbox.Label(kind: kind, tokens: tokens)
            if outbox.hold(bytes, label, now: stepDue) { flush(on: connection) }
            return
        }
        let instant = fault == .byteByByte ? transmitSingly(bytes, on: connection) : transmit(bytes, on: connection)
        let returned = MonotonicClock.now()
        guard !connection.isBroken else { return }
        entry.sends.append(SendLogEntry.Send(instant: instant, returned: returned, kind: kind, tokens: tokens))
        entry.outputTokens += tokens
    }

    /// Sends all that waits, and bytes after it, in one call; each event is logged with that call's instants.
    @discardableResult
    func flush(followedBy tail: [UInt8] = [], on connection: ClientConnection) -> Instant {
        let (bytes, labels) = outbox.take()
        guard !bytes.isEmpty || !tail.isEmpty else { return MonotonicClock.now() }
        let instant = transmit(bytes + tail, on: connection)
        let returned = MonotonicClock.now()
        guard !connection.isBroken else { return instant }
        for label in labels {
            entry.sends.append(
                SendLogEntry.Send(instant: instant, returned: returned, kind: label.kind, tokens: label.tokens))
            entry.outputTokens += label.tokens
        }
        return instant
    }

    private func noteLateness(_ due: Instant) {
        guard sendsNoted < entry.sends.count else { return }
        entry.latestBy = max(entry.latestBy, entry.sends[sendsNoted].instant - due)
    }

    /// Closes the log's entry.
    func close(completed: Bool, at instant: Instant) -> SendLogEntry {
        entry.ended = instant
        if !completed { goOn(from: instant) }
        entry.status = isFaultPlayed ? .fault : completed ? .completed : .disconnected
        if keepsText {
            entry.text = texts.textString
            entry.reasoningText = texts.reasoningString
            entry.toolArguments = texts.argumentsString
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
