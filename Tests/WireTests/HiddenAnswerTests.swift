import Testing
import Timeline

@testable import Wire

/// Answers that ended regularly and show nothing.
@Suite struct HiddenAnswerTests {
    private func stream(_ events: [String]) -> String {
        events.map { "data: \($0)\n\n" }.joined()
    }

    @Test func `encrypted reasoning alone is a complete answer without a token`() throws {
        let details = ##"{"role":"assistant","reasoning_details":[{"type":"reasoning.encrypted","data":"q83v"}]}"##
        let chat = try Capture(
            stream([
                ##"{"choices":[{"index":0,"delta":\##(details),"finish_reason":null}]}"##,
                #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#, "[DONE]",
            ])
        ).decoded(as: "openai-chat")
        let item = #"{"id":"i","type":"reasoning","summary":[],"encrypted_content":"Zm9v"}"#
        let responses = try Capture(
            stream([
                #"{"type":"response.output_item.added","output_index":0,"item":\#(item)}"#,
                #"{"type":"response.output_item.done","output_index":0,"item":\#(item)}"#,
                #"{"type":"response.completed","response":{"id":"r","status":"completed"}}"#,
            ])
        ).decoded(as: "openai-responses")
        for stream in [chat, responses] {
            #expect(stream.outcome == StreamOutcome(.okEmpty))
            #expect(stream.events.count { $0.kind.isContent } == 0)
        }
    }

    @Test(arguments: ["load", "unload"], [#""message":{"role":"assistant","content":""}"#, #""response":"""#])
    func `Ollama's answer to a request that only moves a model is empty`(reason: String, answer: String) throws {
        let line = #"{"model":"m",\#(answer),"done":true,"done_reason":"\#(reason)"}"# + "\n"
        let stream = try Capture(type: "application/x-ndjson", line).decoded(as: "ollama")
        #expect(stream.outcome == StreamOutcome(.okEmpty) && stream.finishReason == reason)
    }
}
