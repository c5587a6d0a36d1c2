import ArgumentParser
import Metrics
import Report
import Runner
import Timeline
import Transport

/// `ttft calibrate`: how well this machine measures, at rising load.
struct CalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Find out how well this machine measures at rising load, against a simulator that logs its sends.",
        discussion: """
            What is found is kept for this machine and this version in the user's state directory, and run \
            warns where a scenario asks for more.
            """)

    @Option(help: ArgumentHelp("The numbers of streams to try, in rising order.", valueName: "list"))
    var steps = "10,50,100,200,400,700,1000"

    @Option(help: ArgumentHelp("The chunks that each stream brings in a second.", valueName: "number"))
    var rate = 50.0

    @Option(help: ArgumentHelp("Try no more streams than so many.", valueName: "count"))
    var max: Int?

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print what was found and keep nothing.")
    var noSave = false

    @Option(help: ArgumentHelp("auto, kernel or read: where arrivals' instants come from.", valueName: "source"))
    var stamps: StampChoice = .auto

    @Flag(name: .shortAndLong, help: "No progress on standard error.")
    var quiet = false

    func run() throws {
        try Failure.reporting {
            let loads = try loads()
            let verdict = try stamps.verdict()
            let host = HostDescription.current()
            let steps = try measure(loads, CalibrationSession(rate: rate, stamps: verdict))
            let calibration = Calibration(
                host: host, toolVersion: TTFT.version, clockSource: verdict.source,
                measuredWallClock: MonotonicClock.wallClockLabel(), steps: steps)
            let report = CalibrationReport(calibration)
            let layout = TableReport.Options(width: Terminal.width, unicode: Environment.hasUnicode)
            Output.result(json ? report.json : report.text(options: layout))
            if let number = Interruption.signalNumber { throw ExitStatus.signal(number) }
            guard !noSave else { return }
            guard let file = CalibrationFile(of: host, environment: Environment.all) else {
                throw Complaint("neither XDG_STATE_HOME nor HOME is set; use --no-save", ExitStatus.failure)
            }
            try file.save(calibration)
            Output.note("kept in \(file.path)")
        }
    }

    private func loads() throws -> [Int] {
        guard rate >= 1, rate <= 1000 else {
            throw Complaint("--rate: \(rate) is not between 1 and 1000 chunks a second", .validationFailure)
        }
        let loads = try steps.split(separator: ",", omittingEmptySubsequences: false).map { text in
            guard let streams = Int(text), streams > 0 else {
                throw Complaint(
                    "--steps: '\(text)' is no number of streams; write for example 10,100", .validationFailure)
            }
            return streams
        }
        for (lower, higher) in zip(loads, loads.dropFirst()) where higher <= lower {
            throw Complaint("--steps: \(higher) comes after \(lower); numbers must rise", .validationFailure)
        }
        let allowed = loads.filter { $0 <= max ?? .max }
        guard !allowed.isEmpty else {
            throw Complaint("--max: no step has so few streams; the lowest has \(loads[0])", .validationFailure)
        }
        return allowed
    }

    /// Climbs until even the widest tolerance is not kept; a step that misses one is tried once more, since a busy
    /// neighbour can spoil one try.
    private func measure(_ loads: [Int], _ session: CalibrationSession) throws -> [CalibrationStep] {
        var steps: [CalibrationStep] = []
        for streams in loads where Interruption.signalNumber == nil {
            show("calibrating: \(streams) streams")
            var step = try session.measure(streams: streams)
            if !Calibration.tolerances.allSatisfy(step.isWithin), Interruption.signalNumber == nil {
                step = step.better(try session.measure(streams: streams))
            }
            guard Interruption.signalNumber == nil else { break }
            steps.append(step)
            if !Calibration.tolerances.contains(where: step.isWithin) { break }
        }
        show("")
        return steps
    }

    private func show(_ text: String) {
        if !quiet, Output.isNoteTerminal { Output.status(text) }
    }
}
