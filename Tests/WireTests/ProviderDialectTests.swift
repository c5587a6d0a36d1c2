import Testing
import Timeline

@testable import Wire

/// What single events of Gemini, Bedrock and Ollama prove.
struct ProviderDialectTests {
    private func answered(_ api: String, _ json: String) throws -> DecodedStream {
        try Capture(type: "application/json", json).decoded(as: api, expectsStream: false)
    }

    @Test func `Gemini's usage is a total so far, thoughts apart from text`() throws {
        let thought = GeminiRows.chunk(
            GeminiRows.candidate(#"{"thought":true,"text":"Thinking about sky"}"#),
            usage: #""promptTokenCount":6,"totalTokenCount":24,"thoughtsTokenCount":18"#)
        let text = GeminiRows.text(
            "Blue, because of scattering.",
            usage: #""promptTokenCount":6,"candidatesTokenCount":6,"totalTokenCount":30,"thoughtsTokenCount":18"#)
        let end = GeminiRows.chunk(
            GeminiRows.candidate(nil, finish: "STOP"),
            usage:
                #""promptTokenCount":6,"toolUsePromptTokenCount":2,"cachedContentTokenCount":4,"candidatesTokenCount":7,"totalTokenCount":33,"thoughtsTokenCount":18"#
        )
        let stream = try Capture(thought + text + end).decoded(as: "gemini")
        #expect(stream.kinds == [.reasoning, .text, .control])
        #expect(stream.events.map(\.tokens) == [18, 6, 1])
        #expect(stream.text(.reasoning) == "Thinking about sky")
        #expect(stream.text() == "Blue, because of scattering.")
        #expect(stream.usage == TokenUsage(input: 8, output: 25, reasoning: 18, cached: 4))
        #expect(stream.servedModel == "g-1" && stream.responseID == "r1" && stream.finishReason == "STOP")
        #expect(stream.terminalEvent == 2)
    }

    @Test(arguments: [
        (#"{"text":"a"},{"text":" b"}"#, StreamEvent.Kind.text, 3),
        (#"{"text":" "}"#, .text, 1),
        (#"{"text":"","thoughtSignature":"c2ln"}"#, .control, 0),
        (#"{"text":"","thought":true}"#, .control, 0),
        (#"{"text":"a","thought":false}"#, .text, 1),
        (#"{"functionCall":{"name":"f","args":{"x":1}}}"#, .tool, 8),
        (#"{"functionCall":{"name":"f","args":{}}}"#, .tool, 1),
        (#"{"functionCall":{"args":{ }}}"#, .control, 0),
        (#"{"executableCode":{"language":"PYTHON","code":"1"}}"#, .tool, 1),
        (#"{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}}"#, .control, 0),
        (#"{"inlineData":{"mimeType":"audio/pcm","data":"Zm9v"}}"#, .text, 0),
        ("7", .control, 0),
    ])
    func `a part of Gemini's proves what it carries`(
        _ parts: String, _ kind: StreamEvent.Kind, _ characters: Int
    ) throws {
        let stream = try Capture(GeminiRows.chunk(GeminiRows.candidate(parts, finish: "STOP"))).decoded(as: "gemini")
        #expect(stream.kinds == [kind])
        #expect(stream.events[0].characters == characters)
    }

    @Test func `a thought and an answer in one chunk of Gemini's are two events`() throws {
        let parts = #"{"text":"a"},{"text":"hm","thought":true},{"functionCall":{"name":"f"}}"#
        let stream = try Capture(GeminiRows.chunk(GeminiRows.candidate(parts, finish: "STOP"))).decoded(as: "gemini")
        #expect(stream.kinds == [.reasoning, .text, .tool])
        #expect(stream.events.map(\.text) == ["hm", "a", "f"])
    }

    @Test func `Gemini's candidates are answers of their own`() throws {
        let stream = try Capture(
            GeminiRows.chunk(
                GeminiRows.candidate(#"{"text":"a"}"#, finish: "STOP"),
                GeminiRows.candidate(#"{"text":"b"}"#, finish: "MAX_TOKENS", index: 1),
                usage: "\"candidatesTokenCount\":9")
        ).decoded(as: "gemini")
        #expect(stream.events.map(\.choice) == [0, 1])
        #expect(stream.events.map(\.tokens) == [nil, nil])
        #expect(stream.events[0].wireBytes > 0 && stream.events[1].wireBytes == 0)
        #expect(stream.text(choice: 1) == "b")
    }

    @Test func `one Gemini answer reads like a stream of one chunk`() throws {
        let stream = try answered(
            "gemini",
            #"{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2}}"#
        )
        #expect(stream.outcome == StreamOutcome(.ok))
        #expect(stream.kinds == [.text, .terminal] && stream.usage == TokenUsage(input: 1, output: 2))
        #expect(try answered("gemini", #"{"candidates":[]}"#).outcome.outcomeClass == .truncated)
        #expect(try answered("gemini", GeminiRows.error).outcome.outcomeClass == .streamError)
    }

    @Test func `Bedrock's stream tells usage, time and the reason of its end`() throws {
        let stream = try BedrockRows.capture(BedrockRows.good).decoded(as: "bedrock")
        #expect(stream.kinds == [.control, .text, .text, .control, .control, .terminal])
        #expect(stream.text() == "a b" && stream.finishReason == "end_turn" && stream.terminalEvent == 5)
        #expect(stream.usage == TokenUsage(input: 11, output: 5, cached: 3))
        #expect(stream.serverTimings == ["metrics": ["latencyMs": 321]])
        #expect(stream.events.map(\.wireBytes).reduce(0, +) == BedrockRows.good.count)
    }

    @Test(arguments: [
        (#"{"text":" "}"#, StreamEvent.Kind.text, 1), (#"{"text":""}"#, .control, 0),
        (#"{"reasoningContent":{"text":"hm"}}"#, .reasoning, 2),
        (#"{"reasoningContent":{"signature":"c2ln"}}"#, .control, 0),
        (#"{"reasoningContent":{"redactedContent":"Zm9v"}}"#, .control, 0),
        (#"{"toolUse":{"input":"{\"a\":"}}"#, .tool, 5), (#"{"toolUse":{"input":""}}"#, .control, 0),
        (#"{"citation":{"title":"t"}}"#, .control, 0), ("{}", .control, 0), ("null", .control, 0), ("7", .control, 0),
    ])
    func `a delta of Bedrock's proves what it carries`(
        _ delta: String, _ kind: StreamEvent.Kind, _ characters: Int
    ) throws {
        let stream = try BedrockRows.capture(BedrockRows.delta(delta)).decoded(as: "bedrock")
        #expect(stream.kinds == [kind])
        #expect(stream.events[0].characters == characters)
    }

    @Test func `a tool's name comes with its block's start`() throws {
        let start = AWSMessage.event(
            "contentBlockStart", #"{"start":{"toolUse":{"toolUseId":"t1","name":"f"}},"contentBlockIndex":1}"#)
        let stream = try BedrockRows.capture(start).decoded(as: "bedrock")
        #expect(stream.kinds == [.tool] && stream.text(.tool) == "f")
    }

    @Test func `invalid UTF-8 in a message is repaired and told`() throws {
        var message = AWSMessage.event("contentBlockDelta", #"{"delta":{"text":"?"}}"#)
        let position = try #require(message.lastIndex(of: UInt8(ascii: "?")))
        message[position] = 0xff
        message = message.dropLast(4) + AWSMessage.word(AWSMessage.checksum(message.dropLast(4)))
        let stream = try BedrockRows.capture(message).decoded(as: "bedrock")
        #expect(stream.text() == "\u{fffd}" && stream.warnings == ["invalid UTF-8 was replaced by U+FFFD"])
    }

    @Test func `one answer of Bedrock's is read`() throws {
        let stream = try answered(
            "bedrock",
            #"{"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm"}}},{"text":"a"},{"toolUse":{"name":"f","input":{"x":1}}}]}},"stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":2},"metrics":{"latencyMs":3}}"#
        )
        #expect(stream.outcome == StreamOutcome(.ok) && stream.finishReason == "tool_use")
        #expect(stream.kinds == [.reasoning, .text, .tool, .terminal])
        #expect(stream.events.map(\.text) == ["hm", "a", #"f{"x":1}"#, nil])
        #expect(
            stream.usage == TokenUsage(input: 1, output: 2) && stream.serverTimings == ["metrics": ["latencyMs": 3]])
    }

    @Test func `Ollama's last line ends the stream and tells what the server measured`() throws {
        let stream = try OllamaRows.capture(
            OllamaRows.line(#""content":"","thinking":"Sky""#) + OllamaRows.text("Blue") + OllamaRows.done
        ).decoded(as: "ollama")
        #expect(stream.kinds == [.reasoning, .text, .terminal] && stream.terminalEvent == 2)
        #expect(stream.text(.reasoning) == "Sky" && stream.text() == "Blue")
        #expect(stream.usage == TokenUsage(input: 11, output: 4) && stream.servedModel == "q")
        #expect(stream.finishReason == "stop")
        #expect(
            stream.serverTimings == [
                "total_duration": 412_000_000, "load_duration": 9_000_000, "prompt_eval_duration": 88_000_000,
                "eval_duration": 290_000_000,
            ])
    }

    @Test(arguments: [
        (#""content":" ""#, StreamEvent.Kind.text, 1), (#""content":"""#, .control, 0),
        (#""content":"","thinking":"hm""#, .reasoning, 2),
        (#""content":"","tool_calls":[{"function":{"name":"f","arguments":{"x":1}}}]"#, .tool, 8),
        (#""content":"","tool_calls":[{"function":{"name":"f","arguments":{}}}]"#, .tool, 1),
        (#""content":"","tool_calls":[]"#, .control, 0), (#""content":null"#, .control, 0),
    ])
    func `a line of Ollama's proves what it carries`(
        _ message: String, _ kind: StreamEvent.Kind, _ characters: Int
    ) throws {
        let stream = try OllamaRows.capture(OllamaRows.line(message)).decoded(as: "ollama")
        #expect(stream.kinds == [kind])
        #expect(stream.events[0].characters == characters)
    }

    @Test func `one answer of Ollama's is read, and so is generated text`() throws {
        for body in [OllamaRows.end("stop", content: "ab"), #"{"response":"ab","done":true,"done_reason":"stop"}"#] {
            let stream = try answered("ollama", body)
            #expect(stream.outcome == StreamOutcome(.ok) && stream.kinds == [.text, .terminal])
            #expect(stream.text() == "ab")
        }
        let thinking = try OllamaRows.capture(#"{"response":"","thinking":"hm","done":false}"#).decoded(as: "ollama")
        #expect(thinking.kinds == [.reasoning])
        #expect(try answered("ollama", OllamaRows.error).outcome.outcomeClass == .streamError)
    }
}
