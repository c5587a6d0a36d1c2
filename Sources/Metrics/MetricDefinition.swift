/// A metric that the tool prints: its name at every edge, its unit and its definition.
package struct MetricDefinition: Sendable, Equatable {
    package enum Unit: String, Sendable {
        case milliseconds = "ms"
        case millisecondsPerToken = "ms/token"
        case tokensPerSecond = "tok/s"
        case requestsPerSecond = "req/s"
        case share
        case count
        case tokens
    }

    /// As people type it in budgets and read it in exports, such as `ttft`.
    package var name: String
    /// As tables print it, such as `TTFT`.
    package var title: String
    package var unit: Unit
    /// True where a larger value is better.
    package var isHigherBetter: Bool
    /// One sentence.
    package var definition: String
    package var formula: String
    /// Whether a run has one value of it, as for throughput, or one per request or gap, hence percentiles.
    package var isOnePerRun: Bool
    /// What other tools mean by the same word, or call the same thing; empty where there is nothing to confuse.
    package var dialects: String

    package init(
        name: String, title: String, unit: Unit, isHigherBetter: Bool = false, definition: String, formula: String,
        isOnePerRun: Bool = false, dialects: String = ""
    ) {
        self.name = name
        self.title = title
        self.unit = unit
        self.isHigherBetter = isHigherBetter
        self.definition = definition
        self.formula = formula
        self.isOnePerRun = isOnePerRun
        self.dialects = dialects
    }
}
