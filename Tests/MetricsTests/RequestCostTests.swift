import TestSupport
import Testing

@testable import Timeline

/// What one attempt costs, and whether the server's counts tell it.
struct RequestCostTests {
    private func cost(
        _ diagram: String, usage: TokenUsage?, counted: CountedTokens? = nil,
        change: (inout StreamRecord) -> Void = { _ in }
    ) -> RequestCost? {
        var record = StreamRecord(diagram: diagram, tick: .milliseconds(10), usage: usage)
        record.httpStatus = 200
        record.counted = counted
        change(&record)
        return record.cost(by: TokenPrice(input: 1, cachedInput: 0.5, output: 10))
    }

    @Test func `counts that fit the answer are told`() {
        // 100 x 1 and 4 x 10 millionths; 40 of the input cached takes half their price off.
        #expect(cost("-a-b|", usage: TokenUsage(input: 100, output: 4)) == RequestCost(amount: 140e-6, isTold: true))
        #expect(
            cost("-a-b|", usage: TokenUsage(input: 100, output: 4, cached: 40))
                == RequestCost(amount: 120e-6, isTold: true))
        // Hidden reasoning is paid for.
        #expect(cost("-a-b|", usage: TokenUsage(input: 100, output: 42, reasoning: 40))?.isTold == true)
        #expect(cost("-R-b|", usage: TokenUsage(input: 100, output: 42, reasoning: 42))?.isTold == true)
    }

    @Test(arguments: [
        TokenUsage(input: 0, output: 0), TokenUsage(input: 100, output: 0), TokenUsage(input: 0, output: 4),
        TokenUsage(input: 100, output: 8, reasoning: 8), TokenUsage(input: 100), TokenUsage(output: 4),
    ])
    func `counts that the answer contradicts are nobody's`(usage: TokenUsage) {
        #expect(cost("-a-b|", usage: usage) == nil)
        let counted = cost("-a-b|", usage: usage, counted: CountedTokens(input: 7, output: 2))
        #expect(counted?.isTold == false && (counted?.amount ?? 0) > 0)
    }

    @Test func `an answer without content may have no tokens`() {
        #expect(cost("r--|", usage: TokenUsage(input: 100, output: 0)) == RequestCost(amount: 100e-6, isTold: true))
    }

    @Test func `fewer tokens than events are an estimate, unless the server counted each event`() {
        let usage = TokenUsage(input: 100, output: 2)
        #expect(cost("-a-b-c|", usage: usage)?.isTold == false)
        let counts = cost("-a-b-c|", usage: usage) { record in
            for (index, tokens) in zip(record.events.indices.filter { record.events[$0].kind.isContent }, [1, 0, 1]) {
                record.events[index].tokens = tokens
            }
        }
        #expect(counts == RequestCost(amount: 120e-6, isTold: true))
    }

    @Test func `what took several connections was paid for more than once`() {
        let whole = TokenUsage(input: 100, output: 4)
        #expect(cost("-a-b|", usage: whole)?.isTold == true)
        let resumed = cost("-a-b|", usage: whole) { record in
            record.breaks = [StreamBreak(lastEventID: "1", broken: record.events[0].arrival)]
        }
        #expect(resumed?.isTold == false)
    }
}
