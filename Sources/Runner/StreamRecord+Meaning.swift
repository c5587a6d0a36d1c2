package import Timeline
import Wire

extension StreamRecord {
    /// Takes over what a response said; each event gets the instants of the read that completed it.
    mutating func take(
        _ decoded: DecodedStream, reads: [BodyCapture.Read], analysis: AnswerAnalysis = AnswerAnalysis(),
        keepsText: Bool = true
    ) {
        let stamps = ReadStamp.numbered(reads.map(ReadStamp.init))
        events = decoded.events.enumerated().compactMap { index, event in
            guard stamps.indices.contains(event.readIndex) else { return nil }
            let stamp = stamps[event.readIndex]
            return StreamEvent(
                index: index, readIndex: stamp.number, arrival: stamp.arrival, reading: stamp.reading,
                lateBound: stamp.lateBound, kind: event.kind, tokens: event.tokens, characters: event.characters,
                contentBytes: event.contentBytes, wireBytes: event.wireBytes, choice: event.choice,
                text: keepsText ? event.text : nil)
        }
        terminal = decoded.terminalEvent.flatMap { events.indices.contains($0) ? events[$0].arrival : nil }
        responseHeaders = decoded.keptHeaders
        rateLimits = decoded.rateLimits
        finishReason = decoded.finishReason
        usage = decoded.usage
        servedModel = decoded.servedModel
        systemFingerprint = decoded.systemFingerprint
        upstreamProvider = decoded.upstreamProvider
        responseID = decoded.responseID
        serverTimings = decoded.serverTimings
        outcome = decoded.outcome
        warnings = decoded.warnings
        reconnection = decoded.reconnection
        answerMarks = analysis.marks(of: decoded)
    }

    /// Whether the whole body is stored with all that decoding it again needs.
    package var canBeDecodedAgain: Bool {
        // A secret that was taken out of the body has changed its length, and the ends of the reads with it.
        bodyCapture.map { ($0.reads.last?.end ?? 0) == rawBody?.count } ?? false
    }

    /// Whether more of the body came than is kept of one.
    package var hasCutBody: Bool { (rawBody?.count ?? 0) >= StreamAssembly.rawLimit && !canBeDecodedAgain }

    /// The record as the stored body gives it, decoded now; nil where that is not stored, or not to its end.
    package func decodedAgain(as api: String) -> StreamRecord? {
        let analysis = AnswerAnalysis(of: answerMarks)
        guard let bodyCapture,
            let decoded = decodedBody(as: api, headers: responseHeaders, needsText: analysis.needsText)
        else { return nil }
        var record = self
        record.take(decoded, reads: bodyCapture.reads, analysis: analysis, keepsText: bodyCapture.keepsText)
        // Without the response's date these were counted from the wall clock of the run, which is over.
        if !responseHeaders.contains(where: { $0.name.lowercased() == "date" }) { record.rateLimits = rateLimits }
        return record
    }

    /// What the stored body says under the given response headers; nil where that is not stored, or not to its end.
    func decodedBody(
        as api: String, headers: [HeaderField], keepsItems: Bool = false, needsText: Bool = false
    ) -> DecodedStream? {
        guard canBeDecodedAgain, let rawBody, let bodyCapture, let dialect = Dialects.named(api) else { return nil }
        var decoder = StreamDecoder(
            dialect: dialect, status: httpStatus ?? 0, headers: headers,
            expectsStream: bodyCapture.expectsStream, keepsText: bodyCapture.keepsText || needsText,
            keepsItems: keepsItems)
        rawBody.withUnsafeBytes { bytes in
            var start = 0
            for (index, read) in bodyCapture.reads.enumerated() where start...bytes.count ~= read.end {
                decoder.receive(UnsafeRawBufferPointer(rebasing: bytes[start..<read.end]), readIndex: index)
                start = read.end
            }
        }
        return decoder.finish(bodyCapture.end)
    }
}
