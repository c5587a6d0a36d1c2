/// How often one side alone failed, among pairs of trials: what tells two success rates apart.
///
/// Pairs in which both sides fail, as in an outage, or neither, say nothing of the difference.
package struct PairedFailures: Sendable, Equatable {
    package var pairs: Int
    package var onlyBaseline: Int
    package var onlyCandidate: Int

    package init(pairs: Int, onlyBaseline: Int, onlyCandidate: Int) {
        self.pairs = pairs
        self.onlyBaseline = onlyBaseline
        self.onlyCandidate = onlyCandidate
    }

    /// The share by which the candidate failed more often; nil without pairs.
    package var difference: Double? {
        pairs == 0 ? nil : Double(onlyCandidate - onlyBaseline) / Double(pairs)
    }

    /// What is spent on leaving out rates that the baseline cannot have.
    private static let nuisanceError = 1e-5
    /// Bounds are found to a hundredth of a point.
    private static let precision = 1e-4
    private static let nuisanceSteps = 30

    /// The probability of so clear a surplus of the candidate's failures where the true one is the margin.
    ///
    /// An exact unconditional test: the pairs are counted out by the trinomial distribution for every rate of the
    /// baseline's failures within its confidence interval, and the largest probability holds (Berger and Boos 1994).
    /// Surpluses are ordered by Tango's score (1998).
    package func pValue(above margin: Double) -> Double {
        guard pairs > 0 else { return 1 }
        let rates = baselineRates
        let lowest = max(rates.lowerBound, -margin, 0)
        let highest = min(rates.upperBound, (1 - margin) / 2)
        guard lowest <= highest else { return Self.nuisanceError }
        let limits = rejectionLimits(margin: margin)
        var largest = 0.0
        for step in 0...Self.nuisanceSteps {
            let rate = lowest + (highest - lowest) * Double(step) / Double(Self.nuisanceSteps)
            largest = max(largest, Self.probability(of: limits, baseline: rate, candidate: max(0, rate + margin)))
        }
        return min(1, largest + Self.nuisanceError)
    }

    /// Bounds the difference by the test, with at most the given error on each side.
    package func interval(tail: Double) -> ClosedRange<Double> {
        let mirrored = PairedFailures(pairs: pairs, onlyBaseline: onlyCandidate, onlyCandidate: onlyBaseline)
        return lowerBound(tail: tail)...max(lowerBound(tail: tail), -mirrored.lowerBound(tail: tail))
    }

    private func lowerBound(tail: Double) -> Double {
        var low = -1.0
        var high = difference ?? 1
        while high - low > Self.precision {
            let middle = (low + high) / 2
            if pValue(above: middle) <= tail { low = middle } else { high = middle }
        }
        return low
    }

    /// The smallest surplus that so many pairs would show above the margin with the given power.
    package func detectable(above margin: Double, tail: Double, power: Double = 0.8) -> Double? {
        var low = 0
        var high = pairs - onlyBaseline
        guard pairs > 0, with(onlyCandidate: high).pValue(above: margin) <= tail else { return nil }
        while low < high {
            let middle = (low + high) / 2
            if with(onlyCandidate: middle).pValue(above: margin) <= tail { high = middle } else { low = middle + 1 }
        }
        var (least, most) = (0.0, 1.0)
        while most - least > 1e-6 {
            let middle = (least + most) / 2
            let missed = binomialLowerTail(low - 1, trials: pairs, probability: middle)
            if 1 - missed >= power { most = middle } else { least = middle }
        }
        return most - Double(onlyBaseline) / Double(pairs)
    }

    private func with(onlyCandidate: Int) -> PairedFailures {
        PairedFailures(pairs: pairs, onlyBaseline: onlyBaseline, onlyCandidate: onlyCandidate)
    }

    /// The exact interval of the baseline's rate (Clopper and Pearson 1934).
    private var baselineRates: ClosedRange<Double> {
        let tail = Self.nuisanceError / 2
        func solve(_ isBelow: (Double) -> Bool) -> Double {
            var (low, high) = (0.0, 1.0)
            while high - low > 1e-9 {
                let middle = (low + high) / 2
                if isBelow(middle) { low = middle } else { high = middle }
            }
            return (low + high) / 2
        }
        let lower =
            onlyBaseline == 0
            ? 0 : solve { 1 - binomialLowerTail(onlyBaseline - 1, trials: pairs, probability: $0) < tail }
        let upper =
            onlyBaseline == pairs
            ? 1 : solve { binomialLowerTail(onlyBaseline, trials: pairs, probability: $0) > tail }
        return lower...max(lower, upper)
    }

    /// For each number of the candidate's failures the most of the baseline's with which the score is as large as seen;
    /// -1 where no number is.
    private func rejectionLimits(margin: Double) -> [Int] {
        // What equals the score seen must not fall below it by rounding.
        let seen = score(onlyBaseline, onlyCandidate, margin: margin) - 1e-9
        return (0...pairs).map { candidate in
            var low = -1
            var high = pairs - candidate
            while low < high {
                let middle = low + (high - low + 1) / 2
                if score(middle, candidate, margin: margin) >= seen { low = middle } else { high = middle - 1 }
            }
            return low
        }
    }

    /// Tango's score of a surplus against the margin; falls as the baseline fails more often.
    private func score(_ baseline: Int, _ candidate: Int, margin: Double) -> Double {
        let (count, baseline, candidate) = (Double(pairs), Double(baseline), Double(candidate))
        let linear = -candidate - baseline + (2 * count - candidate + baseline) * margin
        let constant = -baseline * margin * (1 - margin)
        let root = max(0, linear * linear - 8 * count * constant).squareRoot()
        let rate = max(0, -margin, (root - linear) / (4 * count))
        let variance = count * (2 * rate + margin * (1 - margin))
        let surplus = candidate - baseline - count * margin
        if variance <= 0 { return surplus == 0 ? 0 : surplus * .infinity }
        return surplus / variance.squareRoot()
    }

    private static func probability(of limits: [Int], baseline: Double, candidate: Double) -> Double {
        let pairs = limits.count - 1
        let masses = binomialMasses(trials: pairs, probability: candidate)
        let share = candidate < 1 ? min(1, baseline / (1 - candidate)) : 0
        var sum = 0.0
        for (offset, mass) in masses.values.enumerated() where mass > 1e-10 {
            let failures = masses.first + offset
            guard limits[failures] >= 0 else { continue }
            sum += mass * binomialLowerTail(limits[failures], trials: pairs - failures, probability: share)
        }
        return sum
    }
}
