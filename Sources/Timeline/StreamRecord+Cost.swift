/// What one attempt cost, as far as its tokens are known.
package struct RequestCost: Sendable, Equatable {
    package var amount: Double
    /// Whether the server told both counts of a complete stream; otherwise the amount is an estimate, and mostly too low.
    package var isTold: Bool
}

extension StreamRecord {
    /// What the attempt cost by a price; nil where nobody has counted its input, or nothing is known of its answer.
    ///
    /// An attempt that was refused or never sent costs nothing. Of one that was sent and has no answer nobody knows what the
    /// server did for it, and of one that broke off how much further it went: only a complete stream's cost is told, and
    /// only over one connection, since each has its own count.
    package func cost(by price: TokenPrice) -> RequestCost? {
        guard sent != nil || httpStatus != nil else { return RequestCost(amount: 0, isTold: true) }
        guard let httpStatus else { return nil }
        guard (200...299).contains(httpStatus) else { return RequestCost(amount: 0, isTold: true) }
        let told = billableUsage
        guard let input = told.input ?? counted?.input, let output = told.output ?? counted?.output else {
            return nil
        }
        return RequestCost(
            amount: price.cost(input: input, cached: usage?.cached ?? 0, output: output),
            isTold: outcome.outcomeClass.isComplete && breaks.isEmpty && told.input != nil && told.output != nil
                && !hasFewerTokensThanEvents(output))
    }

    /// The server's counts without those that the request or its answer contradicts: no prompt has no token at all, and
    /// what was streamed has some.
    private var billableUsage: TokenUsage {
        var told = usage?.plausible ?? TokenUsage()
        if told.input == 0 { told.input = nil }
        let hasContent = events.contains { $0.kind.isContent }
        let hidden = events.contains { $0.kind == .reasoning } ? 0 : told.reasoning ?? 0
        if hasContent, let output = told.output, output <= hidden { told.output = nil }
        return told
    }

    /// Whether more content events came than the server counts tokens, where it did not count them one by one.
    private func hasFewerTokensThanEvents(_ output: Int) -> Bool {
        let content = events.filter(\.kind.isContent)
        return hasEveryEvent && output < content.count && content.contains { $0.tokens == nil }
    }
}
