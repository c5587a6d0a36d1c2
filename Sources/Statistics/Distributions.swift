import Glibc

/// The normal deviate beyond which, on both sides together, lies what the level leaves; 1.96 for 0.95.
func normalQuantile(twoSidedLevel level: Double) -> Double {
    solve(for: 1 - level) { erfc($0 / 2.0.squareRoot()) }
}

/// Student's t beyond which, on both sides together, lies what the level leaves; 2.262 for 0.95 and 9 degrees of freedom.
func studentQuantile(twoSidedLevel level: Double, degreesOfFreedom: Int) -> Double {
    let degrees = Double(degreesOfFreedom)
    return solve(for: 1 - level) {
        regularizedIncompleteBeta(degrees / (degrees + $0 * $0), alpha: degrees / 2, beta: 0.5)
    }
}

/// Finds where a function that falls from 1 at 0 towards 0 has the given value, by bisection to the last bit.
private func solve(for target: Double, _ tail: (Double) -> Double) -> Double {
    var low = 0.0
    var high = 1.0
    while tail(high) > target { high *= 2 }
    while true {
        let middle = (low + high) / 2
        guard middle > low, middle < high else { return middle }
        if tail(middle) > target { low = middle } else { high = middle }
    }
}

/// The regularized incomplete beta function, by its continued fraction (NIST DLMF 8.17.22).
func regularizedIncompleteBeta(_ argument: Double, alpha: Double, beta: Double) -> Double {
    guard argument > 0 else { return 0 }
    guard argument < 1 else { return 1 }
    // The fraction converges fast on one side of the mean only; the other side follows from symmetry.
    guard argument <= (alpha + 1) / (alpha + beta + 2) else {
        return 1 - regularizedIncompleteBeta(1 - argument, alpha: beta, beta: alpha)
    }
    let front =
        alpha * log(argument) + beta * log1p(-argument) + logGamma(alpha + beta) - logGamma(alpha) - logGamma(beta)
    return exp(front) / (alpha * betaFraction(argument, alpha: alpha, beta: beta))
}

/// The continued fraction itself, by the modified method of Lentz.
private func betaFraction(_ argument: Double, alpha: Double, beta: Double) -> Double {
    let tiny = 1e-300
    var value = 1.0
    var numerator = 1.0
    var denominator = 0.0
    for step in 1...10_000 {
        let half = Double(step / 2)
        let coefficient =
            step.isMultiple(of: 2)
            ? half * (beta - half) * argument / ((alpha + 2 * half - 1) * (alpha + 2 * half))
            : -(alpha + half) * (alpha + beta + half) * argument / ((alpha + 2 * half) * (alpha + 2 * half + 1))
        denominator = 1 + coefficient * denominator
        if abs(denominator) < tiny { denominator = tiny }
        denominator = 1 / denominator
        numerator = 1 + coefficient / numerator
        if abs(numerator) < tiny { numerator = tiny }
        value *= numerator * denominator
        if abs(numerator * denominator - 1) < 1e-15 { break }
    }
    return value
}

private func logGamma(_ argument: Double) -> Double {
    let (value, _): (Double, Int) = lgamma(argument)
    return value
}
