import Testing
import Timeline

@testable import Wire

/// Words that servers pass on as the reason for which an answer ended.
struct FinishReasonTests {
    /// An API with a whole stream of one piece of text, up to the reason and from it on.
    static let streams: [(api: String, before: String, after: String)] = [
        (
            "openai-chat", #"data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":""#,
            "\"}]}\n\ndata: [DONE]\n\n"
        ),
        (
            "openai-completions", #"data: {"choices":[{"index":0,"text":"a","finish_reason":""#,
            "\"}]}\n\ndata: [DONE]\n\n"
        ),
        (
            "mistral", #"data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":""#,
            "\"}]}\n\ndata: [DONE]\n\n"
        ),
        (
            "cohere",
            #"data: {"type":"content-delta","delta":{"message":{"content":{"text":"a"}}}}"#
                + "\n\n" + #"data: {"type":"message-end","delta":{"finish_reason":""#, "\"}}\n\n"
        ),
        (
            "anthropic",
            #"data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"a"}}"#
                + "\n\n" + #"data: {"type":"message_delta","delta":{"stop_reason":""#,
            "\"}}\n\ndata: {\"type\":\"message_stop\"}\n\n"
        ),
        ("ollama", #"{"message":{"content":"a"},"done":true,"done_reason":""#, "\"}\n"),
        (
            "tgi", #"data: {"token":{"text":"a"},"generated_text":"a","details":{"finish_reason":""#,
            "\"}}\n\n"
        ),
        ("llama-cpp", #"data: {"content":"a","stop":true,"stop_type":""#, "\"}\n\n"),
    ]

    private func outcome(
        _ stream: (api: String, before: String, after: String), _ reason: String
    ) throws
        -> StreamOutcome
    {
        let type = stream.api == "ollama" ? "application/x-ndjson" : "text/event-stream"
        return try Capture(type: type, stream.before + reason + stream.after).decoded(as: stream.api).outcome
    }

    @Test(
        arguments: streams.indices,
        [
            ("cancelled", "aborted"), ("canceled", "aborted"), ("aborted", "aborted"), ("timeout", "server"),
            ("timed_out", "server"), ("server_error", "server"), ("network_error", "server"), ("failed", "server"),
            ("internal-error", "server"), ("Error", "server"), ("overloaded", "overloaded"),
            ("function_call_filter: MALFORMED_FUNCTION_CALL", "server"),
        ])
    func `a reason that tells a failure is none of success`(_ index: Int, _ reason: (String, String)) throws {
        let found = try outcome(Self.streams[index], reason.0)
        #expect(found.outcomeClass == .streamError && found.detail == reason.1)
    }

    @Test(
        arguments: streams.indices,
        [
            "stop", "length", "tool_calls", "eos", "model_context_window_exceeded", "pause_turn", "errorless", "recall",
        ])
    func `any other reason is one of success`(_ index: Int, _ reason: String) throws {
        #expect(try outcome(Self.streams[index], reason) == StreamOutcome(.ok))
    }

    @Test(arguments: ["content_filter", "sensitive", "content_filter: PROHIBITED_CONTENT", "refusal"])
    func `a reason that tells a refusal is one, whatever is written behind it`(_ reason: String) throws {
        #expect(try outcome(Self.streams[0], reason) == StreamOutcome(.okRefused, detail: reason))
    }

    @Test(arguments: streams.indices)
    func `an empty reason is as good as none`(_ index: Int) throws {
        let stream = Self.streams[index]
        // Where a flag or a type of its own says that the answer is over, no reason need be told.
        let endsByItself = ["ollama", "tgi", "llama-cpp"].contains(stream.api)
        let found = try outcome(stream, "")
        #expect(found.outcomeClass == (endsByItself ? .ok : .truncated))
    }

    @Test func `an empty stop reason of Bedrock's is none`() throws {
        let text = AWSMessage.event("contentBlockDelta", #"{"delta":{"text":"a"}}"#)
        let stop = AWSMessage.event("messageStop", #"{"stopReason":""}"#)
        let totals = AWSMessage.event("metadata", #"{"usage":{"inputTokens":1,"outputTokens":1}}"#)
        #expect(try BedrockRows.capture(text, stop, totals).decoded(as: "bedrock").outcome.outcomeClass == .truncated)
    }
}
