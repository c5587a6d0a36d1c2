import Timeline

/// Decides how an attempt ended.
///
/// The transport cannot tell: HTTP 200, an end without error and the end marker are each not success. An answer is
/// complete when its API's end marker was seen, no error was told, every choice has told how it finished, and the
/// transport ended cleanly or had nothing more to bring.
enum OutcomeJudge {
    static func judge(_ evidence: StreamEvidence) -> StreamOutcome {
        if evidence.status == 0 { return withoutResponse(evidence.end) }
        guard (200...299).contains(evidence.status) else {
            return StreamOutcome(
                .httpError, detail: evidence.error?.detail ?? ServerError.detail(status: evidence.status),
                message: evidence.error?.message)
        }
        if let error = evidence.error {
            return StreamOutcome(.streamError, detail: error.detail, message: error.message)
        }
        if let fault = faultOfBody(evidence) { return fault }
        if evidence.sawTerminal { return ended(evidence) }
        if let fault = faultOfTransport(evidence.end) { return fault }
        return withoutTerminal(evidence)
    }

    private static func withoutResponse(_ end: TransportEnd) -> StreamOutcome {
        switch end {
        case .connectFailed(let message): StreamOutcome(.connectError, message: message)
        case .clean: StreamOutcome(.transportError, detail: "empty_reply", message: "the connection closed unanswered")
        case .cutShort(let message): StreamOutcome(.transportError, detail: "empty_reply", message: message)
        default: faultOfTransport(end) ?? StreamOutcome(.transportError)
        }
    }

    /// The outcome that the end of the transfer alone decides; nil where HTTP was content.
    private static func faultOfTransport(_ end: TransportEnd) -> StreamOutcome? {
        switch end {
        case .clean: nil
        case .connectFailed(let message): StreamOutcome(.connectError, message: message)
        case .tlsFailed(let message): StreamOutcome(.transportError, detail: "tls", message: message)
        case .cutShort(let message): StreamOutcome(.truncated, detail: "cut_short", message: message)
        case .malformedHTTP(let message): StreamOutcome(.protocolError, detail: "malformed_http", message: message)
        case .broken(let message): StreamOutcome(.transportError, detail: "connection_lost", message: message)
        case .tooLarge(let limit): tooLarge(limit, detail: "response_too_large")
        case .timedOut(let kind): StreamOutcome(timeout(kind))
        case .cancelled: StreamOutcome(.cancelled)
        }
    }

    private static func timeout(_ kind: TransportEnd.TimeoutKind) -> OutcomeClass {
        switch kind {
        case .connect: .timeoutConnect
        case .headers: .timeoutHeaders
        case .firstToken: .timeoutFirstToken
        case .stall: .timeoutStall
        case .total: .timeoutTotal
        }
    }

    private static func tooLarge(_ limit: Int, detail: String) -> StreamOutcome {
        StreamOutcome(.protocolError, detail: detail, message: "more than \(limit) bytes")
    }

    /// The outcome of a body that is not what was asked for, or is damaged; nil where there is nothing to say.
    private static func faultOfBody(_ evidence: StreamEvidence) -> StreamOutcome? {
        if let limit = evidence.exceededLimit { return tooLarge(limit, detail: "event_too_large") }
        if let reason = evidence.brokenFraming {
            return StreamOutcome(.protocolError, detail: "malformed_framing", message: reason)
        }
        if evidence.status == 204 || evidence.status == 205 {
            return StreamOutcome(.protocolError, detail: "no_content", message: "HTTP \(evidence.status) has no body")
        }
        if evidence.status == 206 {
            // RFC 9110, 15.3.7: an answer to a request for a range, which none is.
            return StreamOutcome(
                .protocolError, detail: "partial_content", message: "HTTP 206 is a part of an answer, not asked for")
        }
        // A response whose headers broke off says nothing of its body.
        if evidence.body == .unexpectedType(""), evidence.bytesReceived == 0,
            let fault = faultOfTransport(evidence.end)
        {
            return fault
        }
        switch evidence.body {
        case .encoded(let encoding):
            return StreamOutcome(
                .protocolError, detail: "content_encoding",
                message: "the body is encoded as \(encoding), which was not asked for")
        case .unexpectedType(let type):
            let found = type.isEmpty ? "the response has no content type" : "the content type is \(type)"
            let excerpt = evidence.excerpt.isEmpty ? "" : ": \(evidence.excerpt)"
            return StreamOutcome(
                .protocolError, detail: "content_type", message: ServerError.shortened(found + excerpt))
        case .answerNotStreamed where evidence.isWhole && evidence.bytesReceived > 0:
            return StreamOutcome(
                .protocolError, detail: "not_streamed", message: "a stream was asked for, one JSON answer came")
        case .events, .answer, .answerNotStreamed: break
        }
        let isInvalid = evidence.invalidEventCount > 0 || (!evidence.isWhole && evidence.end == .clean)
        guard isInvalid, evidence.bytesReceived > 0, evidence.end != .cancelled else { return nil }
        return StreamOutcome(
            .protocolError, detail: "invalid_json",
            message: evidence.isWhole ? "\(evidence.invalidEventCount) events are no JSON objects" : evidence.excerpt)
    }

    /// The outcome of a stream whose end marker was seen; what the transport did after it does not count.
    private static func ended(_ evidence: StreamEvidence) -> StreamOutcome {
        guard evidence.isFinished else {
            return StreamOutcome(
                .truncated, detail: "no_finish_reason", message: "the end marker came, but no finish reason before it")
        }
        if evidence.contentEventCount == 0, evidence.hasLateContent {
            return StreamOutcome(
                .protocolError, detail: "content_after_end", message: "all content came behind the end marker")
        }
        return complete(evidence, otherwise: .ok)
    }

    private static func withoutTerminal(_ evidence: StreamEvidence) -> StreamOutcome {
        if evidence.isFinished, !evidence.isCut {
            return complete(evidence, otherwise: evidence.endsWithBody && !evidence.hasTail ? .ok : .okSloppyEnd)
        }
        if evidence.bytesReceived == 0 {
            return StreamOutcome(.truncated, detail: "empty_body", message: "the response has no body")
        }
        let detail =
            evidence.sawTerminalInTail
            ? "no_finish_reason" : evidence.hasTail || evidence.isCut ? "unfinished_event" : "no_terminal"
        return StreamOutcome(
            .truncated, detail: detail,
            message: evidence.isCut
                ? "the stream ended inside an event"
                : evidence.endsWithBody
                    ? "the stream ended before its finish reason" : "the stream ended before its end marker")
    }

    private static func complete(_ evidence: StreamEvidence, otherwise good: OutcomeClass) -> StreamOutcome {
        let reasons = evidence.finishReasons
        for reason in reasons where reason != evidence.refusalReason {
            guard let detail = FinishReason.failure(reason) else { continue }
            return StreamOutcome(.streamError, detail: detail, message: "the finish reason is \(reason)")
        }
        if let reason = evidence.refusalReason { return StreamOutcome(.okRefused, detail: reason) }
        let refusal = reasons.first(where: FinishReason.isRefusal)
        if evidence.sawRefusal || refusal != nil {
            return StreamOutcome(.okRefused, detail: refusal ?? "refusal")
        }
        return StreamOutcome(evidence.contentEventCount == 0 ? .okEmpty : good)
    }
}
