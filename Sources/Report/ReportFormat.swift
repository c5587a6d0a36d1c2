/// The forms in which a summary or a comparison is written.
package enum ReportFormat: String, Sendable, CaseIterable {
    case table, csv, json, markdown, html

    /// Reads a format as people type it, in any case; `md` means Markdown.
    package init?(parsing text: String) {
        let name = text.lowercased()
        guard let format = Self(rawValue: name == "md" ? "markdown" : name) else { return nil }
        self = format
    }

    /// What can be typed, for messages.
    package static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
