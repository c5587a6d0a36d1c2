/// Holm's step-down correction (1979) for several tests of which none may be wrong.
package enum Holm {
    /// The adjusted p-values, in the order of the given ones: each rejects at the level of the family.
    ///
    /// `max(j <= i) min(1, (m - j + 1) p(j))` over the p-values in ascending order.
    package static func adjusted(_ pValues: [Double]) -> [Double] {
        var adjusted = pValues
        var largest = 0.0
        for (rank, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
            largest = max(largest, min(1, Double(pValues.count - rank) * pValues[index]))
            adjusted[index] = largest
        }
        return adjusted
    }
}
