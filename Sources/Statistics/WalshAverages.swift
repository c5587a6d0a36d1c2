/// The means of all pairs of a sample's values, each value with itself included (Walsh 1949), in ascending order.
///
/// There are n (n + 1) / 2 of them; none is stored. The one at a rank is found by bisection over its value, counting in
/// linear time how many are not above it.
package struct WalshAverages: Sendable {
    private let values: [Double]

    package init(_ values: [Double]) { self.values = values.sorted() }

    package var count: Int { values.count * (values.count + 1) / 2 }

    /// The Hodges-Lehmann estimate (1963) of the centre of a symmetric distribution: their median; nil without values.
    package var median: Double? {
        guard count > 0 else { return nil }
        let upper = average(atRank: count / 2 + 1)
        return count.isMultiple(of: 2) ? (average(atRank: count / 2) + upper) / 2 : upper
    }

    /// Bounds the centre by the exact signed-rank distribution, with at most the given error on each side.
    ///
    /// Holds the shifts that the test does not reject (Lehmann 1963): from the c-th average from below to the c-th from
    /// above, c being the largest with P(W <= c - 1) <= tail. Nil where the sample is too small.
    package func interval(tail: Double) -> ClosedRange<Double>? {
        guard !values.isEmpty,
            let sum = RankSumDistribution.untied(count: values.count).lowerCriticalSum(tail: tail)
        else { return nil }
        return average(atRank: sum + 1)...average(atRank: count - sum)
    }

    /// The average at a rank, counted from 1.
    package func average(atRank rank: Int) -> Double {
        // Doubles bisect as their ordered bit patterns, so that the result is one of the sums, to the last bit.
        var low = order(of: values[0] * 2)
        var high = order(of: values[values.count - 1] * 2)
        while low < high {
            let middle = low + Int64((UInt64(bitPattern: high &- low)) / 2)
            if countOfSums(notAbove: Self.value(atOrder: middle)) >= rank { high = middle } else { low = middle + 1 }
        }
        return Self.value(atOrder: low) / 2
    }

    /// How many pairs have at most this sum; the second value falls as the first one rises.
    private func countOfSums(notAbove limit: Double) -> Int {
        values.withUnsafeBufferPointer { values in
            var count = 0
            var end = values.count
            for first in 0..<values.count {
                while end > 0, values[first] + values[end - 1] > limit { end -= 1 }
                guard end > first else { break }
                count += end - first
            }
            return count
        }
    }

    private func order(of value: Double) -> Int64 {
        let bits = Int64(bitPattern: value.bitPattern)
        return bits >= 0 ? bits : Int64.min &- bits
    }

    private static func value(atOrder order: Int64) -> Double {
        Double(bitPattern: UInt64(bitPattern: order >= 0 ? order : Int64.min &- order))
    }
}
