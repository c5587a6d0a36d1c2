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

    @Flag(help: "Decode the stored response bodies again, and say how many requests have none.")
    var recompute = false

    @OptionGroup var database: DatabaseOption
    @OptionGroup var output: OutputOptions

    func run() throws {
        try Failure.reporting {
            let stored = try StoredRun(name, database: database.resolved)
            let id = stored.run.id
            let summary = recompute ? try recomputed(stored) : try stored.summary()
            Output.result(
                SummaryText(
                    summary: summary, options: output, saved: "\(database.resolved)#\(id)",
                    next: "ttft show \(id) --slowest 10\(database.argument)"
                ).text)
        }
    }

    private func recomputed(_ stored: StoredRun) throws -> RunSummary {
        var recomputation = Recomputation(run: stored.run)
        try stored.forEachRecord { recomputation.add($0) }
        Output.note(recomputation.note)
        return recomputation.samples.summary
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
