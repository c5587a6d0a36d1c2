import Metrics

/// How an estimate prints in tables: its value and its interval, or that the sample is too small for it.
struct EstimateCells: Sendable {
    var value: String
    var interval: String

    /// Writes an estimate with the decimals of its row; nil lets the value and its interval decide.
    init(_ estimate: Estimate?, unit: MetricDefinition.Unit, decimals: Int? = nil) {
        guard let estimate, let value = estimate.value else {
            (self.value, interval) = ("-", "")
            return
        }
        // The interval of such a percentile has no end: the value says nothing yet, and only exports carry it.
        if estimate.interval == nil, let needed = estimate.countNeeded {
            (self.value, interval) = ("n/a", "(need \(needed))")
            return
        }
        let scale = UnitScale(unit)
        let bounds = estimate.interval.map(scale.scaled)
        let decimals = decimals ?? NumberFormat.decimals(for: value * scale.factor, interval: bounds)
        self.value = NumberFormat.fixed(value * scale.factor, decimals: decimals)
        interval = bounds.map { NumberFormat.interval($0, decimals: decimals) } ?? ""
    }

    /// `318 [312, 325]`, or `n/a (need 368)`.
    var text: String { interval.isEmpty ? value : "\(value) \(interval)" }

    /// The decimals of a row of one metric, as its median asks for them.
    static func decimals(of summary: MetricSummary) -> Int {
        let scale = UnitScale(summary.metric.unit)
        let lead = summary[.p50] ?? summary[.value] ?? summary.estimates.first
        guard let value = lead?.value else { return 0 }
        return NumberFormat.decimals(for: value * scale.factor, interval: lead?.interval.map(scale.scaled))
    }
}
