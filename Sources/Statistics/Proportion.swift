/// A share: so many successes of so many trials.
package struct Proportion: Sendable, Equatable {
    package var successes: Int
    package var trials: Int

    package init(successes: Int, of trials: Int) {
        self.successes = successes
        self.trials = trials
    }

    package var value: Double? { trials == 0 ? nil : Double(successes) / Double(trials) }

    /// Bounds the share by Wilson's score interval (1927), which stays within 0 and 1; nil without trials, and where
    /// there are more successes than trials.
    package func interval(level: Double = 0.95) -> ClosedRange<Double>? {
        guard let value, successes >= 0, successes <= trials else { return nil }
        let count = Double(trials)
        let deviate = normalQuantile(twoSidedLevel: level)
        let square = deviate * deviate
        let centre = (value + square / (2 * count)) / (1 + square / count)
        let half =
            deviate * (value * (1 - value) / count + square / (4 * count * count)).squareRoot() / (1 + square / count)
        // At 0 and at 1 the bound is exact, where rounding would leave a crumb.
        let lower = successes == 0 ? 0 : centre - half
        let upper = successes == trials ? 1 : centre + half
        return lower...upper
    }
}
