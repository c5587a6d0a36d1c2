import Glibc

/// What a ratio between two runs says where it is known how far a run differs from itself.
package enum RunToRunNoise {
    /// Widens the 95 % interval of a ratio by the noise of both runs, on the logarithmic scale.
    ///
    /// The standard error within the runs is read from the interval's width, and `sqrt(SE^2 + 2 s^2)` stands in its
    /// place, with `s` the standard deviation from run to run as a share. Nil where the ratio is not positive.
    package static func widened(
        _ interval: ClosedRange<Double>, around ratio: Double, noise: Double, level: Double = 0.95
    ) -> ClosedRange<Double>? {
        guard ratio > 0, interval.lowerBound > 0 else { return nil }
        let deviate = normalQuantile(twoSidedLevel: level)
        let within = log(interval.upperBound / interval.lowerBound) / (2 * deviate)
        let between = log1p(noise)
        let half = deviate * (within * within + 2 * between * between).squareRoot()
        return ratio * exp(-half)...ratio * exp(half)
    }
}
