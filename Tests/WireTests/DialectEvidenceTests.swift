import Testing
import Timeline

@testable import Wire

/// What single events prove in each API, and what a whole answer says where no stream was asked for.
struct DialectEvidenceTests {
    @Test(arguments: [
        ("openai-responses", #"{"type":"response.output_text.done","text":"abc"}"#),
        ("openai-responses", #"{"type":"response.content_part.added","part":{"type":"output_text","text":"abc"}}"#),
        ("openai-responses", #"{"type":"response.output_item.added","item":{"type":"message","name":"abc"}}"#),
        ("openai-responses", #"{"type":"response.output_item.done","item":{"type":"function_call","name":"abc"}}"#),
        ("openai-responses", #"{"type":"response.output_text.delta","delta":"","obfuscation":"abc"}"#),
        ("openai-responses", #"{"type":"response.output_text.delta","delta":null}"#),
        ("openai-responses", #"{"type":"response.output_text.delta","delta":{"text":"abc"}}"#),
        ("openai-responses", #"{"type":"response.output_text.annotation.added","annotation":{"text":"abc"}}"#),
        ("openai-responses", #"{"type":"response.unheard_of.delta","delta":"abc"}"#),
        ("cohere", #"{"type":"content-start","delta":{"message":{"content":{"type":"text","text":""}}}}"#),
        ("cohere", #"{"type":"citation-start","delta":{"message":{"citations":{"text":"abc"}}}}"#),
        ("cohere", #"{"type":"message-start","delta":{"message":{"content":[],"tool_plan":"","tool_calls":[]}}}"#),
        ("cohere", #"{"type":"content-delta","delta":null}"#),
        ("cohere", #"{"type":"content-delta","delta":{"message":{"content":"abc"}}}"#),
        ("tgi", #"{"index":1,"token":{"id":1,"text":"","special":false},"generated_text":null}"#),
        ("tgi", #"{"index":1,"token":{"id":1,"text":"<s>","special":true},"generated_text":null}"#),
        ("tgi", #"{"index":1,"token":null,"generated_text":null}"#),
        ("tgi", #"{"index":1,"top_tokens":[{"text":"abc"}],"generated_text":null}"#),
        ("llama-cpp", #"{"content":"","tokens":[],"stop":false,"prompt_progress":{"total":9}}"#),
        ("llama-cpp", #"{"content":null,"stop":false}"#), ("llama-cpp", #"{"content":["abc"],"stop":null}"#),
        ("mistral", #"{"choices":[{"index":0,"delta":{"content":[{"type":"reference","reference_ids":[1]}]}}]}"#),
        ("mistral", #"{"choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[]}]}}]}"#),
        ("azure-openai", #"{"choices":[],"prompt_filter_results":[{"content_filter_results":{}}]}"#),
        ("openai-chat", #"{"choices":[{"index":0,"delta":{"reasoning_details":[{"data":"abc"}]}}]}"#),
        ("openai-chat", #"{"choices":[],"sglext":{"text":"abc"}}"#),
    ])
    func `what proves no token is no content`(_ api: String, _ data: String) throws {
        let stream = try Capture("data: \(data)\n\n").decoded(as: api)
        #expect(stream.kinds == [.control])
        #expect(stream.outcome.outcomeClass == .truncated)
    }

    @Test(arguments: [
        ("openai-responses", #"{"delta":" ","type":"response.output_text.delta"}"#, StreamEvent.Kind.text, " "),
        ("openai-responses", #"{"type":"response.refusal.delta","delta":"no"}"#, .refusal, "no"),
        ("openai-responses", #"{"type":"response.reasoning_text.delta","delta":"\n"}"#, .reasoning, "\n"),
        ("openai-responses", #"{"type":"response.custom_tool_call_input.delta","delta":"x"}"#, .tool, "x"),
        (
            "openai-responses", #"{"type":"response.output_item.added","item":{"name":"f","type":"custom_tool_call"}}"#,
            .tool, "f"
        ),
        ("cohere", #"{"type":"content-start","delta":{"message":{"content":{"text":"\u00e9"}}}}"#, .text, "é"),
        ("cohere", #"{"type":"tool-plan-delta","delta":{"message":{"tool_plan":"p"}}}"#, .reasoning, "p"),
        (
            "cohere", #"{"type":"tool-call-start","delta":{"message":{"tool_calls":{"function":{"name":"f"}}}}}"#,
            .tool, "f"
        ),
        ("tgi", #"{"index":1,"token":{"special":false,"text":"\r\n"}}"#, .text, "\r\n"),
        ("llama-cpp", #"{"content":"\ud83d\ude80","stop":false}"#, .text, "🚀"),
        ("mistral", #"{"choices":[{"delta":{"content":[{"type":"text","text":" "}]}}]}"#, .text, " "),
        (
            "mistral", #"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":{"a": "}"}}}]}}]}"#, .tool,
            #"{"a": "}"}"#
        ),
        (
            "openai-chat",
            #"{"choices":[{"delta":{"reasoning":null,"reasoning_details":[{"text":"a"},{"summary":"b"}]}}]}"#,
            .reasoning, "ab"
        ),
    ])
    func `what proves a token is content, to the byte`(
        _ api: String, _ data: String, _ kind: StreamEvent.Kind, _ text: String
    ) throws {
        let stream = try Capture("data: \(data)\n\n").decoded(as: api)
        #expect(stream.kinds == [kind])
        #expect(stream.events[0].text.map { Array($0.utf8) } == Array(text.utf8))
        #expect(stream.events[0].contentBytes == text.utf8.count)
        #expect(stream.events[0].characters == text.unicodeScalars.count)
    }

    @Test func `TGI's last event is a token and the end, even without details`() throws {
        let stream = try Capture(
            "data:{\"index\":1,\"token\":{\"id\":1,\"text\":\"a\",\"special\":false},\"generated_text\":\"a\",\"details\":null}\n\n"
        ).decoded(as: "tgi")
        #expect(stream.kinds == [.text, .terminal])
        #expect(stream.events.map(\.tokens) == [1, nil])
        #expect(stream.finishReason == nil)
        #expect(stream.outcome == StreamOutcome(.ok))
    }

    @Test(arguments: [
        ("\"stop_type\":\"word\"", "word"), ("\"stopped_eos\":false,\"stopped_limit\":true", "limit"), ("\"x\":1", nil),
    ])
    func `llama.cpp's reasons to stop are read, old and new`(_ members: String, _ reason: String?) throws {
        let stream = try Capture("data: {\"content\":\"a\",\"stop\":true,\(members)}\n\n").decoded(as: "llama-cpp")
        #expect(stream.finishReason == reason)
        #expect(stream.kinds == [.text, .terminal])
        #expect(stream.outcome == StreamOutcome(.ok))
    }

    @Test func `an end without the blank line after it is sloppy, and says all the same why`() throws {
        let stream = try #require(ProviderStream.all.first { $0.file == "cohere-text" })
        var capture = try stream.capture()
        capture.body.removeLast()
        let decoded = try capture.decoded(as: stream.api)
        #expect(decoded.outcome == StreamOutcome(.okSloppyEnd))
        #expect(decoded.finishReason == "COMPLETE")
        #expect(decoded.usage == stream.usage)
        #expect(decoded.terminalEvent == nil)
    }

    static let answers: [(String, String, [StreamEvent.Kind: String], String?, TokenUsage?)] = [
        (
            "openai-responses",
            #"{"id":"i","status":"completed","error":null,"output":[{"type":"reasoning","summary":[{"text":"hm"}]},{"type":"message","content":[{"type":"output_text","text":"a"}]},{"type":"function_call","name":"f","arguments":"{}"}],"usage":{"input_tokens":1,"output_tokens":2}}"#,
            [.reasoning: "hm", .text: "a", .tool: "f{}"], "completed", TokenUsage(input: 1, output: 2)
        ),
        (
            "cohere",
            #"{"id":"i","finish_reason":"COMPLETE","message":{"content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"a"}]},"usage":{"tokens":{"input_tokens":1.0,"output_tokens":2.0}}}"#,
            [.reasoning: "hm", .text: "a"], "COMPLETE", TokenUsage(input: 1, output: 2)
        ),
        (
            "tgi", #"{"generated_text":"a","details":{"finish_reason":"length","generated_tokens":2}}"#, [.text: "a"],
            "length", TokenUsage(output: 2)
        ),
        ("tgi", #"[{"generated_text":"a"}]"#, [.text: "a"], nil, nil),
        (
            "llama-cpp", #"{"content":"a","stop":true,"stop_type":"eos","tokens_predicted":2,"tokens_evaluated":1}"#,
            [.text: "a"], "eos", TokenUsage(input: 1, output: 2)
        ),
        (
            "mistral",
            #"{"id":"i","choices":[{"index":0,"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a"}]},"finish_reason":"stop"}]}"#,
            [.reasoning: "hm", .text: "a"], "stop", nil
        ),
        (
            "openai-chat",
            #"{"id":"i","provider":"p","choices":[{"index":0,"message":{"content":"a","reasoning":"","reasoning_details":[{"text":"hm"}]},"finish_reason":"stop"}]}"#,
            [.reasoning: "hm", .text: "a"], "stop", nil
        ),
    ]

    @Test(arguments: answers.indices)
    func `an answer without a stream is one event a kind and its end`(_ number: Int) throws {
        let (api, body, texts, reason, usage) = Self.answers[number]
        let stream = try Capture(type: "application/json", body).decoded(as: api, expectsStream: false)
        #expect(stream.kinds == [.reasoning, .text, .tool].filter { texts[$0] != nil } + [.terminal])
        #expect(stream.texts.filter { !$0.value.isEmpty } == texts)
        #expect(stream.finishReason == reason)
        #expect(stream.usage == usage)
        #expect(stream.outcome == StreamOutcome(.ok))
        #expect(stream.upstreamProvider == (api == "openai-chat" ? "p" : nil))
    }

    @Test(arguments: [
        ("openai-responses", #"{"id":"i","status":"failed","error":{"code":"server_error","message":"boom"}}"#),
        ("openai-responses", #"{"id":"i","status":"cancelled","output":[]}"#),
        ("cohere", #"{"id":"i","finish_reason":"ERROR","message":{"content":[]}}"#),
        ("tgi", #"{"error":"boom","error_type":"generation"}"#),
        ("llama-cpp", #"{"error":{"code":500,"message":"boom"}}"#),
        ("mistral", #"{"object":"error","message":"boom","type":"x","code":500}"#),
    ])
    func `a failed answer without a stream is an error`(_ api: String, _ body: String) throws {
        let stream = try Capture(type: "application/json", body).decoded(as: api, expectsStream: false)
        #expect(stream.outcome.outcomeClass == .streamError)
    }

    @Test func `times to come back are kept as the server wrote them`() throws {
        let stream = try Capture(status: 429, headers: OutcomeRow.retryAfter, "{}").decoded()
        #expect(stream.keptHeaders.dropFirst() == OutcomeRow.retryAfter[...])
    }
}
