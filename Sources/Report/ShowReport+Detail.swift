import Timeline

extension ShowReport {
    /// One request: its phases counted from `sent`, and what was said.
    package func detail(_ row: Row) -> String {
        let record = row.record
        let heading =
            "Request \(Self.identity(record)) of \(painter.clean(record.target, width: 40)), \(record.phase.rawValue)"
        var table = TextTable(
            columns: [
                TextTable.Column(header: "", alignment: .left),
                TextTable.Column(header: "", alignment: .decimal, emphasis: .strong),
                TextTable.Column(header: "", alignment: .left, emphasis: .faint),
            ], indentation: 2, hasHeader: false)
        for phase in RequestPhases(record).instants {
            let text = NumberFormat.fixed(phase.milliseconds, decimals: 3)
            table.rows.append([TextTable.Cell(phase.name), TextTable.Cell(text), TextTable.Cell("ms")])
        }
        let lines = [painter.paint(heading, .strong)] + table.lines(width: width, painter: painter) + facts(row)
        return lines.map { "\($0)\n" }.joined()
    }

    private func facts(_ row: Row) -> [String] {
        let facts = RequestFacts(record: row.record, run: row.run, painter: painter).lines
        let figures = figures(row)
        let all = figures.isEmpty ? facts : [("figures", figures)] + facts
        return FactLines(all, painter: painter).lines(width: width)
    }

    private func figures(_ row: Row) -> String {
        let figures: [(String, Double?, String)] = [
            ("TTFT", row.timeToFirstToken, "ms"), ("TPOT", row.timePerOutputToken, "ms/token"),
            ("longest gap", row.longestGap, "ms"), ("E2E", row.endToEnd, "ms"),
        ]
        let times = figures.compactMap { name, value, unit in
            value.map { "\(name) \(NumberFormat.fixed($0, decimals: 3)) \(unit)" }
        }
        return (times + (row.outputTokens.map { ["\($0) tokens"] } ?? [])).joined(separator: ", ")
    }
}

/// Labels and texts in two columns; a long text goes on in the next line, under its beginning.
struct FactLines {
    private let facts: [RequestFacts.Line]
    private let painter: Painter

    init(_ facts: [RequestFacts.Line], painter: Painter) {
        self.facts = facts
        self.painter = painter
    }

    func lines(width: Int) -> [String] {
        let labelWidth = (facts.map { PrintableText.width($0.label) }.max() ?? 0) + 4
        return facts.flatMap { label, text in
            let pieces = PrintableText.wrap(painter.clean(text), to: max(20, width - labelWidth))
            return (pieces.isEmpty ? [""] : pieces).enumerated().map { index, piece in
                let head = PrintableText.pad("  " + (index == 0 ? label : ""), to: labelWidth)
                return painter.paint(head, .faint) + piece
            }
        }
    }
}
