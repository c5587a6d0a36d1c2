import ArgumentParser
import Metrics
import Report
import Timeline

/// `ttft show`: single requests of a run.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show requests of a run: the slowest, the failed ones, or one in detail.")

    @Argument(help: ArgumentHelp("An id, a unique prefix of one, a tag, latest or latest~1.", valueName: "run"))
    var name = "latest"

    @Option(help: ArgumentHelp("The requests with the longest time to first token.", valueName: "count"))
    var slowest: Int?

    @Flag(help: "The requests whose stream is not complete.")
    var failed = false

    @Option(
        name: .customLong("request"), parsing: .singleValue,
        help: ArgumentHelp("One request in detail; may be given several times.", valueName: "index"))
    var requests: [Int] = []

    @OptionGroup var database: DatabaseOption

    func validate() throws {
        if let slowest, slowest < 1 { throw ValidationError("--slowest must be at least 1") }
    }

    func run() throws {
        try Failure.reporting {
            let stored = try StoredRun(name, database: database.resolved)
            let records = try stored.records()
            let report = ShowReport(
                options: TableReport.Options(width: Terminal.width, unicode: Environment.hasUnicode))
            guard requests.isEmpty else { return try showDetails(of: records, report: report) }
            let shown = failed ? records.filter { !$0.outcome.isComplete } : records
            let rows = shown.map { ShowReport.Row($0) }
            guard let slowest else { return Output.result(report.list(rows)) }
            let sorted = rows.sorted { ($0.timeToFirstToken ?? 0) > ($1.timeToFirstToken ?? 0) }
            Output.result(report.list(Array(sorted.prefix(slowest))))
        }
    }

    private func showDetails(of records: [StreamRecord], report: ShowReport) throws {
        for index in requests {
            let attempts = records.filter { $0.requestIndex == index }
            guard !attempts.isEmpty else {
                let range = records.isEmpty ? "none" : "0 to \(records.map(\.requestIndex).max() ?? 0)"
                throw Complaint("no request \(index) in this run; there are \(range)", ExitStatus.malformedInput)
            }
            for attempt in attempts { Output.result(report.detail(ShowReport.Row(attempt))) }
        }
    }
}

extension ShowReport.Row {
    init(_ record: StreamRecord) {
        let metrics = StreamMetrics(record)
        self.init(
            record: record, timeToFirstToken: metrics.timeToFirstToken,
            timePerOutputToken: metrics.timePerOutputToken, endToEnd: metrics.endToEnd,
            longestGap: metrics.gaps.map(\.length).max(), outputTokens: metrics.tokens.total)
    }
}
