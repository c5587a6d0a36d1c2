import Testing
import Timeline

@testable import Wire

/// Chat streams whose choices carry a whole message where a fragment should stand.
struct WholeMessageTests {
    private func chat(_ choices: String...) throws -> DecodedStream {
        let events = choices.map { "data: {\"choices\":[{\"index\":0,\($0)}]}\n\n" }
        return try Capture(events.joined() + "data: [DONE]\n\n").decoded()
    }

    private let delta = #""delta":{"content":"Hel"}"#
    private let whole = #""message":{"role":"assistant","content":"Hello"},"finish_reason":"stop""#

    @Test func `a whole answer that comes as one event is read`() throws {
        let stream = try chat(whole)
        #expect(stream.outcome == StreamOutcome(.ok) && stream.text() == "Hello" && stream.contentCount == 1)
    }

    @Test func `messages in place of fragments are read one by one`() throws {
        let stream = try chat(#""message":{"content":"a"}"#, #""message":{"content":"b"},"finish_reason":"stop""#)
        #expect(stream.text() == "ab" && stream.contentCount == 2)
    }

    @Test func `a message that repeats what fragments said does not count again`() throws {
        let stream = try chat(delta, #""delta":{"content":"lo"}"#, whole)
        #expect(stream.outcome == StreamOutcome(.ok) && stream.text() == "Hello" && stream.contentCount == 2)
        #expect(try chat(delta, #""delta":{"content":"lo"}"#, #""delta":{},"# + whole).text() == "Hello")
    }

    @Test func `beside a fragment with content a message says nothing new`() throws {
        let stream = try chat(
            #""delta":{"content":"Hel"},"message":{"content":"Hel"}"#,
            #""delta":{"content":"lo"},"message":{"content":"Hello"},"finish_reason":"stop""#)
        #expect(stream.text() == "Hello" && stream.contentCount == 2)
    }

    @Test func `a message brings its reasoning and its calls`() throws {
        let stream = try chat(
            #""message":{"reasoning_content":"hm","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},"#
                + #""finish_reason":"tool_calls""#)
        #expect(stream.kinds.prefix(2) == [.reasoning, .tool] && stream.text(.tool) == "f{}")
    }
}
