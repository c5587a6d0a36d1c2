package import Metrics
import Timeline

extension ExplainReport {
    /// Metrics as JSON.
    package static func json(of metrics: [MetricDefinition]) -> String {
        let values = metrics.map { metric -> JSONValue in
            [
                "name": .string(metric.name), "title": .string(metric.title), "unit": .string(metric.unit.rawValue),
                "higher_is_better": .bool(metric.isHigherBetter), "one_per_run": .bool(metric.isOnePerRun),
                "definition": .string(metric.definition), "formula": .string(metric.formula),
                "other_tools": .string(metric.dialects),
            ]
        }
        let value: JSONValue = ["schema_version": .integer(JSONReport.schemaVersion), "metrics": .array(values)]
        return value.indentedText + "\n"
    }
}
