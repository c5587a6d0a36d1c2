/// Values in ascending order, with the figures that describe them; infinities and NaN are not allowed.
package struct SortedSample: Sendable, Equatable {
    package let values: [Double]

    package init(_ values: consuming [Double]) {
        values.sortByDigits()
        self.values = values
    }

    package var count: Int { values.count }

    package var mean: Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }

    /// Estimates a quantile as type 7 of Hyndman and Fan (1996), as NumPy, pandas, DuckDB and spreadsheets do by default.
    ///
    /// The value at position `(n - 1) * probability`, counted from 0, between neighbours by straight line. Nil without values.
    package func quantile(_ probability: Double) -> Double? {
        guard let last = values.last else { return nil }
        let position = Double(values.count - 1) * probability
        let index = Int(position)
        guard index + 1 < values.count else { return last }
        return values[index] + (values[index + 1] - values[index]) * (position - Double(index))
    }

    /// Bounds a quantile of the distribution that the values were drawn from, without assuming its shape.
    ///
    /// Nil where the sample is too small to bound it.
    package func quantileInterval(_ probability: Double, level: Double = 0.95) -> ClosedRange<Double>? {
        guard let ranks = OrderStatisticRanks(count: values.count, quantile: probability, level: level) else {
            return nil
        }
        return values[ranks.lower - 1]...values[ranks.upper - 1]
    }

    /// Bounds the mean by Student's t: `mean ± t * s / sqrt(n)`; nil for fewer than two values.
    ///
    /// Chosen over a bootstrap because anyone can repeat it, to the digit, in a spreadsheet.
    package func meanInterval(level: Double = 0.95) -> ClosedRange<Double>? {
        guard values.count >= 2, let mean else { return nil }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let standardError = (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
        let half = studentQuantile(twoSidedLevel: level, degreesOfFreedom: values.count - 1) * standardError
        return (mean - half)...(mean + half)
    }
}
