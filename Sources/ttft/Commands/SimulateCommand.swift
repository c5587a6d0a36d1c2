import ArgumentParser
import FoundationEssentials
import Glibc
import Simulator
import Timeline
import Transport

/// `ttft simulate`: the embedded provider as a server of its own.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Serve the APIs of all providers on loopback, at the tempo of a profile.",
        discussion: "Profiles: \(StreamScript.profiles.map(\.name).joined(separator: ", ")).")

    @Option(help: ArgumentHelp("The port to listen on; 0 takes a free one.", valueName: "number"))
    var port: UInt16 = 9000

    @Option(help: ArgumentHelp("127.0.0.1 or ::1.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(help: ArgumentHelp("The tempo to play.", valueName: "name"))
    var profile = "gpt-4o-mini"

    @Option(name: .customLong("ttft-ms"), help: "Override the profile's time to first token.")
    var timeToFirstToken: Double?

    @Option(name: .customLong("itl-ms"), help: "Override the profile's time between tokens.")
    var interTokenLatency: Double?

    @Option(help: "Tokens of an answer, unless the request asks for fewer.")
    var tokens: Int?

    @Option(help: "Relative standard deviation of times; 0 is exact.")
    var jitter: Double?

    @Option(help: ArgumentHelp("Play this fault, such as truncated; an unknown name prints all.", valueName: "name"))
    var fault: String?

    @Option(help: ArgumentHelp("Write one JSON line per request with the instant of every send.", valueName: "file"))
    var log: String?

    @Option(help: "Decides texts and jitter.")
    var seed: UInt64 = 1

    @Flag(help: .hidden)
    var scriptsFromInput = false

    @Flag(help: .hidden)
    var lastCore = false

    func run() throws {
        try Failure.reporting {
            guard ["127.0.0.1", "::1"].contains(host) else {
                throw Complaint("--host: '\(host)' is not loopback; use 127.0.0.1 or ::1", .validationFailure)
            }
            if lastCore { Core.stayOnLast() }
            // Before the server's thread starts, which inherits it: the signal is for the wait below alone.
            let signals = EndSignals()
            let server: SimulatedServer
            do {
                server = try SimulatedServer(
                    scripts: try scripts(), host: host, port: scriptsFromInput ? 0 : port, logPath: log, seed: seed,
                    keepsLog: false, keepsText: log != nil)
                try server.start()
            } catch let error as SimulatorError { throw Complaint("\(error)", ExitStatus.failure) }
            Output.result("listening on \(server.baseURL)\n")
            if scriptsFromInput { waitForEndOfInput() } else { signals.wait() }
            server.stop()
        }
    }

    private func scripts() throws -> [String: StreamScript] {
        if scriptsFromInput {
            guard let line = readLine() else { return [:] }
            return try JSONDecoder().decode([String: StreamScript].self, from: Data(line.utf8))
        }
        guard var script = StreamScript(profile: profile) else {
            let names = StreamScript.profiles.map(\.name).joined(separator: ", ")
            throw Complaint("--profile: no profile is called '\(profile)'; there are \(names)", .validationFailure)
        }
        if let fault, !StreamScript.faults.contains(fault) {
            let names = StreamScript.faults.joined(separator: ", ")
            throw Complaint("--fault: no fault is called '\(fault)'; there are \(names)", .validationFailure)
        }
        if let timeToFirstToken { script.timeToFirstToken = .milliseconds(timeToFirstToken) }
        if let interTokenLatency { script.gap = .milliseconds(interTokenLatency) }
        if let tokens { script.tokens = tokens }
        if let jitter { script.jitter = jitter }
        script.fault = fault
        return [profile: script]
    }

    /// Ends when whoever started this process has closed its end, hence also when that was killed.
    private func waitForEndOfInput() {
        var byte: UInt8 = 0
        while read(STDIN_FILENO, &byte, 1) > 0 {}
    }
}
