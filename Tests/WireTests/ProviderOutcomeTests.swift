import Testing
import Timeline

@testable import Wire

/// Which streams of Gemini, Bedrock and Ollama count as whole, and which do not.
struct ProviderOutcomeTests {
    static let complete = (GeminiRows.complete + BedrockRows.complete + OllamaRows.complete).count

    @Test(arguments: GeminiRows.all + BedrockRows.all + OllamaRows.all)
    func `a stream gets its class`(_ row: OutcomeRow) throws {
        let stream = try row.capture.decoded(as: row.api, end: row.end)
        #expect(stream.outcome.outcomeClass == row.outcome, "\(stream.outcome)")
        #expect(stream.outcome.detail == row.detail)
        #expect(stream.contentCount == row.content)
        #expect(stream.warnings.count == row.warnings, "\(stream.warnings)")
    }

    @Test func `no broken stream is complete, and every healthy one is`() {
        let rows = GeminiRows.all + BedrockRows.all + OllamaRows.all
        #expect(rows.count { $0.outcome.isComplete } == Self.complete)
        let broken = GeminiRows.broken + BedrockRows.broken + OllamaRows.broken
        #expect(broken.allSatisfy { !$0.outcome.isComplete })
    }

    @Test(arguments: GeminiRows.all + BedrockRows.all + OllamaRows.all)
    func `a stream means the same wherever its reads end`(_ row: OutcomeRow) throws {
        var whole = try row.capture.decoded(as: row.api, end: row.end)
        let count = row.capture.body.count
        for cuts in [Array(0..<count)] + (0..<count).map({ [$0] }) {
            var cut = try row.capture.decoded(as: row.api, cuts: cuts, end: row.end)
            for index in whole.events.indices { whole.events[index].readIndex = 0 }
            for index in cut.events.indices { cut.events[index].readIndex = 0 }
            #expect(cut == whole)
            guard cut == whole else { return }
        }
    }
}
