import ArgumentParser
import Metrics
import Report
import Timeline

/// `ttft compare`: models or runs side by side, with intervals and without verdicts.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Put models or runs side by side, from a database or from CSV exports.",
        discussion: """
            Each argument is a run, the requests.csv of an export, or an export's directory; every target of each \
            becomes a column, held against the first. One run with several targets compares them with each other.
            """)

    @Argument(help: ArgumentHelp("Runs, requests.csv files or export directories.", valueName: "run|file|dir"))
    var sources: [String]

    @OptionGroup var database: DatabaseOption
    @OptionGroup var output: OutputOptions

    func validate() throws { try output.refusePages("ttft report RUN RUN --format html --output FILE") }

    func run() throws {
        try Failure.reporting {
            let columns = try ComparedColumns(sources: sources, database: database.resolved).load()
            guard columns.count > 1 else {
                throw Complaint(
                    "\(sources.joined(separator: " ")) has one target only; give a second run or file",
                    .validationFailure)
            }
            let report = ComparisonReport(
                columns: columns.map { column in
                    ComparisonReport.Column(
                        label: column.label, runID: column.sample.run.id, summary: TargetSummary(column.sample))
                },
                comparisons: columns.dropFirst().map { column in
                    TargetComparison(
                        baseline: (columns[0].label, columns[0].sample), candidate: (column.label, column.sample))
                })
            Output.result(text(of: report))
        }
    }

    private func text(of report: ComparisonReport) -> String {
        switch output.resolvedFormat {
        case .table, .html: report.table(options: output.tableOptions)
        case .csv: report.csv
        case .json: report.json
        case .markdown: report.markdown
        }
    }
}
