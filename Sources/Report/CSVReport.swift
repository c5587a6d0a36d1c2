package import Metrics
import Timeline

/// `summary.csv`: a row for each statistic of each metric of each target.
///
/// It carries every value, also where the table prints `n/a` since the sample cannot bound it; then the interval is empty.
package struct CSVReport: Sendable {
    package static let columns = [
        "run_id", "target", "model", "metric", "unit", "stat", "value", "ci_low", "ci_high", "ci_level", "n", "method",
        "dialect", "measurement_low", "measurement_high",
    ]

    private let summaries: [RunSummary]
    private let dialect: String

    /// Creates a report on one run or several; the dialect names whose definitions the metrics follow.
    package init(summaries: [RunSummary], dialect: String = "ours") {
        self.summaries = summaries
        self.dialect = dialect
    }

    package var text: String {
        var table = CSVText(header: Self.columns)
        for summary in summaries {
            for target in summary.targets {
                for metric in target.metrics {
                    for estimate in metric.estimates {
                        table.append(row(summary.run.id, target, metric.metric, estimate))
                    }
                }
                costRows(summary.run.id, target).forEach { table.append($0) }
            }
        }
        return table.text
    }

    /// What a target with a price cost, in the currency of the price, which nothing names.
    private func costRows(_ run: String, _ target: TargetSummary) -> [[String]] {
        guard let cost = target.cost else { return [] }
        let rows: [(statistic: String, unit: String, value: Double?)] = [
            ("total", "currency", cost.total), ("per_thousand_good", "currency", cost.perThousandGood),
            ("estimated_attempts", "count", Double(cost.estimated)),
            ("unknown_attempts", "count", Double(cost.unknown)),
        ]
        return rows.map { statistic, unit, value in
            [
                run, target.target.name, target.target.model, "cost", unit, statistic, CSVText.number(value), "",
                "", "", String(target.attempts), cost.estimated > 0 ? "estimated" : "", dialect, "", "",
            ]
        }
    }

    private func row(
        _ run: String, _ target: TargetSummary, _ metric: MetricDefinition, _ estimate: Estimate
    ) -> [String] {
        [
            run, target.target.name, target.target.model, metric.name, metric.unit.rawValue,
            estimate.statistic.rawValue, CSVText.number(estimate.value), CSVText.number(estimate.interval?.lowerBound),
            CSVText.number(estimate.interval?.upperBound), estimate.interval == nil ? "" : "0.95",
            String(estimate.count), estimate.method, dialect, CSVText.number(estimate.measurementRange?.lowerBound),
            CSVText.number(estimate.measurementRange?.upperBound),
        ]
    }
}
