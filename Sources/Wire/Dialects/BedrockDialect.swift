package import Timeline

/// Amazon Bedrock's Converse and ConverseStream.
///
/// Requests carry a Bedrock API key, or are signed when they are sent (`RequestSigner`).
package struct BedrockDialect: Dialect {
    package let name = "bedrock"
    package let takesSchema = false
    package let framing = WireFraming.awsEventStream

    package init() {}

    package func path(for target: Target) -> String { path(for: target, streams: true) }

    package func path(for target: Target, streams: Bool) -> String {
        "/model/\(URIEncoding.encode(target.model))/" + (streams ? "converse-stream" : "converse")
    }

    /// Writes a request; the path names the model and says whether it asks for a stream.
    package func encode(_ prompt: Prompt, settings: RequestSettings, target: Target) -> EncodedRequest {
        let system = prompt.messages.filter { $0.role == "system" }
        let messages = prompt.messages.filter { $0.role != "system" }.map { message -> JSONValue in
            ["role": .string(message.role), "content": [["text": .string(message.content)]]]
        }
        var body: JSONValue = [:]
        if !system.isEmpty { body.merge("system", .array(system.map { ["text": .string($0.content)] })) }
        body.merge("messages", .array(messages))
        var inference: JSONValue = [:]
        if let length = settings.outputLength { inference.merge("maxTokens", .integer(length.tokens)) }
        if let temperature = settings.temperature { inference.merge("temperature", .number(temperature)) }
        if !settings.tools.isEmpty {
            let tools = settings.tools.map { tool -> JSONValue in
                var specification: JSONValue = ["name": .string(tool.name)]
                if let description = tool.description { specification.merge("description", .string(description)) }
                specification.merge("inputSchema", ["json": tool.parameters])
                return ["toolSpec": specification]
            }
            body.merge("toolConfig", ["tools": .array(tools)])
            // The API knows no word for forbidding what it is offered.
            if let choice = settings.toolChoice, choice != .none {
                body.merge("toolConfig", ["toolChoice": choice == .required ? ["any": [:]] : ["auto": [:]]])
            }
        }
        if inference != [:] { body.merge("inferenceConfig", inference) }
        return EncodedRequest(
            path: path(for: target, streams: settings.stream), headers: contentHeaders(settings), body: body,
            target: target)
    }

    package func read(_ event: WireEvent, into reading: inout StreamReading) {
        switch event.type {
        case "messageStop": readStop(event.data, into: &reading)
        case "metadata": readMetadata(event.data, into: &reading)
        default:
            var message = BedrockEvent(keepsText: reading.keepsText)
            guard message.scan(event.data) else { return reading.appendInvalid(event.data) }
            reading.noteChoice(0)
            reading.append(message.draft)
        }
    }

    private func readStop(_ data: UnsafeRawBufferPointer, into reading: inout StreamReading) {
        guard let value = try? JSONValue(parsing: Array(data)) else { return reading.appendInvalid(data) }
        if let reason = value["stopReason"]?.word { Self.take(reason, into: &reading) }
        reading.append(reading.sawTotals && reading.isFinished ? .terminal : .control)
    }

    /// Reads the event that comes after the stop and ends the stream; where it came first, the stop is the end.
    private func readMetadata(_ data: UnsafeRawBufferPointer, into reading: inout StreamReading) {
        guard let value = try? JSONValue(parsing: Array(data)) else { return reading.appendInvalid(data) }
        readCounts(value, into: &reading)
        reading.sawTotals = true
        reading.append(reading.isFinished ? .terminal : .control)
    }

    private func readCounts(_ value: JSONValue, into reading: inout StreamReading) {
        if let metrics = value["metrics"], metrics != .null { reading.keepTimings("metrics", metrics.text) }
        guard let usage = value["usage"], case .object = usage else { return }
        let cached = usage["cacheReadInputTokens"]?.integerValue
        // The API counts tokens apart that were read from or written to its cache.
        reading.take(
            TokenUsage(
                input: TokenUsage.sum(
                    usage["inputTokens"]?.integerValue, cached, usage["cacheWriteInputTokens"]?.integerValue),
                output: usage["outputTokens"]?.integerValue, cached: cached))
    }

    private static func take(_ reason: String, into reading: inout StreamReading) {
        reading.finish(0, reason: reason)
        if reason == "guardrail_intervened" || reason == "content_filtered" {
            reading.refusalReason = reason
        } else if reason.hasPrefix("malformed_") {
            reading.append(ServerError(message: "the stop reason is \(reason)", detail: "server"))
        }
    }

    package func read(answer: JSONValue, into reading: inout StreamReading) {
        if let error = ServerError(in: answer) { return reading.append(error) }
        var draft = EventDraft(keepsText: reading.keepsText)
        for block in answer["output"]?["message"]?["content"]?.arrayValue ?? [] {
            draft.add(block["text"]?.stringValue, as: .text)
            draft.add(block["reasoningContent"]?["reasoningText"]?["text"]?.stringValue, as: .reasoning)
            if let call = block["toolUse"] { draft.addCall(name: call["name"]?.stringValue, arguments: call["input"]) }
        }
        readCounts(answer, into: &reading)
        reading.append(draft)
        guard let reason = answer["stopReason"]?.word else { return }
        Self.take(reason, into: &reading)
        reading.append(.terminal)
    }
}
