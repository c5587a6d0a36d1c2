import Timeline

extension StreamDecoder {
    /// What a response's headers promise of its body; `expected` is the framing of the stream that was asked for, if any.
    static func body(promisedBy headers: [HeaderField], expected: WireFraming?) -> StreamEvidence.Body {
        let encoding = value(of: "content-encoding", in: headers).lowercased()
        if !encoding.isEmpty, encoding != "identity" { return .encoded(encoding) }
        let transfer = value(of: "transfer-encoding", in: headers).lowercased()
        let codings = transfer.split(separator: ",").map { trimmed($0) }
        if let coding = codings.first(where: { $0 != "chunked" && $0 != "identity" }) { return .encoded(coding) }
        let type = value(of: "content-type", in: headers)
        let essence = trimmed(type.prefix { $0 != ";" }).lowercased()
        let isJSON = essence == "application/json" || essence == "text/json" || essence.hasSuffix("+json")
        if let expected {
            if expected.accepts(essence) { return .events }
            if isJSON { return .answerNotStreamed }
        } else if isJSON {
            return .answer
        }
        return .unexpectedType(type)
    }

    private static func value(of name: String, in headers: [HeaderField]) -> String {
        headers.first { $0.name.lowercased() == name }.map { trimmed($0.value[...]) } ?? ""
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " || $0 == "\t" }
        let end = start.lastIndex { $0 != " " && $0 != "\t" }
        return end.map { String(start[...$0]) } ?? ""
    }

    /// Joins the reading and its outcome to what others see of the stream.
    func decoded(_ evidence: StreamEvidence) -> DecodedStream {
        var evidence = evidence
        evidence.error = evidence.error ?? reading.error
        evidence.invalidEventCount = reading.invalidEventCount
        evidence.sawTerminal = reading.sawTerminal
        evidence.contentEventCount = reading.contentEventCount
        evidence.hasLateContent = reading.hasLateContent
        evidence.sawRefusal = reading.sawRefusal
        evidence.refusalReason = reading.refusalReason
        evidence.isFinished = reading.isFinished
        evidence.finishReasons = reading.toldReasons
        var stream = DecodedStream(outcome: OutcomeJudge.judge(evidence))
        stream.events = reading.events
        stream.items = reading.items ?? []
        stream.terminalEvent = reading.terminalEvent
        if evidence.endsWithBody, stream.outcome.isComplete, stream.terminalEvent == nil {
            // Nothing marks the end, so it is what came last.
            stream.terminalEvent = reading.events.lastIndex { $0.kind != .comment }
        }
        stream.finishReason = reading.finishReason
        let usage = reading.totals
        stream.usage = usage?.plausible
        stream.servedModel = reading.servedModel
        stream.systemFingerprint = reading.systemFingerprint
        stream.responseID = reading.responseID
        stream.reconnection = reading.reconnection
        stream.upstreamProvider = reading.upstreamProvider
        stream.serverTimings = reading.serverTimings
        stream.keptHeaders = KeptHeaders.choose(from: headers)
        stream.rateLimits = RateLimits(headers: headers)
        stream.warnings = reading.warnings
        if stream.usage != usage {
            stream.warnings.append("the server's usage has a count that cannot be one: not taken")
        }
        if usage?.output != reading.usage?.output, stream.outcome.isComplete {
            stream.warnings.append("the usage came before the end of the content: its output tokens are no total")
        }
        if let hit = KeptHeaders.cacheHit(in: headers) { stream.warnings.append(hit) }
        if reading.sawTerminal, evidence.end != .clean {
            stream.warnings.append("the transfer did not end cleanly after the end of the stream: \(evidence.end)")
        }
        return stream
    }
}
