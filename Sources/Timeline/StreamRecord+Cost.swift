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
    /// server did for it, and of one that broke off how much further it went: only a complete stream's cost is told.
    package func cost(by price: TokenPrice) -> RequestCost? {
        guard sent != nil || httpStatus != nil else { return RequestCost(amount: 0, isTold: true) }
        guard let httpStatus else { return nil }
        guard (200...299).contains(httpStatus) else { return RequestCost(amount: 0, isTold: true) }
        guard let input = usage?.input ?? counted?.input, let output = usage?.output ?? counted?.output else {
            return nil
        }
        return RequestCost(
            amount: price.cost(input: input, cached: usage?.cached ?? 0, output: output),
            isTold: outcome.outcomeClass.isComplete && usage?.input != nil && usage?.output != nil)
    }
}
