import ArgumentParser
import Exchange
import Glibc
import Report
import Timeline

/// `ttft export`: tidy CSV files from which every printed figure can be computed again.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a run as CSV files, with a description of every column.",
        discussion: """
            requests.csv has a row per attempt, events.csv a row per content event, runs.csv a row per target, \
            summary.csv every printed figure, server_metrics.csv what a server told of itself where it was asked; \
            datapackage.json describes the columns. --format vllm writes one file as \
            vllm bench serve --save-result --save-detailed does, for what reads those; it has one target.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case csv, vllm
    }

    @Argument(help: ArgumentHelp("An id, a unique prefix of one, a tag, latest or latest~1.", valueName: "run"))
    var name = "latest"

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The directory to write to; with --format vllm the file.", valueName: "dir"))
    var output: String

    @Option(help: ArgumentHelp("csv, or vllm for its result file.", valueName: "format"))
    var format: Format = .csv

    @Option(help: ArgumentHelp("The target to write, where vllm's file has room for one.", valueName: "name"))
    var target: String?

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
            if format == .vllm { return try writeVLLM(stored) }
            let summary = try stored.summary()
            var writer = ExportWriter(
                metricColumns: ExportedMetrics.columns,
                options: ExportWriter.Options(
                    isSpreadsheetSafe: spreadsheetSafe, includesEveryEvent: allEvents, overwrites: force))
            writer.add(
                stored.run, records: try stored.records(), windows: ExportedMetrics.windows(of: summary),
                metrics: ExportedMetrics(run: stored.run).metrics(of:))
            writer.add(try stored.serverSamples(), of: stored.run)
            try writer.write(toDirectory: output, summary: CSVReport(summaries: [summary]).text)
            let files = ExportWriter.fileNames + (stored.run.serverMetrics == nil ? [] : [ExportWriter.serverFileName])
            Output.note("wrote \(files.joined(separator: ", ")) to \(output)")
        }
    }

    private func writeVLLM(_ stored: StoredRun) throws {
        let targets = stored.run.targets
        let names = targets.map(\.name).joined(separator: ", ")
        guard let chosen = targets.first(where: { $0.name == target ?? targets[0].name }) else {
            throw Complaint("--target \(target ?? ""): the run has \(names)", .validationFailure)
        }
        if target == nil, targets.count > 1 {
            throw Complaint(
                "vLLM's file has room for one target; add --target with one of \(names)", .validationFailure)
        }
        if !force, output != "-", access(output, F_OK) == 0 { throw ExchangeError.filesExist(paths: [output]) }
        try Output.write(VLLMExport.text(stored.run, target: chosen, records: try stored.records()), toFile: output)
        Output.note("wrote \(output)")
    }
}
