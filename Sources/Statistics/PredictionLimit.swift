/// Where one more value of a sample will lie at most, with a given error, if it comes from where the others came from.
///
/// `mean + t(1 - tail, n - 1) * s * sqrt(1 + 1/n)`: the interval of a new observation, not of the mean, so that what
/// differs from run to run is in it (Hahn and Meeker, Statistical Intervals, 4.7).
package struct PredictionLimit: Sendable, Equatable {
    package let mean: Double
    package let deviation: Double
    package let count: Int
    private let tail: Double

    /// Nil for fewer than two values.
    package init?(_ values: [Double], tail: Double) {
        guard values.count >= 2 else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        deviation = (squares / Double(values.count - 1)).squareRoot()
        count = values.count
        self.tail = tail
    }

    private var spread: Double { deviation * (1 + 1 / Double(count)).squareRoot() }

    package var upper: Double {
        mean + studentQuantile(twoSidedLevel: 1 - 2 * tail, degreesOfFreedom: count - 1) * spread
    }

    /// The shift that a new value would show with the given power, above one half.
    package func detectable(power: Double = 0.8) -> Double {
        upper - mean + normalQuantile(twoSidedLevel: 2 * power - 1) * spread
    }
}
