/// The probabilities of a binomial distribution around its mode; what is left out sums to less than 1e-15.
///
/// Built outwards from the mode by the ratio of neighbours and scaled to 1: no factorial, hence no loss of digits, and
/// a million trials cost some thousand steps.
func binomialMasses(trials: Int, probability: Double) -> (first: Int, values: [Double]) {
    guard trials > 0, probability > 0 else { return (0, [1]) }
    guard probability < 1 else { return (trials, [1]) }
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

/// The probability of at most so many successes, by the regularized incomplete beta function (NIST DLMF 8.17.5).
func binomialLowerTail(_ successes: Int, trials: Int, probability: Double) -> Double {
    if successes < 0 { return 0 }
    if successes >= trials { return 1 }
    return regularizedIncompleteBeta(1 - probability, alpha: Double(trials - successes), beta: Double(successes + 1))
}
