package import Metrics
package import Timeline

/// A run's figures by the definitions of another tool, under its names, with a word on how they differ from ours.
package struct DialectReport: Sendable {
    private let run: RunDescription
    private let summaries: [DialectSummary]

    package init(run: RunDescription, summaries: [DialectSummary]) {
        self.run = run
        self.summaries = summaries
    }

    private var dialect: MetricDialect? { summaries.first?.dialect }

    private func heading(_ painter: Painter) -> String {
        let source = run.importedFrom.map { "measured by \(painter.clean($0.tool))" } ?? "measured by ttft"
        return "Run \(painter.clean(run.id))  \(source), by the definitions of \(dialect?.title ?? "none")"
    }

    package func table(options: TableReport.Options = TableReport.Options()) -> String {
        let painter = Painter(hasColor: options.color, hasUnicode: options.unicode)
        let width = max(60, options.width)
        var lines = [painter.paint(heading(painter), .strong)]
        for summary in summaries {
            lines += ["", painter.paint(painter.clean(summary.target, width: width), .strong)]
            var table = TextTable(
                columns: [TextTable.Column(header: "", alignment: .left)]
                    + summary.dialect.statistics.map { TextTable.Column(header: $0.label, alignment: .decimal) })
            for figure in summary.distributions {
                table.rows.append(([figure.name] + figure.values.map(Self.number)).map { TextTable.Cell($0) })
            }
            lines += table.lines(width: width, painter: painter) + [""]
            var totals = TextTable(
                columns: [
                    TextTable.Column(header: "", alignment: .left), TextTable.Column(header: "", alignment: .decimal),
                ], hasHeader: false)
            totals.rows = summary.totals.map { [TextTable.Cell($0.name), TextTable.Cell(Self.text($0))] }
            lines += totals.lines(width: width, painter: painter)
        }
        lines += [""] + PrintableText.wrap(dialect?.remarks ?? "", to: width).map { painter.paint($0, .faint) }
        return lines.map { "\($0)\n" }.joined()
    }

    package var markdown: String {
        let painter = Painter(hasColor: false, hasUnicode: true)
        var lines = ["## \(PrintableText.markdown(heading(painter)))"]
        for summary in summaries {
            lines += ["", "### \(PrintableText.markdown(painter.clean(summary.target)))", ""]
            var table = MarkdownTable(headers: ["figure"] + summary.dialect.statistics.map(\.label))
            table.rows = summary.distributions.map { [$0.name] + $0.values.map(Self.number) }
            var totals = MarkdownTable(headers: ["figure", "value"])
            totals.rows = summary.totals.map { [$0.name, Self.text($0)] }
            lines += table.lines + [""] + totals.lines
        }
        lines += ["", PrintableText.markdown(dialect?.remarks ?? "")]
        return lines.map { "\($0)\n" }.joined()
    }

    /// A row for each statistic of each figure, with the columns of `summary.csv` that apply.
    package var csv: String {
        var table = CSVText(header: ["run_id", "target", "metric", "stat", "value", "dialect"])
        for summary in summaries {
            func append(_ name: String, _ statistic: String, _ value: Double?) {
                table.append([
                    run.id, summary.target, name, statistic, CSVText.number(value), summary.dialect.rawValue,
                ])
            }
            for figure in summary.distributions {
                for (statistic, value) in zip(summary.dialect.statistics, figure.values) {
                    append(figure.name, statistic.label, value)
                }
            }
            for total in summary.totals { append(total.name, "value", total.value) }
        }
        return table.text
    }

    package var json: String {
        let value: JSONValue = [
            "schema_version": .integer(JSONReport.schemaVersion), "run_id": .string(run.id),
            "dialect": .optional(dialect?.rawValue), "imported_from": .optional(run.importedFrom?.tool),
            "targets": .array(summaries.map(Self.value)), "remarks": .optional(dialect?.remarks),
        ]
        return value.indentedText + "\n"
    }

    private static func value(_ summary: DialectSummary) -> JSONValue {
        let figures = summary.distributions.map { figure in
            JSONValue.Member(
                figure.name,
                .object(
                    zip(summary.dialect.statistics, figure.values).map { JSONValue.Member($0.label, .rounded($1)) }))
        }
        return [
            "name": .string(summary.target), "figures": .object(figures),
            "totals": .object(summary.totals.map { JSONValue.Member($0.name, .rounded($0.value)) }),
        ]
    }

    /// Two decimals as the tools print them, more where the figure is small.
    private static func number(_ value: Double?) -> String {
        guard let value else { return "n/a" }
        return NumberFormat.fixed(value, decimals: value.magnitude < 1 && value != 0 ? 4 : 2)
    }

    private static func text(_ total: DialectSummary.Total) -> String {
        guard total.isCount, let value = total.value else { return number(total.value) }
        return NumberFormat.fixed(value, decimals: 0)
    }
}
