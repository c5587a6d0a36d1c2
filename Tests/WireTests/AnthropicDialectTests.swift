import Testing
import Timeline

@testable import Wire

struct AnthropicDialectTests {
    private static func event(_ type: String, _ members: String = "") -> String {
        "event: \(type)\ndata: {\"type\":\"\(type)\"\(members.isEmpty ? "" : ",")\(members)}\n\n"
    }

    private static func delta(_ delta: String) -> String {
        event("content_block_delta", "\"index\":0,\"delta\":\(delta)")
    }

    private static func block(_ block: String) -> String {
        event("content_block_start", "\"index\":0,\"content_block\":\(block)")
    }

    private static let start = event(
        "message_start",
        #""message":{"id":"msg_a","model":"c-1","content":[],"usage":{"input_tokens":12,"cache_creation_input_tokens":100,"cache_read_input_tokens":30,"output_tokens":1}}"#
    )
    private static let end =
        event("message_delta", #""delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4,"input_tokens":null}"#)
        + event("message_stop")

    private func decoded(_ middle: String) throws -> DecodedStream {
        try Capture(Self.start + middle + Self.end).decoded(as: "anthropic")
    }

    @Test(arguments: [
        block(#"{"type":"text","text":""}"#), block(#"{"type":"thinking","thinking":"","signature":""}"#),
        event("ping"),
        delta(#"{"type":"text_delta","text":""}"#), delta(#"{"type":"input_json_delta","partial_json":""}"#),
        delta(#"{"type":"signature_delta","signature":"Zm9v"}"#),
        delta(#"{"type":"citations_delta","citation":{"cited_text":"abc"}}"#),
        event("content_block_stop", "\"index\":0"),
        event("something_new", "\"text\":\"x\""),
    ])
    func `events without content are not a first token`(_ event: String) throws {
        let stream = try decoded(event + Self.delta(#"{"type":"text_delta","text":"Blue"}"#))
        #expect(stream.kinds == [.control, .control, .text, .control, .terminal])
        #expect(stream.outcome == StreamOutcome(.ok))
    }

    @Test(arguments: [
        (delta(#"{"type":"text_delta","text":" "}"#), StreamEvent.Kind.text, 1),
        (delta(#"{"text":"é","type":"text_delta"}"#), .text, 2),
        (delta(#"{"type":"thinking_delta","thinking":"hm"}"#), .reasoning, 2),
        (delta(#"{"type":"input_json_delta","partial_json":"{\"a"}"#), .tool, 3),
        (block(#"{"type":"tool_use","id":"t","name":"get","input":{}}"#), .tool, 3),
        (block(#"{"type":"redacted_thinking","data":"Zm9v"}"#), .reasoning, 4),
        ("data: {\"index\":0,\"delta\":{\"text\":\"ab\"},\"type\":\"content_block_delta\"}\n\n", .text, 2),
    ])
    func `content of every kind is content`(_ event: String, _ kind: StreamEvent.Kind, _ bytes: Int) throws {
        let stream = try decoded(event)
        #expect(stream.kinds == [.control, kind, .control, .terminal])
        #expect(stream.events[1].contentBytes == bytes)
    }

    @Test func `usage is cumulative, and input counts what the cache read and wrote`() throws {
        let stream = try decoded("")
        #expect(stream.usage == TokenUsage(input: 142, output: 4, cached: 30))
        #expect(stream.finishReason == "end_turn")
        #expect(stream.responseID == "msg_a")
        #expect(stream.servedModel == "c-1")
        #expect(stream.outcome == StreamOutcome(.okEmpty))
    }

    @Test func `a stream that is cut has no count of its output, for the start's is a placeholder`() throws {
        let text = Self.delta(#"{"type":"text_delta","text":"Blue"}"#)
        let stream = try Capture(Self.start + text + text).decoded(as: "anthropic")
        #expect(stream.usage == TokenUsage(input: 142, output: nil, cached: 30))
        #expect(stream.outcome.outcomeClass == .truncated)
    }

    @Test func `thinking tokens are reasoning tokens`() throws {
        let stream = try Capture(
            Self.start
                + Self.event(
                    "message_delta",
                    #""delta":{"stop_reason":"refusal"},"usage":{"output_tokens":40,"output_tokens_details":{"thinking_tokens":31}}"#
                )
                + Self.event("message_stop")
        ).decoded(as: "anthropic")
        #expect(stream.usage?.reasoning == 31)
        #expect(stream.outcome == StreamOutcome(.okRefused, detail: "refusal"))
    }

    @Test func `an overloaded server says so inside the stream`() throws {
        let error = Self.event("error", #""error":{"type":"overloaded_error","message":"Overloaded"}"#)
        for stream in [error, Self.start + error, Self.start + Self.delta(#"{"text":"a"}"#) + error + Self.end] {
            let decoded = try Capture(stream).decoded(as: "anthropic")
            #expect(decoded.outcome == StreamOutcome(.streamError, detail: "overloaded", message: "Overloaded"))
        }
    }

    @Test func `a stream that lacks its stop event is complete where a stop reason came, else truncated`() throws {
        let reason = Self.event("message_delta", #""delta":{"stop_reason":"end_turn"}"#)
        let text = Self.delta(#"{"text":"a"}"#)
        let sloppy = try Capture(Self.start + text + reason).decoded(as: "anthropic")
        #expect(sloppy.outcome == StreamOutcome(.okSloppyEnd))
        #expect(sloppy.terminalEvent == nil)
        #expect(try Capture(Self.start + text).decoded(as: "anthropic").outcome.outcomeClass == .truncated)
        let withoutReason = try Capture(Self.start + text + Self.event("message_stop")).decoded(as: "anthropic")
        #expect(withoutReason.outcome.detail == "no_finish_reason")
    }

    @Test func `an answer without a stream is one event a kind`() throws {
        let stream = try Capture(
            type: "application/json",
            #"{"id":"msg_a","model":"c-1","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"Blue"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":4}}"#
        ).decoded(as: "anthropic", expectsStream: false)
        #expect(stream.kinds == [.reasoning, .text, .terminal])
        #expect(stream.events.map(\.contentBytes) == [2, 4, 0])
        #expect(stream.usage == TokenUsage(input: 3, output: 4))
        #expect(stream.outcome == StreamOutcome(.ok))
    }
}
