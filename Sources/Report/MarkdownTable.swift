/// A table in Markdown as GitHub reads it; every cell is escaped.
struct MarkdownTable: Sendable {
    var headers: [String]
    /// The columns from this one on are aligned to the right.
    var firstNumber = 1
    var rows: [[String]] = []

    var lines: [String] {
        let rule = headers.indices.map { $0 < firstNumber ? "---" : "---:" }
        return [line(headers), "| \(rule.joined(separator: " | ")) |"] + rows.map(line)
    }

    private func line(_ cells: [String]) -> String {
        "| \(cells.map(PrintableText.markdown).joined(separator: " | ")) |"
    }
}
