/// What one attempt cost, as far as its tokens are known.
package struct RequestCost: Sendable, Equatable {
    package var amount: Double
    /// Whether the server told both counts; otherwise a count is the tokenizer's, or what was seen of the stream.
    package var isTold: Bool
}

extension StreamRecord {
    /// What the attempt cost by a price; nil where nobody has counted its input, or nothing is known of its answer.
    ///
    /// An attempt that was refused or never answered costs nothing.
    package func cost(by price: TokenPrice) -> RequestCost? {
        guard let httpStatus, (200...299).contains(httpStatus) else { return RequestCost(amount: 0, isTold: true) }
        guard let input = usage?.input ?? counted?.input, let output = usage?.output ?? counted?.output else {
            return nil
        }
        return RequestCost(
            amount: price.cost(input: input, cached: usage?.cached ?? 0, output: output),
            isTold: usage?.input != nil && usage?.output != nil)
    }
}
