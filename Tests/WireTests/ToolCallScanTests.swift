import Testing
import Timeline

@testable import Wire

/// Calls of tools, found in the events that carry them.
@Suite struct ToolCallScanTests {
    private func calls(_ events: [[ToolCallPiece]], isComplete: Bool = true) -> [AnswerMarks.ToolCall] {
        var scan = ToolCallScan()
        for (index, pieces) in events.enumerated() { scan.take(pieces, of: index) }
        return scan.finished(isComplete: isComplete)
    }

    private func name(_ text: String, _ arguments: String? = nil) -> ToolCallPiece {
        ToolCallPiece(name: text, arguments: arguments)
    }

    private func arguments(_ text: String) -> ToolCallPiece { ToolCallPiece(arguments: text) }

    @Test func `a call has a name, then arguments, in however many events`() {
        #expect(
            calls([[name("get_weather")], [arguments("{\"ci")], [arguments("ty\": \"a{\\\"b")], [arguments("\"}")]])
                == [
                    .init(name: "get_weather", start: 0, named: 0, complete: 3)
                ])
        #expect(calls([[name("f", "{\"a\":1}")]]) == [.init(name: "f", start: 0, named: 0, complete: 0)])
    }

    @Test func `one call follows the other, also within one event`() {
        #expect(
            calls([
                [name("f")], [arguments("{\"a\":{}}")], [name("g", "{")], [arguments("}"), name("h")],
                [arguments("{}")],
            ]) == [
                .init(name: "f", start: 0, named: 0, complete: 1), .init(name: "g", start: 2, named: 2, complete: 3),
                .init(name: "h", start: 3, named: 3, complete: 4),
            ])
    }

    @Test func `arguments that break off are never whole, and a tool may take none`() {
        #expect(calls([[name("f")], [arguments("{\"a\": \"b")]]) == [.init(name: "f", start: 0, named: 0)])
        #expect(calls([[name("f")], [arguments("{\"a\": nope}")]]) == [.init(name: "f", start: 0, named: 0)])
        #expect(calls([[name("f")]]) == [.init(name: "f", start: 0, named: 0, complete: 0)])
        #expect(calls([[name("f")]], isComplete: false) == [.init(name: "f", start: 0, named: 0)])
        #expect(calls([]) == [])
    }

    @Test func `what stands behind whole arguments is no further call`() {
        #expect(calls([[name("f", "{}")], [arguments("\n ")], [arguments("xyz")]]).map(\.name) == ["f"])
    }

    /// Streams of two calls of which the first takes no arguments, as each API sends them.
    private static let withoutArguments: [(api: String, body: String)] = [
        (
            "anthropic",
            anthropic(
                #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"f","input":{}}}"#,
                #"{"type":"content_block_stop","index":0}"#,
                #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"b","name":"g","input":{}}}"#,
                #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{}"}}"#)
        ),
        (
            "gemini",
            [#"{"name":"f","args":{}}"#, #"{"name":"g","args":{"a":1}}"#].enumerated().map {
                let end = $0 == 1 ? #","finishReason":"STOP""# : ""
                return "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":\($1)}]}\(end)}]}\n\n"
            }.joined()
        ),
        (
            "openai-responses",
            [
                #""response.output_item.added","output_index":0,"item":{"type":"function_call","name":"f"}"#,
                #""response.output_item.added","output_index":1,"item":{"type":"function_call","name":"g"}"#,
                #""response.function_call_arguments.delta","output_index":1,"delta":"{}""#,
                #""response.completed","response":{"status":"completed"}"#,
            ].map { "data: {\"type\":\($0)}\n\n" }.joined()
        ),
        (
            "openai-chat",
            [
                #"[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]"#,
                #"[{"index":1,"id":"b","function":{"name":"g","arguments":"{}"}}]"#,
            ].map { OpenAIChatDialectTests.chunk("{\"tool_calls\":\($0)}") }.joined()
                + OpenAIChatDialectTests.finish + OpenAIChatDialectTests.done
        ),
    ]

    private static func anthropic(_ blocks: String...) -> String {
        let start = #"{"type":"message_start","message":{"id":"m","model":"c"}}"#
        let end = [#"{"type":"message_delta","delta":{"stop_reason":"tool_use"}}"#, #"{"type":"message_stop"}"#]
        return ([start] + blocks + end).map { "data: \($0)\n\n" }.joined()
    }

    @Test(arguments: withoutArguments)
    func `a call without arguments is one even where another follows`(api: String, body: String) throws {
        let stream = try Capture(body).decoded(as: api)
        let found = try #require(AnswerAnalysis(findsToolCalls: true).marks(of: stream)?.toolCalls)
        #expect(stream.outcome.outcomeClass.isComplete, "\(stream.outcome)")
        #expect(found.map(\.name) == ["f", "g"], "\(api)")
        #expect(found[0].start < found[1].start && found[0].named == found[0].start)
        #expect(found.allSatisfy { $0.complete != nil })
    }

    @Test func `blocks of Anthropic that overlap are told apart by their numbers`() throws {
        let stream = try Capture(
            Self.anthropic(
                #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","name":"f"}}"#,
                #"{"index":1,"type":"content_block_start","content_block":{"type":"tool_use","name":"g"}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"partial_json":"{\"a\""}}"#,
                #"{"type":"content_block_delta","index":1,"delta":{"partial_json":"{}"}}"#,
                #"{"type":"content_block_delta","delta":{"partial_json":":1}"},"index":0}"#)
        ).decoded(as: "anthropic")
        let found = try #require(AnswerAnalysis(findsToolCalls: true).marks(of: stream)?.toolCalls)
        #expect(found.map(\.name) == ["f", "g"] && found[0].complete.map { $0 > found[1].complete ?? .max } == true)
    }

    /// The calls of a chat answer whose deltas have these members `tool_calls`.
    private func chatCalls(_ deltas: [String]) throws -> [AnswerMarks.ToolCall] {
        let chunks = deltas.map { OpenAIChatDialectTests.chunk("{\"tool_calls\":\($0)}") }
        let body = chunks.joined() + OpenAIChatDialectTests.finish + OpenAIChatDialectTests.done
        return try #require(AnswerAnalysis(findsToolCalls: true).marks(of: try Capture(body).decoded())?.toolCalls)
    }

    @Test func `calls whose pieces overlap are told apart by their numbers`() throws {
        let found = try chatCalls([
            #"[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]"#,
            #"[{"function":{"name":"g","arguments":""},"index":1,"id":"b"}]"#,
            #"[{"index":0,"function":{"arguments":"{\"q\""}},{"index":1,"function":{"arguments":"{"}}]"#,
            #"[{"index":1,"function":{"arguments":"}"}}]"#,
            #"[{"index":0,"function":{"arguments":":\"}\"}"}}]"#,
        ])
        #expect(
            found == [
                .init(name: "f", start: 0, named: 0, complete: 4), .init(name: "g", start: 1, named: 1, complete: 3),
            ])
    }

    @Test(arguments: [#""index":0,"#, ""])
    func `servers that send each call whole need not number them`(_ number: String) throws {
        let found = try chatCalls([
            #"[{\#(number)"function":{"name":"f","arguments":"{\"a\":1}"}}]"#,
            #"[{\#(number)"function":{"name":"f","arguments":{"a":2}}}]"#,
        ])
        #expect(
            found == [
                .init(name: "f", start: 0, named: 0, complete: 0), .init(name: "f", start: 1, named: 1, complete: 1),
            ])
    }

    @Test func `arguments that are no JSON spoil no other call`() throws {
        let found = try chatCalls([
            #"[{"index":0,"function":{"name":"f","arguments":"{\"a\": nope}"}}]"#,
            #"[{"index":1,"function":{"name":"g","arguments":"{}"}}]"#,
        ])
        #expect(found.map(\.complete) == [nil, 1])
    }

    @Test func `calls of a whole message are told apart`() throws {
        let message = #"""
            {"id":"c","model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":{"tool_calls":[
            {"id":"a","function":{"name":"now","arguments":""}},{"id":"b","function":{"name":"then","arguments":"{}"}}]}}]}
            """#
        var capture = Capture(message)
        capture.headers = [HeaderField("Content-Type", "application/json")]
        let marks = AnswerAnalysis(findsToolCalls: true).marks(of: try capture.decoded(expectsStream: false))
        #expect(marks?.toolCalls?.map(\.name) == ["now", "then"])
        #expect(marks?.toolCalls?.map(\.complete) == [0, 0])
    }
}
