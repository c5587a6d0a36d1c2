import ArgumentParser
import Exchange
import Report

/// `ttft export`: tidy CSV files from which every printed figure can be computed again.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a run as CSV files, with a description of every column.",
        discussion: """
            requests.csv has a row per attempt, events.csv a row per content event, runs.csv a row per target, \
            summary.csv every printed figure; datapackage.json describes the columns.
            """)

    @Argument(help: ArgumentHelp("An id, a unique prefix of one, a tag, latest or latest~1.", valueName: "run"))
    var name = "latest"

    @Option(name: .shortAndLong, help: ArgumentHelp("The directory to write to.", valueName: "dir"))
    var output: String

    @Flag(help: "Write the events that carry no token too: roles, usage, comments, the end.")
    var allEvents = false

    @Flag(help: "Put an apostrophe before text that a spreadsheet would run as a formula; no control characters.")
    var spreadsheetSafe = false

    @Flag(help: "Overwrite files of an earlier export.")
    var force = false

    @OptionGroup var database: DatabaseOption

    func run() throws {
        try Failure.reporting {
            let stored = try StoredRun(name, database: database.resolved)
            let summary = try stored.summary()
            var writer = ExportWriter(
                metricColumns: ExportedMetrics.columns,
                options: ExportWriter.Options(
                    isSpreadsheetSafe: spreadsheetSafe, includesEveryEvent: allEvents, overwrites: force))
            writer.add(
                stored.run, records: try stored.records(), windows: ExportedMetrics.windows(of: summary),
                metrics: ExportedMetrics(run: stored.run).metrics(of:))
            try writer.write(toDirectory: output, summary: CSVReport(summaries: [summary]).text)
            Output.note("wrote \(ExportWriter.fileNames.joined(separator: ", ")) to \(output)")
        }
    }
}
