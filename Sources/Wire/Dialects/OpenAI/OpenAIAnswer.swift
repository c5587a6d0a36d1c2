import Timeline

/// What the OpenAI APIs' answers have in common where no stream was asked for.
enum OpenAIAnswer {
    /// Reads an answer; each choice is one event, whose content the body adds.
    static func read(
        _ answer: JSONValue, into reading: inout StreamReading, _ addContent: (JSONValue, inout EventDraft) -> Void
    ) {
        if let error = ServerError(in: answer) { return reading.append(error) }
        reading.responseID = answer["id"]?.stringValue
        reading.servedModel = answer["model"]?.stringValue
        reading.systemFingerprint = answer["system_fingerprint"]?.stringValue
        reading.upstreamProvider = answer["provider"]?.stringValue
        readUsage(answer, into: &reading)
        for name in ["timings", "metrics", "perf_metrics", "time_info", "x_groq"] {
            if let value = answer[name], value != .null { reading.keepTimings(name, value.text) }
        }
        for choice in answer["choices"]?.arrayValue ?? [] {
            var draft = EventDraft(keepsText: reading.keepsText)
            draft.choice = choice["index"]?.integerValue ?? 0
            draft.tokens = choice["token_ids"]?.arrayValue?.count
            addContent(choice, &draft)
            reading.noteChoice(draft.choice)
            reading.append(draft)
            if let reason = choice["finish_reason"]?.word { reading.finish(draft.choice, reason: reason) }
        }
        if reading.isFinished { reading.append(.terminal) }
    }

    private static func readUsage(_ answer: JSONValue, into reading: inout StreamReading) {
        guard let value = answer["usage"], case .object = value else { return }
        if value["total_time"] != nil { reading.keepTimings("usage", value.text) }
        Array(value.text.utf8).withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            reading.take(TokenUsage(openAI: &scanner))
        }
    }
}
