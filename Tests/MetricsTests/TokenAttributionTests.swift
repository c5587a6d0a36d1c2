import Metrics
import TestSupport
import Testing
import Timeline

struct TokenAttributionTests {
    private func tokens(
        _ diagram: String, counts: [Int?]? = nil, usage: TokenUsage? = nil, hasEveryEvent: Bool = true
    ) -> TokenAttribution {
        var record = StreamRecord(diagram: diagram, tick: .milliseconds(10), usage: usage)
        record.hasEveryEvent = hasEveryEvent
        if let counts {
            let content = record.events.indices.filter { record.events[$0].kind.isContent }
            for (index, count) in zip(content, counts) { record.events[index].tokens = count }
        }
        return StreamMetrics(record).tokens
    }

    @Test func `without any count each content event is one token`() {
        let tokens = tokens("r-a-b-c|")
        #expect(tokens.total == 3)
        #expect(tokens.perEvent == [1, 1, 1])
        #expect(tokens.source == .events)
        #expect(tokens.basis == .events)
    }

    @Test func `counts per event that add up to the usage are taken as they are`() {
        let tokens = tokens("-a-b-c|", counts: [2, 0, 3], usage: TokenUsage(output: 5))
        #expect(tokens.perEvent == [2, 0, 3])
        #expect(tokens.source == .serverUsage)
        #expect(tokens.basis == .serverEvents)
    }

    @Test func `counts per event without a usage make the total`() {
        let tokens = tokens("-a-b-c|", counts: [2, 0, 3])
        #expect(tokens.total == 5)
        #expect(tokens.source == .serverEvents)
    }

    @Test func `counts per event that do not add up share out the usage`() {
        // Proportional sums 2.4, 2.4, 6 round to 2, 2, 6.
        let tokens = tokens("-a-b-c|", counts: [2, 0, 3], usage: TokenUsage(output: 6))
        #expect(tokens.perEvent == [2, 0, 4])
        #expect(tokens.source == .serverUsage)
        #expect(tokens.basis == .apportioned)
    }

    @Test func `a usage alone is shared out by bytes`() {
        // One each, and 6 by the bytes 1, 2, 1: proportional sums 1.5, 4.5, 6 round to 2, 5, 6.
        let tokens = tokens("-a-é-c|", usage: TokenUsage(output: 9))
        #expect(tokens.perEvent == [3, 4, 2])
        #expect(tokens.basis == .apportioned)
    }

    @Test func `as many tokens as events are one each, whatever their bytes`() {
        #expect(tokens("-a-é-c-日-d|", usage: TokenUsage(output: 5)).perEvent == [1, 1, 1, 1, 1])
    }

    @Test func `fewer tokens than events are spread evenly`() {
        let tokens = tokens("abcdefgh|", usage: TokenUsage(output: 4))
        #expect(tokens.perEvent == [1, 0, 1, 0, 1, 0, 1, 0])
    }

    @Test(arguments: 1...40)
    func `the parts always sum to the total, each its quota rounded up or down`(total: Int) {
        let tokens = tokens("-aé(bc)é-d-éé(efg)|", usage: TokenUsage(output: total))
        #expect(tokens.perEvent.reduce(0, +) == total)
        let bytes = [1, 2, 1, 1, 2, 1, 2, 2, 1, 1, 1]
        let least = total >= bytes.count ? 1 : 0
        for (part, bytes) in zip(tokens.perEvent, bytes) {
            let quota = Double((total - least * 11) * bytes) / 15
            #expect(abs(Double(part - least) - quota) < 1)
        }
    }

    @Test func `reasoning that was never shown is not streamed`() {
        let hidden = tokens("-a-b|", usage: TokenUsage(output: 10, reasoning: 8))
        #expect(hidden.total == 2)
        #expect(hidden.perEvent == [1, 1])
        #expect(hidden.hasHiddenReasoning)
        let shown = tokens("-R-b|", usage: TokenUsage(output: 10, reasoning: 8))
        #expect(shown.total == 10)
        #expect(!shown.hasHiddenReasoning)
    }

    @Test func `what the usage tells of shown reasoning goes to it, and the rest to the answer`() {
        // Forty over two thoughts, twenty over ten events of the answer: by bytes alone the answer would get fifty.
        let split = tokens("R-R-a-b-c-d-e-f-g-h-i-j|", usage: TokenUsage(output: 60, reasoning: 40))
        #expect(split.perEvent == [20, 20] + Array(repeating: 2, count: 10))
        // A split that leaves one of them nothing is none.
        #expect(tokens("R-a|", usage: TokenUsage(output: 6, reasoning: 6)).perEvent == [3, 3])
        #expect(tokens("R-a|", usage: TokenUsage(output: 6, reasoning: 0)).perEvent == [3, 3])
    }

    @Test func `hidden reasoning is taken from the first of the running counts`() {
        let usage = TokenUsage(output: 46, reasoning: 40)
        let whole = tokens("-a-b-c|", counts: [42, 2, 2], usage: usage)
        #expect(whole.perEvent == [2, 2, 2] && whole.basis == .serverEvents)
        // Counts that leave it out already stay as they are, and a mark of the end is shared out among them.
        #expect(tokens("-a-b-c|", counts: [2, 2, 2], usage: usage).perEvent == [2, 2, 2])
        let marked = tokens("-a-b-c|", counts: [42, 2, 1], usage: usage)
        #expect(marked.perEvent.reduce(0, +) == 6 && marked.basis == .apportioned && marked.perEvent[0] <= 3)
    }

    @Test func `a usage that leaves nothing for the content is not believed`() {
        #expect(tokens("-a-b|", usage: TokenUsage(output: 0)).source == .events)
        #expect(tokens("-a-b|", usage: TokenUsage(output: 8, reasoning: 8)).total == 2)
    }

    @Test func `a stream without content has the server's total and no parts`() {
        #expect(tokens("r--|", usage: TokenUsage(output: 0)).total == 0)
        #expect(tokens("r--|", usage: TokenUsage(output: 9, reasoning: 9)).total == 0)
        #expect(tokens("r--|").total == nil)
        #expect(tokens("r--|").source == nil)
    }

    @Test func `where only first and last content are known the first is one token`() {
        let tokens = tokens("-a-------b|", usage: TokenUsage(output: 100), hasEveryEvent: false)
        #expect(tokens.perEvent == [1, 99])
    }
}
