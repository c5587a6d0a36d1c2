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
            --rank puts the targets in the order of their TTFT p50, marks what is best beyond the intervals, and names \
            those that no other beats in latency and success together (Pareto). --since ranks the medians over all runs of \
            that time, with the run as the unit; then arguments name scenarios, and none means all.
            """)

    @Argument(help: ArgumentHelp("Runs, requests.csv files or export directories.", valueName: "run|file|dir"))
    var sources: [String] = []

    @Flag(help: "Rank by latency and success; mark the best, and those that no other beats.")
    var rank = false

    @Option(
        help: ArgumentHelp("Rank the medians over all runs of the last hours, such as 72h.", valueName: "time"),
        transform: PairOptions.duration)
    var since: Nanoseconds?

    @Option(
        help: ArgumentHelp(
            "By what share a run differs from itself (standard deviation), such as 2%.", valueName: "share"),
        transform: PairOptions.share)
    var noiseFloor: Double?

    @Flag(help: "Count all tokens by the runs' tokenizer, which must be one, whatever the servers counted.")
    var normalizeTokens = false

    @OptionGroup var database: DatabaseOption
    @OptionGroup var output: OutputOptions

    func validate() throws {
        try output.refusePages("ttft report RUN RUN --format html --output FILE")
        if sources.isEmpty, since == nil {
            throw ValidationError("give <run|file|dir> ..., or --since 72h for all runs of that time")
        }
        if let noiseFloor, noiseFloor <= 0 || noiseFloor >= 1 {
            throw ValidationError("--noise-floor must be between 0 and 100 %")
        }
        if normalizeTokens, since != nil {
            throw ValidationError("--normalize-tokens is for runs that are named: leave out --since")
        }
        if noiseFloor != nil, rank || since != nil {
            throw ValidationError("--noise-floor is for the ratios of two runs: leave out --rank and --since")
        }
    }

    func run() throws {
        try Failure.reporting {
            if let since { return Output.result(text(of: try sessions(since: since))) }
            let columns = try ComparedColumns(
                sources: sources, database: database.resolved, normalizesTokens: normalizeTokens
            ).load()
            guard columns.count > 1 else {
                throw Complaint(
                    "\(sources.joined(separator: " ")) has one target only; give a second run or file",
                    .validationFailure)
            }
            if rank {
                let board = Leaderboard(columns.map { (label: $0.label, sample: $0.sample) })
                return Output.result(text(of: LeaderboardReport(board)))
            }
            Output.result(text(of: comparison(of: columns)))
        }
    }

    private func comparison(of columns: [ComparedColumns.Column]) -> ComparisonReport {
        ComparisonReport(
            columns: columns.map { column in
                ComparisonReport.Column(
                    label: column.label, runID: column.sample.run.id, summary: TargetSummary(column.sample))
            },
            comparisons: columns.dropFirst().map { column in
                TargetComparison(
                    baseline: (columns[0].label, columns[0].sample), candidate: (column.label, column.sample))
            }, noise: noiseFloor)
    }

    private func sessions(since length: Nanoseconds) throws -> LeaderboardReport {
        let sessions = try ComparedSessions(database: database.resolved, since: length, scenarios: sources).load()
        let seconds = length.seconds
        let time = seconds < 3600 ? NumberFormat.length(seconds: seconds) : "\(NumberFormat.trimmed(seconds / 3600)) h"
        guard !sessions.isEmpty else {
            throw Complaint(
                "no run of the last \(time) in \(database.resolved) went to its end; give a longer time, or see "
                    + "ttft runs\(database.argument)", ExitStatus.malformedInput)
        }
        return LeaderboardReport(Leaderboard(sessions: sessions), scope: "runs of the last \(time)")
    }

    private func text(of report: ComparisonReport) -> String {
        switch output.resolvedFormat {
        case .table, .html: report.table(options: output.tableOptions)
        case .csv: report.csv
        case .json: report.json
        case .markdown: report.markdown
        }
    }

    private func text(of report: LeaderboardReport) -> String {
        switch output.resolvedFormat {
        case .table, .html: report.table(options: output.tableOptions)
        case .csv: report.csv
        case .json: report.json
        case .markdown: report.markdown
        }
    }
}
