import Testing
import Timeline

@testable import Wire

/// Streams of the many servers that speak the chat API, each reduced to what is peculiar to it.
struct OpenAIChatDialectTests {
    /// A chunk with one choice, whose delta and further members are given.
    static func chunk(_ delta: String, _ more: String = "\"finish_reason\":null", after: String = "") -> String {
        "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":\(delta),\(more)}]\(after)}\n\n"
    }

    static let finish = chunk("{}", "\"finish_reason\":\"stop\"")
    static let done = "data: [DONE]\n\n"

    @Test(arguments: [
        #"{"role":"assistant"}"#, #"{"role":"assistant","content":""}"#, #"{"content":null}"#, "{}", "null",
        #"{"content":7}"#, #"{"content":[]}"#, #"{"reasoning_content":""}"#, #"{"tool_calls":[]}"#,
        #"{"tool_calls":[{"index":0,"id":"x","type":"function","function":{"arguments":""}}]}"#,
        #"{"content":"","obfuscation":"abcdef"}"#, #"{"refusal":null}"#, #"{"function_call":null}"#,
    ])
    func `a delta without content is not a first token`(_ delta: String) throws {
        let stream = try Capture(Self.chunk(delta) + Self.chunk(#"{"content":"a"}"#) + Self.finish + Self.done)
            .decoded()
        #expect(stream.kinds == [.control, .text, .control, .terminal])
        #expect(stream.outcome == StreamOutcome(.ok))
    }

    @Test(arguments: [
        (#"{"content":" "}"#, StreamEvent.Kind.text, 1, 1), (#"{"content":"\n"}"#, .text, 1, 1),
        (#"{"content":"é🚀"}"#, .text, 2, 6), (#"{"content":"\u00e9\ud83d\ude80"}"#, .text, 2, 6),
        (#"{"role":"assistant","content":"x"}"#, .text, 1, 1), (#"{"refusal":"no"}"#, .refusal, 2, 2),
        (#"{"reasoning_content":"hm","content":null}"#, .reasoning, 2, 2),
        (#"{"reasoning":"hm","content":""}"#, .reasoning, 2, 2),
        (#"{"reasoning":"hm","reasoning_content":"hm"}"#, .reasoning, 2, 2),
        (#"{"reasoning":"","reasoning_content":"hm"}"#, .reasoning, 2, 2),
        (#"{"tool_calls":[{"index":0,"id":"x","function":{"name":"get","arguments":""}}]}"#, .tool, 3, 3),
        (#"{"tool_calls":[{"index":0,"function":{"arguments":"{\"a"}}]}"#, .tool, 3, 3),
        (#"{"tool_calls":[{"custom":{"name":"n","input":"ab"}}]}"#, .tool, 3, 3),
        (#"{"function_call":{"name":"get","arguments":"{}"}}"#, .tool, 5, 5),
        (#"{"content":[{"type":"text","text":"ab"}]}"#, .text, 2, 2),
        (#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"abc"}]}]}"#, .reasoning, 3, 3),
        (#"{"content":"a","content":"bc"}"#, .text, 2, 2),
    ])
    func `content of every kind is content`(
        _ delta: String, _ kind: StreamEvent.Kind, _ characters: Int, _ bytes: Int
    ) throws {
        let stream = try Capture(Self.chunk(delta) + Self.finish + Self.done).decoded()
        #expect(stream.kinds == [kind, .control, .terminal])
        #expect(stream.events[0].characters == characters)
        #expect(stream.events[0].contentBytes == bytes)
        #expect(stream.events[0].text?.utf8.count == bytes)
    }

    @Test func `kinds of content that share a chunk are events of one read, and share its tokens by their bytes`()
        throws
    {
        let call = #"{"content":"abc","tool_calls":[{"function":{"name":"f"}}],"reasoning":"hmhmhmhm"}"#
        let chunk = Self.chunk(call, "\"token_ids\":[1,2,3,4,5,6]")
        let stream = try Capture(chunk + Self.finish + Self.done).decoded()
        #expect(stream.kinds == [.reasoning, .text, .tool, .control, .terminal])
        #expect(stream.events.map(\.text) == ["hmhmhmhm", "abc", "f", nil, nil])
        #expect(stream.events.map(\.characters) == [8, 3, 1, 0, 0])
        #expect(stream.events.map(\.contentBytes) == [8, 3, 1, 0, 0])
        // 6 tokens over 8, 3 and 1 of 12 bytes: 4, 1.5 and 0.5, so that the running sum is 4, 5.5 (to 6) and 6.
        #expect(stream.events.map(\.tokens) == [4, 2, 0, nil, nil])
        #expect(stream.events.map(\.wireBytes).prefix(3) == [chunk.utf8.count, 0, 0])
        #expect(Set(stream.events.prefix(3).map(\.readIndex)).count == 1)
    }

    @Test func `content on the finish chunk is content`() throws {
        let stream = try Capture(Self.chunk(#"{"content":"a"}"#, "\"finish_reason\":\"length\"") + Self.done).decoded()
        #expect(stream.kinds == [.text, .terminal])
        #expect(stream.finishReason == "length")
        #expect(stream.outcome == StreamOutcome(.ok))
    }

    @Test func `filter frames without choices or without a delta are no tokens, and do not name the model`() throws {
        let stream = try Capture(
            """
            data: {"id":"","model":"","choices":[],"prompt_filter_results":[{"prompt_index":0}]}

            data: {"id":"cc-9","model":"m-1","choices":[{"index":0,"delta":{"content":"Blue"},"finish_reason":null}]}

            data: {"id":"","model":"","choices":[{"index":0,"finish_reason":null,"content_filter_results":{}}]}

            data: {"id":"cc-9","model":"m-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]


            """
        ).decoded()
        #expect(stream.kinds == [.control, .text, .control, .control, .terminal])
        #expect(stream.servedModel == "m-1")
        #expect(stream.responseID == "cc-9")
        #expect(stream.outcome == StreamOutcome(.ok))
    }

    @Test func `the last usage object stands, null ones and repeated ones add nothing`() throws {
        let details = #""prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":4}"#
        let stream = try Capture(
            Self.chunk(#"{"content":"a"}"#, after: ",\"usage\":null") + Self.finish
                + #"data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}"# + "\n\n"
                + #"data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":7,\#(details)}}"# + "\n\n"
                + Self.done
        ).decoded()
        #expect(stream.usage == TokenUsage(input: 9, output: 7, reasoning: 4, cached: 3))
    }

    @Test func `running usage gives each event its tokens`() throws {
        func chunk(_ delta: String, _ running: Int) -> String {
            Self.chunk(delta, after: ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":\(running)}")
        }
        let stream = try Capture(
            chunk(#"{"role":"assistant","content":""}"#, 0) + chunk(#"{"content":"a"}"#, 1)
                + chunk(#"{"content":"bcd"}"#, 4) + chunk(#"{"content":"e"}"#, 5)
                + Self.chunk("{}", "\"finish_reason\":\"stop\"", after: ",\"usage\":{\"completion_tokens\":5}")
                + Self.done
        ).decoded()
        #expect(stream.events.map(\.tokens) == [nil, 1, 3, 1, nil, nil])
        #expect(stream.usage?.output == 5)
    }

    @Test func `running usage of two answers is counted apart`() throws {
        func chunk(_ choice: Int, _ running: Int) -> String {
            "data: {\"choices\":[{\"index\":\(choice),\"delta\":{\"content\":\"a\"}}],"
                + "\"usage\":{\"completion_tokens\":\(running)}}\n\n"
        }
        let stream = try Capture(chunk(0, 1) + chunk(1, 2) + chunk(0, 3) + chunk(1, 3)).decoded()
        #expect(stream.events.map(\.tokens) == [1, 2, 2, 1])
    }

    @Test func `token ids count the tokens of an event, one without text included`() throws {
        let stream = try Capture(
            Self.chunk(#"{"content":""}"#, "\"token_ids\":[9011]")
                + Self.chunk(#"{"content":"🚀!"}"#, "\"finish_reason\":\"length\",\"token_ids\":[88,0]")
                + #"data: {"choices":[],"usage":{"completion_tokens":3},"metrics":{"queue_time_ms":2.5}}"# + "\n\n"
                + Self.done
        ).decoded()
        #expect(stream.kinds == [.control, .text, .control, .terminal])
        #expect(stream.events.map(\.tokens) == [1, 2, nil, nil])
        #expect(stream.serverTimings == ["metrics": ["queue_time_ms": .number(2.5)]])
    }

    @Test func `several answers in one event are several events of one read`() throws {
        let stream = try Capture(
            #"data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"},{"index":1,"delta":{"content":"b"},"finish_reason":"length"}]}"#
                + "\n\n" + Self.done
        ).decoded()
        #expect(stream.events.map(\.choice) == [0, 1, 0])
        #expect(stream.text(choice: 1) == "b")
        #expect(stream.events[1].wireBytes == 0)
        #expect(stream.outcome == StreamOutcome(.ok))
    }

    @Test func `an answer that never finished makes the stream incomplete`() throws {
        let stream = try Capture(
            #"data: {"choices":[{"index":1,"delta":{"content":"a"}}]}"# + "\n\n" + Self.finish + Self.done
        ).decoded()
        #expect(stream.outcome.outcomeClass == .truncated)
        #expect(stream.outcome.detail == "no_finish_reason")
    }

    @Test func `Groq's timings and usage are kept`() throws {
        let stream = try Capture(
            Self.chunk(#"{"content":"a"}"#)
                + Self.chunk(
                    "{}", "\"finish_reason\":\"stop\"",
                    after: #","x_groq":{"id":"r","usage":{"queue_time":0.012,"prompt_tokens":9,"completion_tokens":1}}"#
                )
                + Self.done
        ).decoded()
        #expect(stream.usage == TokenUsage(input: 9, output: 1))
        #expect(stream.serverTimings?["x_groq"]?["usage"]?["queue_time"] == .number(0.012))
    }

    @Test func `DeepSeek's cache hits are cached tokens`() throws {
        let stream = try Capture(
            Self.chunk(
                "{}", "\"finish_reason\":\"stop\"", after: #","usage":{"prompt_tokens":9,"prompt_cache_hit_tokens":6}"#)
        ).decoded()
        #expect(stream.usage == TokenUsage(input: 9, cached: 6))
    }

    @Test func `named events and comments between data do no harm`() throws {
        let stream = try Capture(
            ": OPENROUTER PROCESSING\n\nevent: sglext_ids\ndata: {\"ids\":[1]}\n\n" + Self.chunk(#"{"content":"a"}"#)
                + Self.finish + Self.done
        ).decoded()
        #expect(stream.kinds == [.comment, .control, .text, .control, .terminal])
        #expect(stream.events[0].text == " OPENROUTER PROCESSING")
        #expect(stream.outcome == StreamOutcome(.ok))
    }

    @Test func `reasoning inside the text is told`() throws {
        let stream = try Capture(Self.chunk(#"{"content":"<think>"}"#) + Self.finish + Self.done).decoded()
        #expect(stream.kinds.first == .text)
        #expect(stream.warnings.count == 1)
    }

    @Test(arguments: [
        (#"{"error":{"message":"boom","type":"server_error","code":null}}"#, "server", "boom"),
        (#"{"error":{"message":"slow down","code":429}}"#, "rate_limited", "slow down"),
        (#"{"error":{"message":"full","type":"overloaded_error"}}"#, "overloaded", "full"),
        (#"{"error":"Model is overloaded","error_type":"overloaded"}"#, "overloaded", "Model is overloaded"),
        (#"{"object":"error","message":"bad","type":"BadRequestError","code":400}"#, "invalid", "bad"),
        (
            #"{"error":{"code":502,"message":"upstream"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}"#,
            "server", "upstream"
        ),
        (#"{"choices":[],"x_groq":{"error":"lost"}}"#, "server", "lost"),
        (#"{"error":{"message":"no","type":"invalid_request_error","code":"invalid_api_key"}}"#, "auth", "no"),
    ])
    func `an error inside the stream is an error before, after and instead of tokens`(
        _ data: String, _ detail: String, _ message: String
    ) throws {
        let error = "data: \(data)\n\n"
        let content = Self.chunk(#"{"content":"a"}"#)
        for stream in [error, content + error, content + error + Self.done, content + Self.finish + error + Self.done] {
            let decoded = try Capture(stream).decoded()
            #expect(decoded.outcome == StreamOutcome(.streamError, detail: detail, message: message))
            #expect(decoded.kinds.contains(.error))
        }
    }

    @Test(arguments: [#""error":null"#, #""error":"""#, #""error":{}"#, #""error":false"#])
    func `an empty error is none`(_ member: String) throws {
        let stream = try Capture(Self.chunk(#"{"content":"a"}"#, after: "," + member) + Self.finish + Self.done)
            .decoded()
        #expect(stream.outcome == StreamOutcome(.ok))
        #expect(stream.kinds == [.text, .control, .terminal])
    }

    @Test(arguments: [
        ("error", OutcomeClass.streamError), ("abort", .streamError), ("insufficient_system_resource", .streamError),
        ("content_filter", .okRefused), ("stop", .ok), ("length", .ok), ("tool_calls", .ok), ("eos", .ok),
    ])
    func `the finish reason can spoil an answer`(_ reason: String, _ outcome: OutcomeClass) throws {
        let stream = try Capture(
            Self.chunk(#"{"content":"a"}"#) + Self.chunk("{}", "\"finish_reason\":\"\(reason)\"") + Self.done
        ).decoded()
        #expect(stream.outcome.outcomeClass == outcome)
        #expect(stream.finishReason == reason)
    }

    @Test func `an answer without a stream gives every kind of content`() throws {
        let stream = try Capture(
            type: "application/json",
            #"{"id":"i","model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":{"content":null,"reasoning":"hm","tool_calls":[{"function":{"name":"get","arguments":"{}"}}]}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#
        ).decoded(expectsStream: false)
        #expect(stream.kinds == [.reasoning, .tool, .terminal])
        #expect(stream.events.map(\.text) == ["hm", "get{}", nil])
        #expect(stream.outcome == StreamOutcome(.ok))
    }
}
