import Metrics
import Timeline

extension ComparisonReport {
    /// A row for each figure and candidate, with the values of both sides and their ratio.
    package var csv: String {
        var table = CSVText(header: [
            "metric", "unit", "stat", "baseline", "candidate", "baseline_value", "candidate_value", "ratio",
            "ratio_low", "ratio_high", "ci_level", "method",
        ])
        for comparison in comparisons {
            for figure in comparison.figures {
                table.append([
                    figure.metric.name, figure.metric.unit.rawValue, figure.statistic.rawValue, comparison.baseline,
                    comparison.candidate, CSVText.number(figure.baseline), CSVText.number(figure.candidate),
                    CSVText.number(figure.ratio), CSVText.number(figure.interval?.lowerBound),
                    CSVText.number(figure.interval?.upperBound), figure.interval == nil ? "" : "0.95", figure.method,
                ])
            }
        }
        return table.text
    }

    package var json: String {
        let value: JSONValue = [
            "schema_version": .integer(JSONReport.schemaVersion),
            "columns": .array(columns.map(column)), "comparisons": .array(comparisons.map(comparison)),
            "note": .optional(note),
        ]
        return value.indentedText + "\n"
    }

    package var markdown: String {
        let painter = Painter(hasColor: false, hasUnicode: true)
        let headers = columns.flatMap { column -> [String] in
            let label = painter.clean(column.label)
            return column.label == columns.first?.label ? [label] : [label, "ratio, 95 % CI"]
        }
        var table = MarkdownTable(headers: ["figure", "unit"] + headers, firstNumber: 2)
        for figure in figures {
            let cells = columns.flatMap { column -> [String] in
                let text = EstimateCells(estimate(column, figure), unit: figure.metric.unit).text
                return column.label == columns.first?.label ? [text] : [text, Self.ratio(compared(column, figure))]
            }
            table.rows.append([title(figure), UnitScale(figure.metric.unit).symbol] + cells)
        }
        let lines = ["## Comparison", ""] + table.lines + (note.map { ["", PrintableText.markdown($0)] } ?? [])
        return MarkdownReport.fitted(lines)
    }

    private func column(_ column: Column) -> JSONValue {
        [
            "label": .string(column.label), "run_id": .string(column.runID),
            "target": .string(column.summary.target.name), "model": .string(column.summary.target.model),
            "attempts": .integer(column.summary.attempts), "complete": .integer(column.summary.complete),
            "client_limited": .bool(column.summary.error.isClientLimited),
        ]
    }

    private func comparison(_ comparison: TargetComparison) -> JSONValue {
        [
            "baseline": .string(comparison.baseline), "candidate": .string(comparison.candidate),
            "figures": .array(comparison.figures.map(figure)),
        ]
    }

    private func figure(_ figure: ComparedFigure) -> JSONValue {
        [
            "metric": .string(figure.metric.name), "unit": .string(figure.metric.unit.rawValue),
            "stat": .string(figure.statistic.rawValue), "baseline": .rounded(figure.baseline),
            "candidate": .rounded(figure.candidate), "ratio": .rounded(figure.ratio),
            "ratio_low": .rounded(figure.interval?.lowerBound), "ratio_high": .rounded(figure.interval?.upperBound),
            "ci_level": figure.interval == nil ? .null : .number(0.95), "method": .string(figure.method),
        ]
    }
}
