/// A table of plain text whose columns line up, numbers by their decimal point.
struct TextTable: Sendable {
    enum Alignment: Sendable { case left, right, decimal }

    struct Column: Sendable {
        var header: String
        /// Stands under the header, in a line that tables without units do not have.
        var unit = ""
        var alignment: Alignment
        /// Columns of the lowest importance are left out first where the width does not hold all.
        var importance = 100
        var emphasis = Painter.Emphasis.none
    }

    struct Cell: Sendable, ExpressibleByStringLiteral {
        var text: String
        var emphasis: Painter.Emphasis?

        init(_ text: String, _ emphasis: Painter.Emphasis? = nil) {
            self.text = text
            self.emphasis = emphasis
        }

        init(stringLiteral value: String) { self.init(value) }
    }

    var columns: [Column]
    var rows: [[Cell]] = []
    var indentation = 0
    var hasHeader = true

    /// The table as lines without blanks at their ends; columns are left out until it fits the width.
    func lines(width: Int, painter: Painter) -> [String] {
        var kept = columns.indices.filter(isFilled)
        while true {
            let layouts = kept.map { ColumnLayout(column: columns[$0], cells: cells(of: $0)) }
            if total(of: layouts) > width, kept.count > 1,
                let least = kept.filter({ columns[$0].importance < 100 }).min(by: isLessImportant)
            {
                kept.removeAll { $0 == least }
                continue
            }
            return draw(kept, layouts, painter)
        }
    }

    /// Whether all columns fit a width.
    func fits(_ width: Int) -> Bool { fullWidth <= width }

    /// The width of all columns that have any text.
    var fullWidth: Int {
        total(of: columns.indices.filter(isFilled).map { ColumnLayout(column: columns[$0], cells: cells(of: $0)) })
    }

    private func total(of layouts: [ColumnLayout]) -> Int {
        indentation + layouts.reduce(0) { $0 + $1.width } + 2 * max(0, layouts.count - 1)
    }

    /// Whether a column has any text under its header.
    private func isFilled(_ column: Int) -> Bool { cells(of: column).contains { !$0.isEmpty } }

    /// A column that has no figure goes before all others.
    private func isLessImportant(_ left: Int, _ right: Int) -> Bool {
        let (hasFigure, otherHasFigure) = (self.hasFigure(left), self.hasFigure(right))
        return hasFigure == otherHasFigure ? columns[left].importance < columns[right].importance : otherHasFigure
    }

    private func hasFigure(_ column: Int) -> Bool {
        cells(of: column).contains { cell in cell.contains { $0.isNumber } && !cell.hasPrefix("n/a") }
    }

    private func cells(of column: Int) -> [String] { rows.map { column < $0.count ? $0[column].text : "" } }

    private func draw(_ kept: [Int], _ layouts: [ColumnLayout], _ painter: Painter) -> [String] {
        var lines: [String] = []
        if hasHeader {
            let headers = zip(kept, layouts).map { (layouts: $1, cell: Cell(columns[$0].header, .faint)) }
            lines.append(line(headers, true, painter))
            let units = zip(kept, layouts).map { (layouts: $1, cell: Cell(columns[$0].unit, .faint)) }
            if units.contains(where: { !$0.cell.text.isEmpty }) { lines.append(line(units, true, painter)) }
        }
        for row in rows {
            let cells = zip(kept, layouts).map { index, layout in
                var cell = index < row.count ? row[index] : ""
                cell.emphasis = cell.emphasis ?? columns[index].emphasis
                return (layouts: layout, cell: cell)
            }
            lines.append(line(cells, false, painter))
        }
        return lines
    }

    private func line(_ cells: [(layouts: ColumnLayout, cell: Cell)], _ isHeader: Bool, _ painter: Painter) -> String {
        var output = String(repeating: " ", count: indentation)
        var pending = 0
        for (layout, cell) in cells {
            let (before, after) = layout.padding(for: cell.text, isHeader: isHeader)
            pending += before
            if !cell.text.isEmpty {
                output += String(repeating: " ", count: pending) + painter.paint(cell.text, cell.emphasis ?? .none)
                pending = 0
            }
            pending += after + 2
        }
        return output
    }
}

/// How wide a column is, and where its decimal points stand.
private struct ColumnLayout {
    var alignment: TextTable.Alignment
    var width: Int
    private var fractionWidth = 0

    init(column: TextTable.Column, cells: [String]) {
        alignment = column.alignment
        width = cells.map(PrintableText.width).max() ?? 0
        if alignment == .decimal {
            let splits = cells.map(Self.split)
            fractionWidth = splits.map(\.fraction).max() ?? 0
            width = (splits.map(\.whole).max() ?? 0) + fractionWidth
        }
        width = max(width, PrintableText.width(column.header), PrintableText.width(column.unit))
    }

    func padding(for text: String, isHeader: Bool) -> (before: Int, after: Int) {
        let room = max(0, width - PrintableText.width(text))
        switch alignment {
        case .left: return (0, room)
        case .right: return (room, 0)
        case .decimal:
            let after = isHeader ? 0 : max(0, fractionWidth - Self.split(text).fraction)
            return (room - after, after)
        }
    }

    /// The columns before the decimal point, and those from it on.
    private static func split(_ text: String) -> (whole: Int, fraction: Int) {
        guard let point = text.firstIndex(of: ".") else { return (PrintableText.width(text), 0) }
        return (PrintableText.width(String(text[..<point])), PrintableText.width(String(text[point...])))
    }
}
