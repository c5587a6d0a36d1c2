import Testing
import Timeline

@testable import Wire

/// Calls of tools, found in the events that carry them.
@Suite struct ToolCallScanTests {
    private func calls(_ pieces: [String], isComplete: Bool = true) -> [AnswerMarks.ToolCall] {
        var scan = ToolCallScan()
        for (index, piece) in pieces.enumerated() { scan.take(DecodedEvent(kind: .tool, text: piece), at: index) }
        return scan.finished(isComplete: isComplete)
    }

    @Test func `a call has a name, then arguments, in however many events`() {
        #expect(
            calls(["get_weather", "{\"ci", "ty\": \"a{\\\"b", "\"}"]) == [
                .init(name: "get_weather", start: 0, named: 0, complete: 3)
            ])
        #expect(calls(["f{\"a\":1}"]) == [.init(name: "f", start: 0, named: 0, complete: 0)])
    }

    @Test func `one call follows the other, also within one event`() {
        #expect(
            calls(["f", "{\"a\":{}}", "g{", "}h", "{}"]) == [
                .init(name: "f", start: 0, named: 0, complete: 1), .init(name: "g", start: 2, named: 2, complete: 3),
                .init(name: "h", start: 3, named: 3, complete: 4),
            ])
    }

    @Test func `arguments that break off are never whole, and a tool may take none`() {
        #expect(calls(["f", "{\"a\": \"b"]) == [.init(name: "f", start: 0, named: 0)])
        #expect(calls(["f", "{\"a\": nope}"]) == [.init(name: "f", start: 0, named: 0)])
        #expect(calls(["f"]) == [.init(name: "f", start: 0, named: 0, complete: 0)])
        #expect(calls(["f"], isComplete: false) == [.init(name: "f", start: 0, named: 0)])
        #expect(calls([]) == [])
    }

    @Test func `white space behind a call is no further call`() {
        #expect(calls(["f{}", "\n", " g{}"]).map(\.name) == ["f", "g"])
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

    @Test func `a call without arguments is one even where another follows`() throws {
        let found = try chatCalls([
            #"[{"index":0,"id":"a","function":{"name":"now","arguments":""}}]"#,
            #"[{"index":1,"id":"b","function":{"name":"then","arguments":"{}"}}]"#,
        ])
        #expect(
            found == [
                .init(name: "now", start: 0, named: 0, complete: 0),
                .init(name: "then", start: 1, named: 1, complete: 1),
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
