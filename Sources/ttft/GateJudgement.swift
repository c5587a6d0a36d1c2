import ArgumentParser
import Metrics
import Report
import Timeline

/// The verdict on the pairs of a stored run: the one road to it, on the day and ever after.
struct GateJudgement {
    let report: GateReport
    private let summary: RunSummary

    init(_ stored: StoredRun, database: DatabaseOption, allowsClientLimited: Bool) throws {
        guard let design = stored.run.pairedDesign else {
            throw Complaint(
                "run \(stored.run.id) has no pairs to judge; ttft ab measures them", ExitStatus.malformedInput)
        }
        let samples = try stored.samples()
        summary = samples.summary
        let pairs = samples.pairs(of: design, in: stored.run)
        guard let gate = Gate.judged(pairs, design: design, isOver: true) else {
            throw Complaint("run \(stored.run.id): its design has no looks", ExitStatus.malformedInput)
        }
        report = GateReport(
            run: stored.run, gate: gate, distrusted: summary.figuresInDoubt(of: design),
            errorRate: summary.errorRate, databaseArgument: database.argument, allowsDistrusted: allowsClientLimited)
    }

    func text(_ options: GateOutputOptions) -> String {
        switch options.resolvedFormat {
        case .table: report.table(options: options.tableOptions)
        case .json: report.json
        case .markdown: report.markdown
        case .junit: report.junit
        case .github: report.annotations
        }
    }

    /// A figure that this machine has changed decides nothing; then a regression counts more than failures.
    func enforce(_ options: GateOutputOptions) throws {
        if report.isClientLimited { throw ExitStatus.invalidMeasurement }
        if report.gate.verdict == .regressed { throw ExitStatus.regression }
        if report.hasTooManyFailures { throw ExitStatus.invalidMeasurement }
        if report.gate.verdict == .inconclusive, options.strict { throw ExitStatus.inconclusive }
    }
}

/// In which form a verdict is printed, and what it does to the exit status.
struct GateOutputOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, markdown, junit, github
    }

    @Option(help: ArgumentHelp("table, json, markdown, junit, or github for annotations.", valueName: "format"))
    var format: Format?

    @Flag(help: "Print JSON; the same as --format json.")
    var json = false

    @Flag(help: "Exit with 5 where the verdict is inconclusive.")
    var strict = false

    @Flag(help: "Judge even where the tool itself limited a figure.")
    var allowClientLimited = false

    var resolvedFormat: Format { format ?? (json ? .json : .table) }

    var tableOptions: TableReport.Options {
        TableReport.Options(
            color: ColorChoice.auto.isOn, width: Terminal.width, unicode: Environment.hasUnicode)
    }
}
