package import Metrics

/// How tables print a metric's unit: shares as per cent, all else as it is.
package struct UnitScale: Sendable, Equatable {
    package var symbol: String
    package var factor: Double

    package init(_ unit: MetricDefinition.Unit) {
        switch unit {
        case .share: (symbol, factor) = ("%", 100)
        case .count: (symbol, factor) = ("", 1)
        case .milliseconds, .millisecondsPerToken, .tokensPerSecond, .requestsPerSecond, .tokens:
            (symbol, factor) = (unit.rawValue, 1)
        }
    }

    package func scaled(_ interval: ClosedRange<Double>) -> ClosedRange<Double> {
        interval.lowerBound * factor...interval.upperBound * factor
    }
}
