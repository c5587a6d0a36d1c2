/// What a signed-rank test could have seen, had it been there.
package enum DetectableShift {
    /// The shift that the test finds above a margin with the given power.
    ///
    /// `margin + (z(1 - tail) + z(power)) * s`, where the standard error `s` is read from the width of the interval of the given level:
    /// unlike that of the mean it does not grow with a few outliers, which ranks hardly feel. Power is above one half.
    package static func shift(
        above margin: Double, interval: ClosedRange<Double>, level: Double, tail: Double, power: Double = 0.8
    ) -> Double {
        let width = interval.upperBound - interval.lowerBound
        let standardError = width / (2 * normalQuantile(twoSidedLevel: level))
        let deviates = normalQuantile(twoSidedLevel: 1 - 2 * tail) + normalQuantile(twoSidedLevel: 2 * power - 1)
        return margin + deviates * standardError
    }
}
