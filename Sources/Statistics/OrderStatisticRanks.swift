import Glibc

/// The ranks, counted from 1, of the two values of a sorted sample between which a quantile lies with a given confidence.
///
/// The classical distribution-free interval with equal tails (Conover, Practical Nonparametric Statistics, 3.2): each
/// rank is as far inside as the exact binomial distribution allows for half of the error.
package struct OrderStatisticRanks: Sendable, Equatable {
    package var lower: Int
    package var upper: Int

    /// Creates the ranks for a sample of `count` independent values; nil where the sample cannot bound the quantile.
    package init?(count: Int, quantile: Double, level: Double = 0.95) {
        guard count > 0, quantile > 0, quantile < 1 else { return nil }
        let masses = binomialMasses(trials: count, probability: quantile)
        let tail = (1 - level) / 2

        // Lower: the largest k with P(X <= k - 1) <= tail.
        var lower = masses.first
        var below = 0.0
        for mass in masses.values {
            below += mass
            guard below <= tail else { break }
            lower += 1
        }
        // Upper: the smallest k with P(X >= k) <= tail.
        var upper = masses.first + masses.values.count
        var above = 0.0
        for mass in masses.values.reversed() {
            above += mass
            guard above <= tail else { break }
            upper -= 1
        }
        guard lower >= 1, upper <= count else { return nil }
        self.lower = lower
        self.upper = upper
    }

    /// The smallest sample that bounds a quantile on both sides.
    package static func countNeeded(quantile: Double, level: Double = 0.95) -> Int {
        // The extreme values bound it as soon as all values lie on one side of it with at most half of the error.
        let side = max(quantile, 1 - quantile)
        let tail = (1 - level) / 2
        var count = max(1, Int(log(tail) / log(side)))
        while pow(side, Double(count)) > tail { count += 1 }
        return count
    }
}
