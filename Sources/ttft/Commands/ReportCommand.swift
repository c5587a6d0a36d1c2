import ArgumentParser
import Metrics
import Report
import Timeline

/// `ttft report`: stored runs, again and in any form.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Print a stored run as a table, CSV, JSON, Markdown or an HTML page.",
        discussion: """
            A page needs no network and no other file: charts, single requests, and a playground that plays recorded \
            streams side by side. Give it several runs to lay them over each other; CSV takes several too.
            """)

    @Argument(help: ArgumentHelp("Ids, unique prefixes of ids, tags, latest or latest~1.", valueName: "run"))
    var names: [String] = ["latest"]

    @Option(name: .shortAndLong, help: ArgumentHelp("Write to this file, not to standard output.", valueName: "file"))
    var output: String?

    @Flag(help: "Decode the stored response bodies again, and say how many requests have none.")
    var recompute = false

    @Flag(help: "Count the tokens of every answer by the run's tokenizer, whatever the servers counted.")
    var normalizeTokens = false

    @Option(
        help: ArgumentHelp(
            "Print the figures by the definitions of vllm, aiperf, guidellm or llmperf.", valueName: "tool"))
    var dialect: MetricDialect?

    @OptionGroup var database: DatabaseOption
    @OptionGroup var form: OutputOptions

    func validate() throws {
        if dialect != nil {
            if names.count > 1 { throw ValidationError("--dialect prints one run; give one") }
            if form.resolvedFormat == .html { throw ValidationError("--dialect has no page: leave out --format html") }
        }
        if normalizeTokens, dialect != nil || recompute || form.resolvedFormat == .html {
            throw ValidationError("--normalize-tokens goes with neither --dialect, --recompute nor --format html")
        }
        let takesSeveral: [ReportFormat] = [.html, .csv]
        if names.count > 1, !takesSeveral.contains(form.resolvedFormat) {
            throw ValidationError(
                "\(names.count) runs in one \(form.resolvedFormat.rawValue) report: add --format html or --format csv")
        }
    }

    func run() throws {
        try Failure.reporting {
            let runs = try names.map { try StoredRun($0, database: database.resolved) }
            let text = try dialect.map { try self.text(of: runs[0], dialect: $0) } ?? self.text(of: runs)
            guard let output else { return Output.result(text) }
            try Output.write(text, toFile: output)
            Output.note("wrote \(output)")
        }
    }

    private func text(of stored: StoredRun, dialect: MetricDialect) throws -> String {
        var recomputation = Recomputation(run: stored.run)
        var collection = DialectCollection(run: stored.run, dialect: dialect)
        try stored.forEachRecord { collection.add(recompute ? recomputation.decode($0) : $0) }
        if recompute { Output.note(recomputation.note) }
        let report = DialectReport(run: stored.run, summaries: collection.summaries)
        switch form.resolvedFormat {
        case .table, .html: return report.table(options: form.tableOptions)
        case .csv: return report.csv
        case .json: return report.json
        case .markdown: return report.markdown
        }
    }

    private func text(of runs: [StoredRun]) throws -> String {
        if form.resolvedFormat == .html {
            return HTMLReport(try RunsPicture(runs.map { try $0.pictures(recompute: recompute) })).text
        }
        let summaries = try runs.map { try $0.summary(recompute: recompute, normalizesTokens: normalizeTokens) }
        guard summaries.count == 1 else { return CSVReport(summaries: summaries).text }
        let id = runs[0].run.id
        return SummaryText(
            summary: summaries[0], options: form, saved: "\(database.resolved)#\(id)",
            next: "ttft show \(id) --slowest 10\(database.argument)"
        ).text
    }
}

extension StoredRun {
    /// The run's figures; from bodies decoded again, and then with a note, where that is asked for.
    fileprivate func summary(recompute: Bool, normalizesTokens: Bool) throws -> RunSummary {
        guard recompute else { return try samples(normalizesTokens: normalizesTokens).summary }
        var recomputation = Recomputation(run: run)
        var samples = RunSamples(run: run)
        samples.serverSamples = try serverSamples()
        try forEachRecord { samples.add(recomputation.decode($0)) }
        Output.note(recomputation.note)
        return samples.summary
    }

    /// What a page draws of the run, read in two passes.
    func pictures(recompute: Bool) throws -> PictureCollection {
        var recomputation = Recomputation(run: run)
        var collection = PictureCollection(run: run)
        collection.serverSamples = try serverSamples()
        try forEachRecord { collection.add(recompute ? recomputation.decode($0) : $0) }
        collection.chooseStreams()
        try forEachRecord { collection.addStream(of: recompute ? recomputation.again($0) ?? $0 : $0) }
        if recompute { Output.note(recomputation.note) }
        return collection
    }
}

/// A run's summary in the form that was asked for, but for pages, which need more than a summary.
struct SummaryText {
    let summary: RunSummary
    let options: OutputOptions
    let saved: String
    let next: String

    var text: String {
        switch options.resolvedFormat {
        case .csv: CSVReport(summaries: [summary]).text
        case .json: JSONReport(summary: summary).text
        case .markdown: MarkdownReport(summary: summary).text
        case .table, .html:
            TableReport(summary: summary, options: options.tableOptions, saved: saved, next: next).text
        }
    }
}

extension MetricDialect: ExpressibleByArgument {
    public init?(argument: String) { self.init(rawValue: argument.lowercased()) }
}
