import Metrics
import Timeline

extension ComparisonReport {
    /// The comparison for a terminal: columns side by side where two fit the width, else a block per figure.
    package func table(options: TableReport.Options = TableReport.Options()) -> String {
        let painter = Painter(hasColor: options.color, hasUnicode: options.unicode)
        let width = max(60, options.width)
        var lines = legend(painter, width) + [""]
        let wide = columns.count == 2 ? widest(sideBySide, painter, width) : nil
        let table = wide ?? widest(blocks, painter, width) ?? blocks(Self.labelWidths.last ?? 0, painter)
        lines += table.lines(width: width, painter: painter)
        if let note { lines += [""] + PrintableText.wrap(note, to: width).map { painter.paint($0, .faint) } }
        return lines.map { "\($0)\n" }.joined()
    }

    /// The widths that labels are cut to, where a table does not fit with longer ones.
    private static let labelWidths = [Int.max, 64, 48, 40, 32, 28, 24, 20]

    /// A table with the longest labels that fit; nil where none do.
    private func widest(_ table: (Int, Painter) -> TextTable, _ painter: Painter, _ width: Int) -> TextTable? {
        for labelWidth in Self.labelWidths {
            let table = table(labelWidth, painter)
            if table.fits(width) { return table }
        }
        return nil
    }

    /// `A  gpt-4o  929 of 938 ok  run 01jd3z6q7abc`, a line per column.
    private func legend(_ painter: Painter, _ width: Int) -> [String] {
        let phrases = Phrases(painter: painter)
        var table = TextTable(
            columns: [TextTable.Column(header: "", alignment: .left, emphasis: .strong)]
                + (0..<4).map { _ in TextTable.Column(header: "", alignment: .left) }, hasHeader: false)
        let room = max(28, (width - 40) / 2)
        let labels = painter.names(columns.map(\.label), width: room)
        let models = painter.names(columns.map(\.summary.target.model), width: max(32, room))
        for (index, column) in columns.enumerated() {
            let model = column.summary.target.model
            let limits = phrases.limitedFigures([column.summary], naming: 4)
            table.rows.append(
                [
                    labels[index],
                    model == column.label ? "" : models[index],
                    phrases.success([column.summary]), "run \(painter.clean(column.runID))",
                    limits.isEmpty ? "" : "! do not trust \(limits)",
                ].map { TextTable.Cell($0) })
        }
        return table.lines(width: width, painter: painter)
    }

    private func sideBySide(_ labelWidth: Int, _ painter: Painter) -> TextTable {
        let labels = painter.names(columns.map(\.label), width: labelWidth)
        var table = TextTable(columns: [
            TextTable.Column(header: "", alignment: .left),
            TextTable.Column(header: "", alignment: .right, emphasis: .faint),
            TextTable.Column(header: labels[0], alignment: .decimal),
            TextTable.Column(header: "", alignment: .left, emphasis: .faint),
            TextTable.Column(header: labels[1], alignment: .decimal),
            TextTable.Column(header: "", alignment: .left, emphasis: .faint),
            TextTable.Column(header: "ratio [95 % CI]", alignment: .left, emphasis: .strong),
        ])
        for figure in figures {
            let unit = figure.metric.unit
            let cells = columns.map { EstimateCells(estimate($0, figure), unit: unit) }
            let texts = [
                painter.clean(title(figure), width: 28), UnitScale(unit).symbol, cells[0].value, cells[0].interval,
                cells[1].value, cells[1].interval, ratio(of: columns[1], figure),
            ]
            table.rows.append(texts.map { TextTable.Cell($0) })
        }
        return table
    }

    /// The ratio to the first column; as little supported as the figures on its two sides.
    private func ratio(
        of column: Column, _ figure: (metric: MetricDefinition, statistic: Statistic)
    ) -> String {
        let isSupported = [columns[0], column].allSatisfy { column in
            estimate(column, figure).map { $0.interval != nil || $0.countNeeded == nil } ?? true
        }
        return isSupported ? Self.ratio(compared(column, figure)) : "n/a"
    }

    /// A heading per figure, and a row per column under it.
    private func blocks(_ labelWidth: Int, _ painter: Painter) -> TextTable {
        let labels = painter.names(columns.map(\.label), width: labelWidth)
        let baseline = labels.first ?? ""
        var table = TextTable(columns: [
            TextTable.Column(header: "", alignment: .left), TextTable.Column(header: "value", alignment: .decimal),
            TextTable.Column(header: "95 % CI", alignment: .left, emphasis: .faint),
            TextTable.Column(header: "ratio to \(baseline)", alignment: .left, emphasis: .strong),
        ])
        for figure in figures {
            let symbol = UnitScale(figure.metric.unit).symbol
            let heading = painter.clean("\(title(figure))\(symbol.isEmpty ? "" : ", \(symbol)")", width: 32)
            table.rows.append([TextTable.Cell(heading, .strong)])
            for (index, column) in columns.enumerated() {
                let cells = EstimateCells(estimate(column, figure), unit: figure.metric.unit)
                let texts = [
                    "  \(labels[index])", cells.value, cells.interval,
                    index == 0 ? "1" : ratio(of: column, figure),
                ]
                table.rows.append(texts.map { TextTable.Cell($0) })
            }
        }
        return table
    }
}
