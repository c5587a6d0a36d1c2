import Testing
import Timeline

@testable import Wire

/// Ends that come too early, and what comes behind them.
struct EndOrderTests {
    private let text = #"data: {"choices":[{"index":0,"delta":{"content":"a"}}]}"# + "\n\n"
    private let finish = #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
    private let done = "data: [DONE]\n\n"

    @Test func `an end before the finish reason is the end of a stream that broke off`() throws {
        for body in [done + text + finish, text + done + finish, done + text + finish + done] {
            let stream = try Capture(body).decoded()
            #expect(stream.outcome.outcomeClass == .truncated && stream.outcome.detail == "no_finish_reason")
        }
    }

    @Test func `an answer all of which comes behind the end is none`() throws {
        let stream = try Capture(finish + done + text).decoded()
        #expect(stream.outcome.outcomeClass == .protocolError && stream.outcome.detail == "content_after_end")
        #expect(try Capture(text + finish + done + text).decoded().outcome == StreamOutcome(.ok))
    }

    @Test func `a failure that is told behind the end spoils the answer`() throws {
        let failed = finish.replacing("stop", with: "error")
        #expect(try Capture(text + finish + done + failed).decoded().outcome.outcomeClass == .streamError)
    }

    @Test func `Bedrock's totals may come before the stop, and do not end the stream`() throws {
        let text = AWSMessage.event("contentBlockDelta", #"{"delta":{"text":"a"}}"#)
        let stop = AWSMessage.event("messageStop", #"{"stopReason":"end_turn"}"#)
        let totals = AWSMessage.event("metadata", #"{"usage":{"inputTokens":1,"outputTokens":1}}"#)
        for messages in [[totals, text, stop], [text, totals, stop], [text, stop, totals]] {
            var capture = BedrockRows.capture()
            capture.body = messages.flatMap { $0 }
            let stream = try capture.decoded(as: "bedrock")
            #expect(stream.outcome == StreamOutcome(.ok) && stream.warnings.isEmpty && stream.contentCount == 1)
            #expect(stream.terminalEvent == 2 && stream.usage == TokenUsage(input: 1, output: 1))
        }
        #expect(try BedrockRows.capture(text, totals).decoded(as: "bedrock").outcome.outcomeClass == .truncated)
    }

    @Test(arguments: [204, 205, 206])
    func `a status that promises less than an answer brings none`(_ status: Int) throws {
        let outcome = try Capture(status: status, text + finish + done).decoded().outcome
        #expect(outcome.outcomeClass == .protocolError)
    }

    @Test func `only what an answer begins with is a tag of thought`() throws {
        let tag = text.replacing(#""a""#, with: #""<think>""#)
        let reasoning = text.replacing("content", with: "reasoning")
        #expect(try Capture(tag + text + finish + done).decoded().warnings.count == 1)
        #expect(try Capture(text + tag + finish + done).decoded().warnings.isEmpty)
        #expect(try Capture(reasoning + tag + finish + done).decoded().warnings.isEmpty)
        #expect(try Capture(text.replacing(#""a""#, with: #""a<think>""#) + finish + done).decoded().warnings.isEmpty)
    }

    @Test(arguments: [
        (#"{"message":"slow down","code":429}"#, "rate_limited"),
        (#"{"message":"slow down","code":"429"}"#, "rate_limited"),
        (#"{"message":"slow down","type":"overloaded_error"}"#, "overloaded"),
        (#"{"message":"slow down","status_code":401}"#, "auth"), (#"{"message":"slow down"}"#, "server"),
    ])
    func `an event that is an error by its name may be the bare error`(_ data: String, _ detail: String) throws {
        let stream = try Capture(text + "event: error\ndata: \(data)\n\n").decoded()
        #expect(stream.outcome == StreamOutcome(.streamError, detail: detail, message: "slow down"))
    }
}
