import ArgumentParser
import Glibc
import Metrics
import Report
import Runner
import Scenarios
import Store
import Timeline
import Transport

/// `ttft run`: fire, store every arrival, print the summary.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Fire a scenario's requests, store every arrival, print the summary.",
        discussion: """
            With a URL in place of a scenario the model and the API are found by asking the server; \
            --save writes the scenario that says the same.
            """)

    @Argument(help: ArgumentHelp("A scenario file, or the URL of a server.", valueName: "scenario|url"))
    var source: String

    @OptionGroup var scenario: ScenarioOptions
    @OptionGroup var adHoc: AdHocOptions
    @OptionGroup var database: DatabaseOption
    @OptionGroup var output: OutputOptions

    @Flag(help: "Print what would be sent, and send nothing.")
    var dryRun = false

    @Flag(help: "Print the scenario as it was understood, without secrets, and send nothing.")
    var printConfig = false

    @Flag(help: "Judge the scenario's budgets at the end; a budget that is not met exits with 4.")
    var check = false

    @Flag(help: "Exit with 0 even where the tool itself limited a printed figure; the warning stays.")
    var allowClientLimited = false

    @Option(help: ArgumentHelp("auto, kernel or read: where arrivals' instants come from.", valueName: "source"))
    var stamps: StampChoice = .auto

    @Option(
        help: ArgumentHelp(
            "Threads that send and stamp, each on its share of the streams; more than one where one is at its limit.",
            valueName: "count"))
    var threads = 1

    @OptionGroup var progress: ProgressOptions

    func validate() throws {
        try output.refusePages("ttft report latest --format html --output FILE")
        let most = 64
        guard 1...most ~= threads else {
            throw ValidationError("--threads is \(threads): use 1 to \(most), and no more than the machine has cores.")
        }
    }

    func run() throws {
        try Failure.reporting {
            let scenario = try ScenarioLoader(source: source, options: self.scenario, adHoc: adHoc).load()
            if printConfig { return Output.result(scenario.yaml) }
            if dryRun {
                // A garbled file is found here, and not when the run is to begin.
                _ = try LoadedTokenizer(scenario.tokenizer)
                return Output.result(Output.harmless(DryRun(scenario: scenario).text))
            }
            let verdict = try stamps.verdict()
            warn(of: scenario)
            var session = RunSession(scenario: scenario, database: database, stamps: verdict)
            session.measuringThreads = threads
            let runID = try session.run(progress: progress.resolved, color: output.color)
            try finish(runID, scenario: scenario)
        }
    }

    /// Says before the start where more is asked for than this machine was found to measure.
    private func warn(of scenario: Scenario) {
        let host = HostDescription.current()
        guard
            let calibration = CalibrationFile(of: host, environment: Environment.all)?
                .load(for: host, toolVersion: TTFT.version),
            let warning = LoadWarning(scenario: scenario, calibration: calibration).text
        else { return }
        Output.note(warning)
    }

    /// Reads the run back from the database and prints it, by the road that `report` takes.
    private func finish(_ runID: String, scenario: Scenario) throws {
        let summary = try StoredRun(runID, database: database.resolved).summary()
        let next = "ttft export \(runID) --output Reports/out/\(runID)\(database.argument)"
        let saved = "\(database.resolved)#\(runID)"
        Output.result(
            SummaryText(summary: summary, options: output, saved: saved, next: next).text)
        if let number = Interruption.signalNumber { throw ExitStatus.signal(number) }
        let validity = RunValidity(summary: summary, allowsClientLimited: allowClientLimited)
        if check {
            let check = BudgetCheck(summary: summary, flaws: validity.flaws)
            Output.result(
                check.text(
                    .table,
                    options: TableReport.Options(
                        color: ColorChoice.auto.isOn, width: Terminal.width, unicode: Environment.hasUnicode)))
            try validity.enforce()
            try check.enforce()
        }
        try validity.enforce()
    }
}

/// `--stamps`.
enum StampChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, kernel, read

    /// Decides the clock source; `kernel` insists on what `auto` merely prefers.
    func verdict() throws -> StampSelfTest.Verdict {
        if self == .read { return StampSelfTest.Verdict(source: .read, reason: "asked for by --stamps read") }
        let verdict = StampSelfTest.run()
        if self == .kernel, verdict.source != .kernel {
            throw Complaint(
                "--stamps kernel: \(verdict.reason ?? "the kernel gives none"); use --stamps auto", ExitStatus.failure)
        }
        return verdict
    }
}
