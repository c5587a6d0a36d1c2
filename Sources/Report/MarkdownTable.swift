/// A table in Markdown as GitHub reads it; headers and names are escaped, numbers hold no foreign text.
struct MarkdownTable: Sendable {
    var headers: [String]
    /// The columns from this one on hold numbers, and are aligned to the right.
    var firstNumber = 1
    var rows: [[String]] = []

    var lines: [String] {
        let rule = headers.indices.map { $0 < firstNumber ? "---" : "---:" }
        return [line(headers.map(PrintableText.markdown)), line(rule)]
            + rows.map { row in
                line(row.enumerated().map { $0 < firstNumber ? PrintableText.markdown($1) : $1 })
            }
    }

    private func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
}
