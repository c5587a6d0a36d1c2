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

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var database: DatabaseOption

    func validate() throws {
        if let slowest, slowest < 1 { throw ValidationError("--slowest must be at least 1") }
    }

    func run() throws {
        try Failure.reporting {
            let stored = try StoredRun(name, database: database.resolved)
            let records = try stored.records()
            let shown = try selected(from: records).map { ShowReport.Row($0) }
            if json { return Output.result(ShowReport.json(shown)) }
            let report = ShowReport(
                options: TableReport.Options(width: Terminal.width, unicode: Environment.hasUnicode))
            Output.result(requests.isEmpty ? report.list(shown) : shown.map(report.detail).joined(separator: "\n"))
        }
    }

    private func selected(from records: [StreamRecord]) throws -> [StreamRecord] {
        guard requests.isEmpty else { return try requests.flatMap { try attempts(at: $0, in: records) } }
        let shown = failed ? records.filter { !$0.outcome.isComplete } : records
        guard let slowest else { return shown }
        let latency = { (record: StreamRecord) in StreamMetrics(record).timeToFirstToken ?? 0 }
        return Array(shown.map { ($0, latency($0)) }.sorted { $0.1 > $1.1 }.prefix(slowest).map(\.0))
    }

    private func attempts(at index: Int, in records: [StreamRecord]) throws -> [StreamRecord] {
        let attempts = records.filter { $0.requestIndex == index }
        guard !attempts.isEmpty else {
            let range = records.map(\.requestIndex).max().map { "there are 0 to \($0)" } ?? "there are none"
            throw Complaint("no request \(index) in this run; \(range)", ExitStatus.malformedInput)
        }
        return attempts
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
