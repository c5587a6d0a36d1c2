package import Timeline

/// The native API of Hugging Face's Text Generation Inference: one event a token.
///
/// The server answers with status 200 whatever happens, and tells overload and refusals inside the stream.
package struct TGIDialect: Dialect {
    package let name = "tgi"
    package let takesTools = false

    package init() {}

    package func path(for target: Target) -> String { path(for: target, streams: true) }

    package func path(for target: Target, streams: Bool) -> String { streams ? "/generate_stream" : "/generate" }

    /// Writes a request; without `details` there would be no finish reason and no count.
    ///
    /// The API refuses a temperature of 0, which it calls not sampling, and cannot force a length.
    package func encode(_ prompt: Prompt, settings: RequestSettings, target: Target) -> EncodedRequest {
        var parameters: JSONValue = ["details": true]
        if let length = settings.outputLength { parameters.merge("max_new_tokens", .integer(length.tokens)) }
        if let temperature = settings.temperature {
            parameters.merge("do_sample", .bool(temperature > 0))
            if temperature > 0 { parameters.merge("temperature", .number(temperature)) }
        }
        if let schema = settings.answerSchema?.schema {
            parameters.merge("grammar", ["type": "json", "value": schema])
        }
        let body: JSONValue = ["inputs": OpenAIRequest.text(prompt), "parameters": parameters]
        return EncodedRequest(
            path: path(for: target, streams: settings.stream), headers: contentHeaders(settings),
            body: body, target: target)
    }

    package func read(_ event: WireEvent, into reading: inout StreamReading) {
        var message = TGIEvent(keepsText: reading.keepsText)
        guard message.scan(event.data) else { return reading.appendInvalid(event.data) }
        if message.mayBeError, let error = ServerError(told: event.data) { return reading.append(error) }
        if let index = message.index { reading.follow(number: index) }
        if message.draft.tokens != nil { reading.noteChoice(0) }
        reading.append(message.draft)
        guard message.isLast else { return }
        readEnd((try? JSONValue(parsing: Array(event.data)))?["details"], into: &reading)
    }

    private func readEnd(_ details: JSONValue?, into reading: inout StreamReading) {
        if let count = details?["generated_tokens"]?.integerValue {
            reading.take(TokenUsage(input: details?["input_length"]?.integerValue, output: count))
        }
        reading.finish(0, reason: details?["finish_reason"]?.stringValue)
        reading.append(.terminal)
    }

    package func read(answer: JSONValue, into reading: inout StreamReading) {
        if let error = ServerError(in: answer) { return reading.append(error) }
        guard let text = (answer.arrayValue?.first ?? answer)["generated_text"]?.stringValue else { return }
        var draft = EventDraft(keepsText: reading.keepsText)
        draft.add(text, as: .text)
        reading.append(draft)
        readEnd((answer.arrayValue?.first ?? answer)["details"], into: &reading)
    }
}
