/// A limit that one request must keep, such as TTFT at most 800 ms.
package struct RequestLimit: Sendable, Equatable, Codable {
    /// The metric as people type it, such as `ttft`.
    package var metric: String
    /// The limit in the metric's own unit: milliseconds, tokens per second, a share.
    package var limit: Double

    package init(metric: String, limit: Double) {
        self.metric = metric
        self.limit = limit
    }
}

/// A limit that a whole run must keep, such as a TTFT p95 of at most 800 ms.
package struct Budget: Sendable, Equatable, Codable {
    package enum Comparison: String, Sendable, Codable {
        case atMost = "<="
        case atLeast = ">="
    }

    package var metric: String
    /// A statistic such as `p95` or `mean`; nil for metrics that have one value a run, such as `success`.
    package var statistic: String?
    package var comparison: Comparison
    /// The limit in the metric's own unit.
    package var limit: Double

    package init(metric: String, statistic: String?, comparison: Comparison, limit: Double) {
        self.metric = metric
        self.statistic = statistic
        self.comparison = comparison
        self.limit = limit
    }

    /// The budget's key as scenarios write it, such as `ttft.p95`.
    package var key: String { statistic.map { "\(metric).\($0)" } ?? metric }
}
