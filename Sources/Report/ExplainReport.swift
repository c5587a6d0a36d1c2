package import Metrics

/// What a metric means, for people at a terminal.
package struct ExplainReport: Sendable {
    private static let width = 80

    /// One metric in full: definition, formula, unit, and what other tools mean by the word, where that is known.
    package static func text(of metric: MetricDefinition) -> String {
        let direction = metric.isHigherBetter ? "higher is better" : "lower is better"
        let count = metric.isOnePerRun ? "one value a run" : "a value per request or gap, hence percentiles"
        var lines = ["\(metric.name): \(metric.title)", ""]
        lines += PrintableText.wrap(metric.definition, to: width)
        lines += [""] + hanging("  formula  ", metric.formula)
        lines += ["  unit     \(metric.unit.rawValue), \(direction)", "  values   \(count)"]
        if !metric.dialects.isEmpty { lines += hanging("  others   ", metric.dialects) }
        return lines.map { "\($0)\n" }.joined()
    }

    /// All metrics, a line or two each.
    package static func list(of metrics: [MetricDefinition]) -> String {
        let nameWidth = metrics.map { PrintableText.width($0.name) }.max() ?? 0
        let unitWidth = metrics.map { PrintableText.width($0.unit.rawValue) }.max() ?? 0
        let lines = metrics.flatMap { metric in
            let name = PrintableText.pad(metric.name, to: nameWidth)
            let unit = PrintableText.pad(metric.unit.rawValue, to: unitWidth)
            return hanging("\(name)  \(unit)  ", metric.definition)
        }
        return lines.map { "\($0)\n" }.joined()
    }

    /// Wraps a text beside a label; further lines are indented by the label's width.
    private static func hanging(_ label: String, _ text: String) -> [String] {
        let indentation = PrintableText.width(label)
        let lines = PrintableText.wrap(text, to: max(20, width - indentation))
        return lines.enumerated().map { index, line in
            (index == 0 ? label : String(repeating: " ", count: indentation)) + line
        }
    }
}
