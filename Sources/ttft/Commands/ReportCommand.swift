import ArgumentParser
import Metrics
import Report
import Timeline

/// `ttft report`: a stored run, again and in any form.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Print a stored run as a table, CSV, JSON or Markdown.")

    @Argument(help: ArgumentHelp("An id, a unique prefix of one, a tag, latest or latest~1.", valueName: "run"))
    var name = "latest"

    @OptionGroup var database: DatabaseOption
    @OptionGroup var output: OutputOptions

    func run() throws {
        try Failure.reporting {
            let stored = try StoredRun(name, database: database.resolved)
            let id = stored.run.id
            Output.result(
                SummaryText(
                    summary: try stored.summary(), options: output, saved: "\(database.resolved)#\(id)",
                    next: "ttft show \(id) --slowest 10\(database.argument)"
                ).text)
        }
    }
}

/// A run's summary in the form that was asked for.
struct SummaryText {
    let summary: RunSummary
    let options: OutputOptions
    let saved: String
    let next: String

    var text: String {
        switch options.resolvedFormat {
        case .table:
            TableReport(summary: summary, options: options.tableOptions, saved: saved, next: next).text
        case .csv: CSVReport(summaries: [summary]).text
        case .json: JSONReport(summary: summary).text
        case .markdown: MarkdownReport(summary: summary).text
        }
    }
}
