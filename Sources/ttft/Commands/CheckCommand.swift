import ArgumentParser
import Metrics
import Report
import Timeline

/// `ttft check`: budgets, presets and history, judged; the exit code is the verdict.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Judge a run by budgets and by earlier runs; the exit code is the verdict.",
        discussion: """
            A budget is met or broken where the whole 95 % interval says so, and open where so many requests do not \
            decide. Exits with 0 where nothing is broken, with 4 where a budget is, with 3 where a figure is worse than \
            earlier runs allow, with 5 where something is open and --strict was given, and with 6 where the run itself \
            is not valid: more failures than max_error_rate allows, or figures that this machine has changed. What is not \
            valid decides nothing: 6 goes before 3, 3 before 4, and 4 before 5. A comparison in pairs is judged by its pairs.
            """)

    @Argument(help: ArgumentHelp("An id, a unique prefix of one, a tag, latest or latest~1.", valueName: "run"))
    var name = "latest"

    @Option(
        name: .customLong("preset"), parsing: .singleValue,
        help: ArgumentHelp(
            "Judge by a benchmark's limits too, such as mlperf/llama2-70b-interactive.", valueName: "name"))
    var presets: [String] = []

    @OptionGroup var history: HistoryOptions
    @OptionGroup var database: DatabaseOption
    @OptionGroup var output: GateOutputOptions

    func validate() throws {
        for name in presets where LimitPreset.named(name) == nil {
            let names = LimitPreset.all.map(\.name).joined(separator: ", ")
            throw ValidationError("--preset \(name) is not known; allowed: \(names)")
        }
    }

    func run() throws {
        try Failure.reporting {
            let stored = try StoredRun(name, database: database.resolved)
            if stored.run.pairedDesign != nil, presets.isEmpty, !history.isAsked {
                let judgement = try GateJudgement(
                    stored, database: database, allowsClientLimited: output.allowClientLimited)
                Output.result(judgement.text(output))
                return try judgement.enforce(output)
            }
            let summary = try stored.summary()
            let budgets = presets.compactMap(LimitPreset.named).flatMap(\.budgets)
            let validity = RunValidity(summary: summary, allowsClientLimited: output.allowClientLimited)
            let check = BudgetCheck(
                summary: summary, further: budgets,
                history: try history.verdicts(on: summary, database: stored.database), flaws: validity.flaws)
            guard !check.isEmpty else {
                throw Complaint(
                    "run \(summary.run.id): its scenario has no budgets; add some, such as budgets: {ttft.p95: 800ms}, "
                        + "or use --preset or --history", ExitStatus.badScenario)
            }
            Output.result(check.text(output.resolvedFormat, options: output.tableOptions))
            try validity.enforce()
            try check.enforce(strictly: output.strict)
        }
    }
}

/// The verdicts on a run's budgets, for every target, and on its figures beside those of earlier runs.
struct BudgetCheck {
    private let report: CheckReport
    private let lines: [BudgetLine]
    private let history: [HistoryVerdict]

    init(summary: RunSummary, further: [Budget] = [], history: [HistoryVerdict] = [], flaws: [String] = []) {
        lines = summary.verdicts(on: summary.run.budgets + further).map(BudgetLine.init)
        self.history = history
        report = CheckReport(runID: summary.run.id, lines: lines, history: history, flaws: flaws)
    }

    var isEmpty: Bool { lines.isEmpty && history.isEmpty }

    func text(_ format: GateOutputOptions.Format, options: TableReport.Options) -> String {
        switch format {
        case .table: report.table(options: options)
        case .json: report.json
        case .markdown: report.markdown
        case .junit: report.junit
        case .github: report.annotations
        }
    }

    func enforce(strictly: Bool = false) throws {
        if history.contains(where: { $0.verdict == .regressed }) { throw ExitStatus.regression }
        if lines.contains(where: { $0.outcome == .broken }) { throw ExitStatus.budgetNotMet }
        if strictly, report.isOpen { throw ExitStatus.inconclusive }
    }
}

extension BudgetLine {
    init(_ verdict: BudgetVerdict) {
        let note = verdict.reason ?? (verdict.isCertain ? nil : Self.doubt(verdict))
        self.init(
            target: verdict.target, key: verdict.budget.key, comparison: verdict.budget.comparison,
            limit: verdict.budget.limit, unit: MetricCatalogue.named(verdict.budget.metric)?.unit ?? .count,
            value: verdict.estimate?.value, interval: verdict.estimate?.interval, outcome: verdict.outcome,
            note: note)
    }

    /// Why the whole interval does not decide.
    private static func doubt(_ verdict: BudgetVerdict) -> String {
        if verdict.isWithinMeasurementError {
            return "not decided: what this machine may have added holds the limit; ask for fewer streams, or free it"
        }
        let estimate = verdict.estimate
        if estimate?.interval != nil {
            return verdict.requestsNeeded.map { "not decided: the interval holds the limit; it takes about \($0)" }
                ?? "not decided: the interval holds the limit, which the value is at: no number of requests decides"
        }
        guard let needed = estimate?.countNeeded else {
            return "by the value; this figure has no interval, whatever the number of requests"
        }
        return "not decided: so few requests give no interval; it takes \(needed)"
    }
}
