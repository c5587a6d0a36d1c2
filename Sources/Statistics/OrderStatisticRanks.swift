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

/// The probabilities of a binomial distribution around its mode; what is left out sums to less than 1e-15.
///
/// Built outwards from the mode by the ratio of neighbours and scaled to 1: no factorial, hence no loss of digits, and
/// a million trials cost some thousand steps.
private func binomialMasses(trials: Int, probability: Double) -> (first: Int, values: [Double]) {
    let negligible = 1e-24
    let odds = probability / (1 - probability)
    let mode = min(trials, Int(Double(trials + 1) * probability))

    var downwards: [Double] = []
    var mass = 1.0
    var successes = mode
    while successes > 0, mass > negligible {
        mass *= Double(successes) / (Double(trials - successes + 1) * odds)
        downwards.append(mass)
        successes -= 1
    }
    let first = successes
    var upwards: [Double] = []
    mass = 1
    successes = mode
    while successes < trials, mass > negligible {
        mass *= Double(trials - successes) / Double(successes + 1) * odds
        upwards.append(mass)
        successes += 1
    }
    let values = downwards.reversed() + [1] + upwards
    let total = values.sorted().reduce(0, +)
    return (first, values.map { $0 / total })
}
