package import Timeline

/// The native completion API of llama.cpp's server.
package struct LlamaCppDialect: Dialect {
    package let name = "llama-cpp"
    package let takesTools = false

    package init() {}

    package func path(for target: Target) -> String { "/completion" }

    package func encode(_ prompt: Prompt, settings: RequestSettings, target: Target) -> EncodedRequest {
        var body: JSONValue = ["prompt": OpenAIRequest.text(prompt), "stream": .bool(settings.stream)]
        if let length = settings.outputLength { body.merge("n_predict", .integer(length.tokens)) }
        if case .exactly = settings.outputLength { body.merge("ignore_eos", true) }
        if let temperature = settings.temperature { body.merge("temperature", .number(temperature)) }
        if let schema = settings.answerSchema?.schema { body.merge("json_schema", schema) }
        return EncodedRequest(
            path: path(for: target), headers: contentHeaders(settings), body: body, target: target)
    }

    package func read(_ event: WireEvent, into reading: inout StreamReading) {
        var message = LlamaCppEvent(keepsText: reading.keepsText)
        guard message.scan(event.data, into: &reading) else { return reading.appendInvalid(event.data) }
        if message.mayBeError, let error = ServerError(told: event.data) { return reading.append(error) }
        if !message.isLast || message.draft.hasContent { append(message, to: &reading) }
        guard message.isLast else { return }
        readEnd((try? JSONValue(parsing: Array(event.data))) ?? .null, choice: message.draft.choice, into: &reading)
        if reading.isFinished { reading.append(.terminal) }
    }

    /// Appends an event with its tokens.
    ///
    /// The difference of running counts comes first: tokens whose characters were held back have no id of their own.
    private func append(_ message: LlamaCppEvent, to reading: inout StreamReading) {
        var draft = message.draft
        let difference = reading.tokens(runningCount: message.runningTokens, of: draft)
        draft.tokens = difference ?? message.tokenIDs
        if !draft.hasContent, draft.tokens == 0 { draft.tokens = nil }
        reading.noteChoice(draft.choice)
        reading.append(draft)
    }

    private func readEnd(_ last: JSONValue, choice: Int, into reading: inout StreamReading) {
        if reading.servedModel == nil { reading.servedModel = last["model"]?.stringValue }
        if let output = last["tokens_predicted"]?.integerValue {
            reading.take(
                TokenUsage(
                    input: last["tokens_evaluated"]?.integerValue, output: output,
                    cached: last["timings"]?["cache_n"]?.integerValue))
        }
        reading.finish(choice, reason: Self.reason(last))
    }

    /// Why generation stopped; older servers say it by one member for each reason.
    private static func reason(_ last: JSONValue) -> String? {
        if let reason = last["stop_type"]?.stringValue { return reason }
        let older = [("stopped_eos", "eos"), ("stopped_word", "word"), ("stopped_limit", "limit")]
        return older.first { last[$0.0] == true }?.1
    }

    package func read(answer: JSONValue, into reading: inout StreamReading) {
        if let error = ServerError(in: answer) { return reading.append(error) }
        for result in answer.arrayValue ?? [answer] {
            guard let content = result["content"]?.stringValue else { continue }
            var draft = EventDraft(keepsText: reading.keepsText)
            draft.choice = result["index"]?.integerValue ?? 0
            draft.add(content, as: .text)
            reading.append(draft)
            if let timings = result["timings"] { reading.keepTimings("timings", timings.text) }
            readEnd(result, choice: draft.choice, into: &reading)
        }
        if reading.isFinished { reading.append(.terminal) }
    }
}
