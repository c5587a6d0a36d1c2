/// Where a sequence becomes steady, by MSER-5 (White 1997; Spratt 1998).
///
/// Means of batches of five; what is cut from the front is what makes the standard error of the rest least:
/// `d = argmin (sum_(i > d) (Y_i - mean)^2) / (n - d)^2`, d at most half of the n batches.
package struct WarmUpDetection: Sendable, Equatable {
    package static let batchSize = 5

    /// The values at the front that do not belong to the steady part; a multiple of 5.
    package let warmUpCount: Int
    /// Whether more than a quarter would have to go, so that the rest is no steady part either.
    package let isNeverSteady: Bool

    /// Nil for fewer than ten batches, which show nothing.
    package init?(_ values: [Double]) {
        let batches = values.count / Self.batchSize
        guard batches >= 10 else { return nil }
        let means = (0..<batches).map { batch in
            values[batch * Self.batchSize..<(batch + 1) * Self.batchSize].reduce(0, +) / Double(Self.batchSize)
        }
        // Sums of what stands behind each cut, from the back; centred, so that no digits are lost.
        let center = means.reduce(0, +) / Double(batches)
        var sum = 0.0
        var squares = 0.0
        var best = (cut: 0, error: Double.infinity)
        for cut in stride(from: batches - 1, through: 0, by: -1) {
            let value = means[cut] - center
            sum += value
            squares += value * value
            guard cut <= batches / 2 else { continue }
            let rest = Double(batches - cut)
            let error = max(0, squares - sum * sum / rest) / (rest * rest)
            // Of equal ones the smaller cut is taken.
            if error <= best.error { best = (cut, error) }
        }
        warmUpCount = best.cut * Self.batchSize
        isNeverSteady = best.cut * 4 > batches
    }
}
