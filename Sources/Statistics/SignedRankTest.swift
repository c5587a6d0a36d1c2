/// Wilcoxon's signed-rank test (1945) of whether paired differences lie above a margin, with the exact distribution.
///
/// Where chance decides which of a pair comes first, and both sides are the same, every pattern of signs is equally
/// likely whatever the sizes: drift, dependence between neighbours and heavy tails do no harm. Against a margin other
/// than 0 the differences must also be symmetric around a common shift.
package struct SignedRankTest: Sendable, Equatable {
    /// The differences that are not exactly the margin; the others say nothing and are left out, as Wilcoxon did.
    package let count: Int
    /// The sum of the ranks of the differences above the margin; halves where sizes are tied.
    package let rankSum: Double
    /// The probability of at least this sum where the shift is the margin: small where it is larger.
    package let pValue: Double

    package init(_ differences: [Double], above margin: Double) {
        let distances = differences.map { $0 - margin }.filter { $0 != 0 }
            .sorted { $0.magnitude < $1.magnitude }
        let ranks = Self.doubledRanks(ofSorted: distances)
        let sum = zip(distances, ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
        count = distances.count
        rankSum = Double(sum) / 2
        if distances.isEmpty {
            pValue = 1
        } else if ranks.indices.allSatisfy({ ranks[$0] == 2 * ($0 + 1) }) {
            pValue = RankSumDistribution.untied(count: count).upperTail(sum / 2)
        } else {
            pValue = RankSumDistribution(ranks: ranks).upperTail(sum)
        }
    }

    /// Twice the rank of each size, so that the mean rank of tied ones is a whole number.
    private static func doubledRanks(ofSorted values: [Double]) -> [Int] {
        var ranks: [Int] = []
        ranks.reserveCapacity(values.count)
        var start = 0
        while start < values.count {
            var end = start + 1
            while end < values.count, values[end].magnitude == values[start].magnitude { end += 1 }
            ranks += Array(repeating: start + 1 + end, count: end - start)
            start = end
        }
        return ranks
    }

    /// The fewest pairs with which a p-value can be as small as this: 1 / 2^n is the smallest there is.
    package static func countNeeded(for probability: Double) -> Int {
        var count = 1
        var smallest = 0.5
        while smallest > probability, count < 1_000 {
            count += 1
            smallest /= 2
        }
        return count
    }
}
