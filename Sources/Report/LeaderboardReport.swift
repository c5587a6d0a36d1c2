package import Metrics
import Timeline

/// Targets ranked: latency and success with their intervals, the best of each figure, and who is beaten by none.
package struct LeaderboardReport: Sendable {
    private let board: Leaderboard
    /// What was ranked, such as `runs of the last 72h`; nil for runs that were named.
    private let scope: String?

    package init(_ board: Leaderboard, scope: String? = nil) {
        self.board = board
        self.scope = scope
    }

    private var isOfSessions: Bool { board.entries.contains { $0.sessions != nil } }

    private func title(_ figure: Leaderboard.Figure) -> String {
        figure.statistic == .value ? figure.metric.title : "\(figure.metric.title) \(figure.statistic.rawValue)"
    }

    /// How the table is to be read.
    var note: String {
        let unit =
            isOfSessions
            ? "Medians over runs, with the run as the unit: the interval is of order statistics and needs 6 runs."
            : "Intervals are of the requests of these runs."
        return
            "* is better than every other by more than the intervals leave open. Pareto: no other is at least as good "
            + "in every figure and surely better in one. \(unit)" + estimationNote
    }

    private var estimationNote: String {
        guard board.entries.contains(where: { $0.isEstimated.contains(true) }) else { return "" }
        return " ~ is estimated as one token per event, since nobody counted, and decides nothing."
    }

    package func table(options: TableReport.Options = TableReport.Options()) -> String {
        let painter = Painter(hasColor: options.color, hasUnicode: options.unicode)
        let width = max(60, options.width)
        let figures = board.figures.flatMap { figure in
            [
                TextTable.Column(
                    header: title(figure), unit: UnitScale(figure.metric.unit).symbol, alignment: .decimal),
                TextTable.Column(header: "", alignment: .left, emphasis: .strong),
                TextTable.Column(header: "95 % CI", alignment: .left, importance: 50, emphasis: .faint),
            ]
        }
        var table = TextTable(
            columns: [TextTable.Column(header: "", alignment: .left)]
                + [TextTable.Column(header: "runs", alignment: .right)] + figures
                + [TextTable.Column(header: "Pareto", alignment: .left)])
        let labels = painter.names(board.entries.map(\.label), width: max(20, width - 72))
        for (label, entry) in zip(labels, board.entries) {
            let cells = board.figures.indices.flatMap { index -> [String] in
                let cells = estimateCells(entry, index)
                return [cells.value, mark(entry, index), cells.interval]
            }
            let texts = [label, entry.sessions.map { String($0) } ?? ""] + cells + [entry.isUnbeaten ? "yes" : ""]
            table.rows.append(texts.map { TextTable.Cell($0) })
        }
        let head = scope.map { [painter.clean($0), ""] } ?? []
        let foot = PrintableText.wrap(note, to: width).map { painter.paint($0, .faint) }
        return (head + table.lines(width: width, painter: painter) + [""] + foot).map { "\($0)\n" }.joined()
    }

    private func estimateCells(_ entry: Leaderboard.Entry, _ index: Int) -> EstimateCells {
        EstimateCells(entry.estimates[index], unit: board.figures[index].metric.unit)
    }

    private func mark(_ entry: Leaderboard.Entry, _ index: Int) -> String {
        entry.isEstimated[index] ? "~" : entry.isBest[index] ? "*" : ""
    }

    package var markdown: String {
        let painter = Painter(hasColor: false, hasUnicode: true)
        let figures = board.figures.map { "\(title($0)), \(UnitScale($0.metric.unit).symbol)" }
        var table = MarkdownTable(headers: ["target"] + (isOfSessions ? ["runs"] : []) + figures + ["Pareto"])
        for entry in board.entries {
            let cells = board.figures.indices.map { index in
                estimateCells(entry, index).text + (mark(entry, index).isEmpty ? "" : " \\\(mark(entry, index))")
            }
            table.rows.append(
                [painter.clean(entry.label)] + (isOfSessions ? [String(entry.sessions ?? 0)] : []) + cells
                    + [entry.isUnbeaten ? "yes" : ""])
        }
        let lines = ["## Ranking", ""] + (scope.map { [PrintableText.markdown($0), ""] } ?? []) + table.lines
        return MarkdownReport.fitted(lines + ["", PrintableText.markdown(note)])
    }

    /// A row for each target and figure, in the order of the ranking.
    package var csv: String {
        var table = CSVText(header: [
            "rank", "target", "runs", "metric", "unit", "stat", "value", "ci_low", "ci_high", "ci_level", "n", "method",
            "best", "pareto", "estimated",
        ])
        for (place, entry) in board.entries.enumerated() {
            for (index, figure) in board.figures.enumerated() {
                let estimate = entry.estimates[index]
                table.append([
                    String(place + 1), entry.label, entry.sessions.map { String($0) } ?? "", figure.metric.name,
                    figure.metric.unit.rawValue, figure.statistic.rawValue, CSVText.number(estimate.value),
                    CSVText.number(estimate.interval?.lowerBound), CSVText.number(estimate.interval?.upperBound),
                    estimate.interval == nil ? "" : "0.95", String(estimate.count), estimate.method,
                    String(entry.isBest[index]), String(entry.isUnbeaten), String(entry.isEstimated[index]),
                ])
            }
        }
        return table.text
    }

    package var json: String {
        let value: JSONValue = [
            "schema_version": .integer(JSONReport.schemaVersion), "scope": .optional(scope),
            "targets": .array(board.entries.map(value)), "note": .string(note),
        ]
        return value.indentedText + "\n"
    }

    private func value(of entry: Leaderboard.Entry) -> JSONValue {
        let figures = board.figures.indices.map { index -> JSONValue in
            let (figure, estimate) = (board.figures[index], entry.estimates[index])
            return [
                "metric": .string(figure.metric.name), "unit": .string(figure.metric.unit.rawValue),
                "stat": .string(figure.statistic.rawValue), "value": .rounded(estimate.value),
                "ci_low": .rounded(estimate.interval?.lowerBound), "ci_high": .rounded(estimate.interval?.upperBound),
                "ci_level": estimate.interval == nil ? .null : .number(0.95), "n": .integer(estimate.count),
                "method": .string(estimate.method), "best": .bool(entry.isBest[index]),
                "estimated": .bool(entry.isEstimated[index]),
            ]
        }
        return [
            "target": .string(entry.label), "runs": entry.sessions.map { .integer($0) } ?? .null,
            "pareto": .bool(entry.isUnbeaten), "figures": .array(figures),
        ]
    }
}
