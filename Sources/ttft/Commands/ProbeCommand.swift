import ArgumentParser
import Report
import Runner
import Timeline

/// `ttft probe`: one request, and everything that comes back.
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", abstract: "Send one request and show every read and every event with its instant.",
        discussion: """
            SCENARIO:NAME probes that target of the scenario. Nothing is stored. Exits with 0 where the stream is \
            complete, with 6 where it is not, and with 69 where no connection came about.
            """)

    @Argument(
        help: ArgumentHelp("A scenario file, one with a target's name, or a URL.", valueName: "scenario[:target]|url"))
    var source: String

    @OptionGroup var options: ProbeOptions

    @Flag(help: "Cut no text, and show the data of content events too.")
    var full = false

    @Flag(help: "Print JSON.")
    var json = false

    @Option(help: ArgumentHelp("auto, always or never; NO_COLOR is honoured.", valueName: "when"))
    var color: ColorChoice = .auto

    @Option(help: ArgumentHelp("auto, kernel or read: where arrivals' instants come from.", valueName: "source"))
    var stamps: StampChoice = .auto

    /// The width of what is not printed to a terminal: the data of most events has room.
    private static let fileWidth = 140

    func run() throws {
        try Failure.reporting {
            let scenario = try ProbeSource(source: source, options: options).load()
            let session = ProbeSession(scenario: scenario, stamps: try stamps.verdict())
            let probed = try session.run()
            if let exchange = probed?.exchange {
                let width = Output.isResultTerminal ? Terminal.width : Self.fileWidth
                let report = ProbeReport(
                    exchange,
                    options: TableReport.Options(
                        color: color.isOn, width: width, isFull: full, unicode: Environment.hasUnicode))
                Output.result(json ? report.json : report.text)
            }
            if let number = Interruption.signalNumber { throw ExitStatus.signal(number) }
            guard let outcome = probed?.exchange.record.outcome, !outcome.isComplete else { return }
            throw outcome.outcomeClass == .connectError ? ExitStatus.noTargetAnswers : ExitStatus.invalidMeasurement
        }
    }
}
