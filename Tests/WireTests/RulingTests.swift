import Testing
import Timeline

@testable import Wire

/// Where an end says two things, and which of them counts.
struct RulingTests {
    @Test(arguments: [
        (#""finish_reason":"COMPLETE","error":"upstream lost""#, OutcomeClass.streamError, "server" as String?),
        (#""finish_reason":"COMPLETE","error":null"#, .ok, nil),
        (#""finish_reason":"ERROR_OTHER""#, .streamError, "server"),
        (#""finish_reason":"ERROR_LIMIT","error":"too long""#, .streamError, "server"),
        (#""finish_reason":"USER_CANCEL""#, .streamError, "aborted"),
        (#""finish_reason":"ERROR_TOXIC""#, .okRefused, "ERROR_TOXIC"),
    ])
    func `an error at Cohere's end counts, whatever the reason beside it`(
        _ end: String, _ outcome: OutcomeClass, _ detail: String?
    ) throws {
        let text = #"data: {"type":"content-delta","delta":{"message":{"content":{"text":"a"}}}}"#
        let stream = try Capture("\(text)\n\ndata: {\"type\":\"message-end\",\"delta\":{\(end)}}\n\n")
            .decoded(as: "cohere")
        #expect(stream.outcome.outcomeClass == outcome && stream.outcome.detail == detail)
    }

    @Test(arguments: ["completed", "incomplete", "in_progress"])
    func `an error in a response object counts, whatever its status`(_ status: String) throws {
        let delta = #"data: {"type":"response.output_text.delta","delta":"a"}"#
        let response = #"{"id":"r","status":"\#(status)","error":{"code":"server_error","message":"boom"}}"#
        let body = "\(delta)\n\ndata: {\"type\":\"response.\(status)\",\"response\":\(response)}\n\n"
        let stream = try Capture(body).decoded(as: "openai-responses")
        #expect(stream.outcome == StreamOutcome(.streamError, detail: "server", message: "boom"))
    }

    @Test(arguments: Dialects.all.filter { $0.framing == .serverSentEvents }.map(\.name))
    func `an event that is an error by its name is one without a word too`(_ api: String) throws {
        let stream = try Capture("event: error\ndata:\n\ndata: [DONE]\n\n").decoded(as: api)
        #expect(stream.outcome.outcomeClass == .streamError)
    }

    @Test(arguments: ProviderStream.healthy)
    func `the end marker of OpenAI's behind another API's own end changes nothing`(_ expected: ProviderStream) throws {
        var capture = try expected.capture()
        let stream = try capture.decoded(as: expected.api)
        capture.body += Array("data: [DONE]\n\n".utf8)
        let longer = try capture.decoded(as: expected.api)
        #expect(longer.outcome == stream.outcome && longer.terminalEvent == stream.terminalEvent)
        #expect(longer.events.dropLast() == stream.events[...])
    }

    @Test(arguments: [
        (#"{"errors":[{"message":"no capacity","code":"x"}]}"#, "overloaded" as String?, "no capacity" as String?),
        (#"{"errors":["first","second"]}"#, "server", "first"),
        (#"{"error_code":336003,"error_msg":"bad prompt"}"#, "server", "bad prompt"),
        (#"{"status":"error","message":"lost"}"#, "server", "lost"),
        (#"{"code":429,"message":"slow down"}"#, "rate_limited", "slow down"),
        (#"{"id":"c","errorCode":"e","errorMessage":"gone"}"#, "server", "gone"),
        (#"{"message":"Internal server error"}"#, "server", "Internal server error"),
        (#"{"detail":"too many requests","request_id":"r"}"#, "server", "too many requests"),
        (#"{"choices":null,"base_resp":{"status_code":1004,"status_msg":"no auth"}}"#, "auth", "no auth"),
        (#"{"base_resp":{"status_code":0,"status_msg":""},"usage":{}}"#, nil, nil),
        (#"{"message":"hello","choices":[]}"#, nil, nil),
        (#"{"id":"c","object":"chat.completion.chunk"}"#, nil, nil),
        (#"{"errors":[],"status":"ok"}"#, nil, nil),
        (#"{"code":0,"message":"ok"}"#, nil, nil),
        (#"{"code":500,"message":"x","choices":[]}"#, nil, nil),
    ])
    func `an error in the words of a gateway counts, even behind a finish`(
        _ event: String, _ detail: String?, _ message: String?
    ) throws {
        let text = #"data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"#
        let stream = try Capture("\(text)\n\ndata: \(event)\n\ndata: [DONE]\n\n").decoded()
        let expected = StreamOutcome(detail == nil ? .ok : .streamError, detail: detail, message: message)
        #expect(stream.outcome == expected)
    }

    @Test(arguments: [9_223_372_036_854_775_807, 5_000_000_000_000_000_000])
    func `a count beyond all answers is not taken, in running counts neither`(_ count: Int) throws {
        let chunk = #"data: {"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"completion_tokens":\#(count)}}"#
        let end = #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
        let stream = try Capture("\(chunk)\n\n\(chunk)\n\n\(end)\n\ndata: [DONE]\n\n").decoded()
        #expect(stream.outcome == StreamOutcome(.ok) && stream.usage == TokenUsage())
        #expect(stream.events.allSatisfy { $0.tokens == nil })
    }

    @Test(arguments: [
        ("error", "stop", OutcomeClass.streamError), ("content_filter", "stop", .okRefused), ("stop", "stop", .ok),
    ])
    func `a finish reason that spoils an answer is not outweighed by another one`(
        _ first: String, _ second: String, _ outcome: OutcomeClass
    ) throws {
        let chunks = [first, second].map {
            #"data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"\#($0)"}]}"# + "\n\n"
        }
        let stream = try Capture(chunks.joined() + "data: [DONE]\n\n").decoded()
        #expect(stream.outcome.outcomeClass == outcome)
    }

    @Test(arguments: [
        ("openai-responses", #"{"type":"response.failed","response":{"id":"r","status":"completed"}}"#),
        ("openai-responses", #"{"type":"response.failed"}"#),
        ("cohere", #"{"type":"message-end","delta":{"error":"upstream lost"}}"#),
        ("openai-chat", #"[{"error":{"message":"boom"}}]"#),
        ("anthropic", #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"error":{"message":"boom"}}"#),
    ])
    func `an error is one in whatever event it is told`(_ api: String, _ data: String) throws {
        let stream = try Capture("data: \(data)\n\n").decoded(as: api)
        #expect(stream.outcome.outcomeClass == .streamError)
    }

    @Test func `an error that no blank line completes counts behind the end too`() throws {
        let text = #"data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"#
        let stream = try Capture("\(text)\n\ndata: [DONE]\n\ndata: {\"error\":{\"message\":\"boom\"}}\n").decoded()
        #expect(stream.outcome == StreamOutcome(.streamError, detail: "server", message: "boom"))
    }

    @Test func `an answer that began with its role alone has to finish as well`() throws {
        let start =
            #"data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"},{"index":1,"delta":{"role":"assistant"}}]}"#
        let stream = try Capture("\(start)\n\ndata: [DONE]\n\n").decoded()
        #expect(stream.outcome.outcomeClass == .truncated)
    }

    @Test func `a Gemini stream that goes on behind its finish has to finish again`() throws {
        let finished = GeminiRows.chunk(GeminiRows.candidate(#"{"text":"a"}"#, finish: "STOP"))
        let more = GeminiRows.text("b")
        #expect(try Capture(finished + more).decoded(as: "gemini").outcome.outcomeClass == .truncated)
        #expect(try Capture(finished + more + finished).decoded(as: "gemini").outcome.outcomeClass == .ok)
    }

    @Test func `a body that the connection compresses was not asked for`() throws {
        let text = #"data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"#
        let headers = [HeaderField("Transfer-Encoding", "gzip, chunked")]
        let stream = try Capture(headers: headers, "\(text)\n\ndata: [DONE]\n\n").decoded()
        #expect(stream.outcome.outcomeClass == .protocolError && stream.outcome.detail == "content_encoding")
    }

    @Test func `bytes behind the end of an event stream of AWS are told`() throws {
        let stream = try BedrockRows.capture(BedrockRows.good, [1, 2, 3, 4]).decoded(as: "bedrock")
        #expect(stream.outcome == StreamOutcome(.ok))
        #expect(stream.warnings == ["bytes that are no message follow the end"])
    }

    @Test func `counts below zero are not taken, and told`() throws {
        let usage =
            #""usage":{"prompt_tokens":-5,"completion_tokens":7,"completion_tokens_details":{"reasoning_tokens":-1}}"#
        let stream = try Capture(
            #"data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],\#(usage)}"#
                + "\n\ndata: [DONE]\n\n"
        ).decoded()
        #expect(stream.outcome == StreamOutcome(.ok) && stream.usage == TokenUsage(output: 7))
        #expect(stream.warnings == ["the server's usage has a count that cannot be one: not taken"])
    }

    @Test(arguments: [
        ("ollama", OllamaRows.capture(OllamaRows.text("a") + OllamaRows.done)),
        ("bedrock", BedrockRows.capture(AWSMessage.event("contentBlockDelta", #"{"delta":{"text":"a"}}"#))),
    ])
    func `what stood on the wire is kept in every framing`(_ api: String, _ capture: Capture) throws {
        let dialect = try #require(Dialects.named(api))
        var decoder = StreamDecoder(
            dialect: dialect, status: 200, headers: capture.headers, expectsStream: true, keepsText: true,
            keepsItems: true)
        capture.body.withUnsafeBytes { decoder.receive($0, readIndex: 0) }
        let stream = decoder.finish(.clean)
        #expect(!stream.items.isEmpty && stream.items.map(\.wireBytes).reduce(0, +) == capture.body.count)
        #expect(stream.items.flatMap(\.events) == Array(stream.events.indices))
    }

    private static let finished =
        #"data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"# + "\n\n"

    @Test(arguments: [
        "upstream connect error or disconnect/reset before headers\n\n", "Traceback (most recent call last):\n",
    ])
    func `what somebody else wrote in place of the end marker is no clean end`(_ line: String) throws {
        #expect(try Capture(Self.finished).decoded().outcome.outcomeClass == .okSloppyEnd)
        let stream = try Capture(Self.finished + line).decoded()
        #expect(stream.outcome.outcomeClass == .truncated)
        // With the marker behind it nothing is missing.
        let whole = try Capture(Self.finished + line + "\ndata: [DONE]\n\n").decoded()
        #expect(whole.outcome.outcomeClass == .ok && !whole.warnings.isEmpty)
    }

    @Test(arguments: [#""server overloaded""#, "1", "true", #"["a"]"#])
    func `JSON that is no object is no event of any API`(_ data: String) throws {
        let stream = try Capture("data: \(data)\n\n" + Self.finished + "data: [DONE]\n\n").decoded()
        #expect(stream.outcome.outcomeClass == .protocolError && stream.outcome.detail == "invalid_json")
        let named = try Capture("event: tick\ndata: 1\n\n" + Self.finished + "data: [DONE]\n\n").decoded()
        #expect(named.outcome.outcomeClass == .ok)
    }

    @Test func `usage without a count that can be read is warned of`() throws {
        let usage = #"data: {"choices":[],"usage":{"prompt_tokens":"7"}}"# + "\n\ndata: [DONE]\n\n"
        let stream = try Capture(Self.finished + usage).decoded()
        #expect(stream.outcome.outcomeClass == .ok)
        #expect(stream.warnings == ["the usage has no count of tokens that can be read"])
    }
}
