import ArgumentParser
import Report
import Scenarios
import Timeline

/// `ttft doctor`: whether this machine is fit to measure.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say whether this machine is fit to measure, and what to do where it is not.",
        discussion: "Exits with 1 where it is unfit; a note is no reason not to measure.")

    @Argument(help: ArgumentHelp("Hold the machine against what this scenario asks for.", valueName: "scenario"))
    var scenario: String?

    @OptionGroup var options: ScenarioOptions

    @Flag(help: "Print JSON.")
    var json = false

    @Option(help: ArgumentHelp("auto, always or never; NO_COLOR is honoured.", valueName: "when"))
    var color: ColorChoice = .auto

    func run() throws {
        try Failure.reporting {
            // A wrong file is told before the machine is looked at.
            let demand = try demand()
            let examination = MachineExamination(facts: .read(), demand: demand)
            let report = DoctorReport(examination.findings, scenario: demand?.scenario)
            let layout = TableReport.Options(
                color: color.isOn, width: Terminal.width, unicode: Environment.hasUnicode)
            Output.result(json ? report.json : report.text(options: layout))
            if !report.isFit { throw ExitStatus.failure }
        }
    }

    private func demand() throws -> MachineDemand? {
        guard let scenario else { return nil }
        let overrides = options.overrides + (options.seed.map { ["seed=\($0)"] } ?? [])
        return MachineDemand(
            try Scenario(
                contentsOf: scenario, overrides: overrides, environment: Environment.all, vocabulary: .current,
                unconfiguredTargets: options.skipUnconfigured ? .skip : .refuse, onlyTargets: options.targets))
    }
}

extension MachineDemand {
    init(_ scenario: Scenario) {
        self.init(
            scenario: scenario.name, streams: scenario.concurrency,
            needsTLS: scenario.targets.contains { $0.baseURL.lowercased().hasPrefix("https:") },
            needsHTTP2: scenario.targets.contains { $0.httpVersion == .two })
    }
}

extension Scenario {
    /// The streams of all targets at a time; nil in an open loop, where the server's speed decides.
    var concurrency: Int? {
        guard case .closed(let each) = load else { return nil }
        return isInterleaved ? each * targets.count : each
    }
}
