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

    @Option(help: ArgumentHelp("So many requests with the longest time to first token.", valueName: "count"))
    var slowest: Int?

    @Option(
        name: .customLong("by"),
        help: ArgumentHelp(
            "What the slowest are slowest by: \(RequestOrder.list) (default: ttft).", valueName: "metric"))
    var order: RequestOrder?

    @Flag(help: "The requests whose stream is not complete.")
    var failed = false

    @Option(
        name: .customLong("request"), parsing: .singleValue,
        help: ArgumentHelp("One request in detail; may be given several times.", valueName: "index"))
    var requests: [Int] = []

    @Option(help: ArgumentHelp("Only this attempt at the requests (default: all).", valueName: "number"))
    var attempt: Int?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var database: DatabaseOption

    func validate() throws {
        if let slowest, slowest < 1 { throw ValidationError("--slowest must be at least 1") }
        if order != nil, slowest == nil { throw ValidationError("--by orders what --slowest shows; add --slowest 10") }
        if attempt != nil, requests.isEmpty {
            throw ValidationError("--attempt belongs to --request; add --request INDEX")
        }
    }

    func run() throws {
        try Failure.reporting {
            let stored = try StoredRun(name, database: database.resolved)
            let records = try stored.records()
            let shown = try selected(from: records).map { ShowReport.Row($0, run: stored.run) }
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
        return (order ?? .ttft).slowest(slowest, of: shown)
    }

    private func attempts(at index: Int, in records: [StreamRecord]) throws -> [StreamRecord] {
        let attempts = records.filter { $0.requestIndex == index }
        guard !attempts.isEmpty else {
            let range = records.map(\.requestIndex).max().map { "there are 0 to \($0)" } ?? "there are none"
            throw Complaint("no request \(index) in this run; \(range)", ExitStatus.malformedInput)
        }
        guard let attempt else { return attempts }
        let chosen = attempts.filter { $0.attempt == attempt }
        guard !chosen.isEmpty else {
            let numbers = attempts.map { String($0.attempt) }.joined(separator: ", ")
            throw Complaint("no attempt \(attempt) at request \(index); there is \(numbers)", ExitStatus.malformedInput)
        }
        return chosen
    }
}

/// `--by`: what makes a request slow.
enum RequestOrder: String, ExpressibleByArgument, CaseIterable {
    case ttft, ttfat, ttfb, e2e, tpot
    /// By the longest gap between two reads with content.
    case itl

    static let list = allCases.map(\.rawValue).joined(separator: ", ")

    /// The slowest first; those that have no such figure come last.
    func slowest(_ count: Int, of records: [StreamRecord]) -> [StreamRecord] {
        let slowness = records.map { record in (record: record, value: value(of: StreamMetrics(record))) }
        return slowness.sorted { ($0.value ?? -.infinity) > ($1.value ?? -.infinity) }.prefix(count).map(\.record)
    }

    private func value(of metrics: StreamMetrics) -> Double? {
        self == .itl ? metrics.gaps.map(\.length).max() : metrics.value(of: rawValue)
    }
}

extension ShowReport.Row {
    init(_ record: StreamRecord, run: RunDescription) {
        let metrics = StreamMetrics(record)
        self.init(
            record: record, run: run, timeToFirstToken: metrics.timeToFirstToken,
            timePerOutputToken: metrics.timePerOutputToken, endToEnd: metrics.endToEnd,
            longestGap: metrics.gaps.map(\.length).max(), outputTokens: metrics.tokens.total)
    }
}
