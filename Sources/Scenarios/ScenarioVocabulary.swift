/// The words that other stages define and scenarios may use; the command line hands them in.
package struct ScenarioVocabulary: Sendable, Equatable {
    /// The names of the wire dialects, such as `openai-chat`.
    package var apis: [String]
    /// The metrics that limits may name, by the name that people type.
    package var metrics: [String: MetricKind]
    /// What the names of further metrics begin with, whose ends are names that answers have, such as `time_to_field.`.
    package var metricFamilies: [String: MetricKind]
    /// Those of the APIs whose requests can offer no tools, and those that can demand no JSON by a schema.
    package var apisWithoutTools: Set<String>
    package var apisWithoutSchema: Set<String>

    /// The APIs that a simulated fault has a place in, by its name; faults that have one in every API are not listed.
    package var faultPlaces: [String: [String]]

    package init(
        apis: [String], metrics: [String: MetricKind], metricFamilies: [String: MetricKind] = [:],
        apisWithoutTools: Set<String> = [],
        apisWithoutSchema: Set<String> = [], faultPlaces: [String: [String]] = [:]
    ) {
        self.apis = apis
        self.metrics = metrics
        self.metricFamilies = metricFamilies
        self.apisWithoutTools = apisWithoutTools
        self.apisWithoutSchema = apisWithoutSchema
        self.faultPlaces = faultPlaces
    }

    /// What limits on a metric look like, by its name; nil where there is none of it.
    func kind(of metric: String) -> MetricKind? {
        metrics[metric]
            ?? metricFamilies.first { metric.hasPrefix($0.key) && metric.count > $0.key.count }?.value
    }

    /// The metrics that people may name, those of families with a stand-in for what answers have, such as
    /// `time_to_field.NAME`.
    func metricNames(where isFit: (MetricKind) -> Bool) -> [String] {
        let families = metricFamilies.filter { isFit($0.value) }.keys.map { "\($0)NAME" }
        return (metrics.filter { isFit($0.value) }.keys + families).sorted()
    }

    /// A budget's key as a metric and a statistic, which is missing where the key names none.
    ///
    /// The name of a field may have dots.
    func parts(ofBudget key: String) -> (metric: String, statistic: String?) {
        guard metricFamilies.keys.contains(where: key.hasPrefix) else {
            let parts = key.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (parts[0], parts.count == 2 ? parts[1] : nil)
        }
        guard let statistic = MetricKind.statistics.filter({ key.hasSuffix(".\($0)") }).max(by: { $0.count < $1.count })
        else { return (key, nil) }
        return (String(key.dropLast(statistic.count + 1)), statistic)
    }
}

/// What a limit on a metric looks like: its unit, its direction and whether it needs a statistic.
package struct MetricKind: Sendable, Equatable {
    package enum Unit: Sendable, Equatable {
        /// Limits are durations with a unit.
        case milliseconds
        /// Limits are plain numbers from 0 to 1.
        case share
        /// Limits are plain numbers, per second.
        case rate
        /// Limits are plain numbers.
        case count
    }

    package var unit: Unit
    /// Whether a run has one value of it, so that budgets name no statistic.
    package var isOnePerRun: Bool
    /// Whether one request has one value of it, so that objectives may name it.
    package var isOnePerRequest: Bool
    /// Whether limits are lower bounds.
    package var isHigherBetter: Bool

    /// Creates a kind; without a direction shares and rates are better when higher, times and counts when lower.
    package init(
        _ unit: Unit, isOnePerRun: Bool = false, isOnePerRequest: Bool? = nil, isHigherBetter: Bool? = nil
    ) {
        self.unit = unit
        self.isOnePerRun = isOnePerRun
        self.isOnePerRequest = isOnePerRequest ?? !isOnePerRun
        self.isHigherBetter = isHigherBetter ?? (unit == .share || unit == .rate)
    }

    /// The statistics that a budget may name, for metrics with more than one value a run.
    package static let statistics = ["mean", "min", "max", "p50", "p75", "p90", "p95", "p99", "p99.9"]
}
