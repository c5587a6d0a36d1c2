import ArgumentParser
import Metrics
import Report
import Timeline

/// `ttft check`: the scenario's budgets, judged; the exit code is the verdict.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Judge a run by its scenario's budgets; the exit code is the verdict.",
        discussion: """
            Exits with 0 where every budget is met, with 4 where one is not, and with 6 where the run itself is not \
            valid: more failures than max_error_rate allows, or figures that this machine has changed.
            """)

    @Argument(help: ArgumentHelp("An id, a unique prefix of one, a tag, latest or latest~1.", valueName: "run"))
    var name = "latest"

    @Flag(help: "Judge the run even where the tool itself limited a figure.")
    var allowClientLimited = false

    @OptionGroup var database: DatabaseOption

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try Failure.reporting {
            let summary = try StoredRun(name, database: database.resolved).summary()
            let check = BudgetCheck(summary: summary)
            guard !check.lines.isEmpty else {
                throw Complaint(
                    "run \(summary.run.id): its scenario has no budgets; add some, such as budgets: {ttft.p95: 800ms}",
                    ExitStatus.badScenario)
            }
            check.print(asJSON: json)
            try RunValidity(summary: summary, allowsClientLimited: allowClientLimited).enforce()
            try check.enforce()
        }
    }
}

/// The verdicts on a run's budgets, for every target.
struct BudgetCheck {
    private let runID: String
    let lines: [BudgetLine]

    init(summary: RunSummary) {
        runID = summary.run.id
        lines = summary.targets.flatMap { target in
            summary.run.budgets.map { BudgetLine(BudgetVerdict($0, of: target)) }
        }
    }

    func print(asJSON: Bool) {
        let report = CheckReport(runID: runID, lines: lines)
        let options = TableReport.Options(
            color: ColorChoice.auto.isOn, width: Terminal.width, unicode: Environment.hasUnicode)
        Output.result(asJSON ? report.json : report.table(options: options))
    }

    func enforce() throws {
        if lines.contains(where: { !$0.isMet }) { throw ExitStatus.budgetNotMet }
    }
}

extension BudgetLine {
    init(_ verdict: BudgetVerdict) {
        let note = verdict.reason ?? (verdict.isCertain ? nil : Self.doubt(verdict))
        self.init(
            target: verdict.target, key: verdict.budget.key, comparison: verdict.budget.comparison,
            limit: verdict.budget.limit, unit: MetricCatalogue.named(verdict.budget.metric)?.unit ?? .count,
            value: verdict.estimate?.value, interval: verdict.estimate?.interval, isMet: verdict.outcome == .met,
            note: note)
    }

    /// The value alone decides; this says how sure that is.
    private static func doubt(_ verdict: BudgetVerdict) -> String {
        if verdict.isWithinMeasurementError {
            return "not decided: what this machine may have added holds the limit; ask for fewer streams, or free it"
        }
        let estimate = verdict.estimate
        if estimate?.interval != nil {
            return "by the value; not sure, for the interval holds the limit: measure more requests"
        }
        guard let needed = estimate?.countNeeded else {
            return "by the value; this figure has no interval, whatever the number of requests"
        }
        return "by the value; how sure is not known, for it has no interval: it takes \(needed) requests"
    }
}
