import Testing
import Timeline

@testable import Wire

struct OpenAICompletionsDialectTests {
    @Test func `the last token rides on the finish chunk`() throws {
        let stream = try Capture(
            """
            data: {"id":"cmpl-5","model":"m","choices":[{"index":0,"text":" once","logprobs":null,"finish_reason":null}]}

            data: {"id":"cmpl-5","model":"m","choices":[{"index":0,"text":" more","logprobs":null,"finish_reason":"length"}]}

            data: {"id":"cmpl-5","model":"m","choices":[],"usage":{"prompt_tokens":4,"completion_tokens":2,"total_tokens":6}}

            data: [DONE]


            """
        ).decoded(as: "openai-completions")
        #expect(stream.kinds == [.text, .text, .control, .terminal])
        #expect(stream.text() == " once more")
        #expect(stream.finishReason == "length")
        #expect(stream.usage == TokenUsage(input: 4, output: 2))
        #expect(stream.outcome == StreamOutcome(.ok))
    }

    @Test func `an answer without a stream is one event`() throws {
        let stream = try Capture(
            type: "application/json", #"{"choices":[{"index":0,"text":" once more","finish_reason":"stop"}]}"#
        ).decoded(as: "openai-completions", expectsStream: false)
        #expect(stream.kinds == [.text, .terminal])
        #expect(stream.text() == " once more")
    }
}
