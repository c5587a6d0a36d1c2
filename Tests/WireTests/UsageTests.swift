import Testing
import Timeline

@testable import Wire

/// What a server says of its tokens, where that is more or other than one total at the end.
struct UsageTests {
    private func usage(_ output: Int, reasoning: Int? = nil, total: Int? = nil) -> String {
        let thoughts = reasoning.map { ",\"completion_tokens_details\":{\"reasoning_tokens\":\($0)}" } ?? ""
        let sum = total.map { ",\"total_tokens\":\($0)" } ?? ""
        return ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":\(output)\(thoughts)\(sum)}"
    }

    private func chunk(_ text: String, key: String = "content", _ usage: String = "") -> String {
        OpenAIChatDialectTests.chunk("{\"\(key)\":\"\(text)\"}", after: usage)
    }

    private func total(_ usage: String) -> String { "data: {\"id\":\"c\",\"choices\":[]\(usage)}\n\n" }

    private func decoded(_ body: String) throws -> DecodedStream {
        try Capture(body + OpenAIChatDialectTests.finish + OpenAIChatDialectTests.done).decoded()
    }

    @Test func `hidden reasoning in running counts is no event's`() throws {
        let body = (1...3).map { chunk("ab", usage(2000 + 2 * $0, reasoning: 2000)) }.joined()
        let stream = try decoded(body + total(usage(2006, reasoning: 2000)))
        #expect(stream.events.prefix(3).map(\.tokens) == [2, 2, 2])
        #expect(stream.usage == TokenUsage(input: 5, output: 2006, reasoning: 2000))
    }

    @Test func `reasoning that is shown has its tokens in running counts`() throws {
        let thoughts = [20, 40].map { chunk("hm", key: "reasoning_content", usage($0, reasoning: $0)) }.joined()
        let answer = [42, 44].map { chunk("ab", usage($0, reasoning: 40)) }.joined()
        #expect(try decoded(thoughts + answer).events.prefix(4).map(\.tokens) == [20, 20, 2, 2])
    }

    @Test func `Gemini's hidden thoughts are no event's`() throws {
        func chunk(_ answer: Int, _ more: String = "") -> String {
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"ab\"}]},\"index\":0\(more)}],\"usageMetadata\":"
                + "{\"promptTokenCount\":5,\"candidatesTokenCount\":\(answer),\"thoughtsTokenCount\":40}}\r\n\r\n"
        }
        let stream = try Capture(chunk(2) + chunk(4) + chunk(6, ",\"finishReason\":\"STOP\"")).decoded(as: "gemini")
        #expect(stream.events.prefix(3).map(\.tokens) == [2, 2, 2])
        #expect(stream.usage == TokenUsage(input: 5, output: 46, reasoning: 40))
    }

    @Test(arguments: [(10, 90, 105, 100), (100, 90, 105, 100), (10, 90, 15, 10)])
    func `reasoning that the server's total has beside the completion is output`(
        completion: Int, reasoning: Int, sum: Int, output: Int
    ) throws {
        let stream = try decoded(chunk("ab") + total(usage(completion, reasoning: reasoning, total: sum)))
        #expect(stream.usage?.output == output && stream.usage?.reasoning == reasoning)
    }

    @Test func `counts beside an answer that goes on without them are no total`() throws {
        let early = try decoded(chunk("a", usage(1)) + chunk("b") + chunk("c"))
        #expect(early.usage == TokenUsage(input: 5))
        #expect(early.warnings.contains { $0.hasPrefix("the usage came before the end of the content") })
        let running = try decoded(chunk("a", usage(1)) + chunk("b", usage(2)))
        #expect(running.usage == TokenUsage(input: 5, output: 2) && running.warnings.isEmpty)
        // Alone it says that it is the total, wherever it stands.
        let alone = try decoded(chunk("a") + total(usage(2)) + chunk("b"))
        #expect(alone.usage == TokenUsage(input: 5, output: 2))
    }

    @Test func `of two totals the greater one is taken, with a warning`() throws {
        let stream = try decoded(chunk("a") + total(usage(100)) + total(usage(1)))
        #expect(stream.usage?.output == 100)
        #expect(stream.warnings.contains { $0.contains("fewer output tokens than an earlier one") })
        #expect(try decoded(chunk("a") + total(usage(1)) + total(usage(100))).warnings.isEmpty)
    }
}
