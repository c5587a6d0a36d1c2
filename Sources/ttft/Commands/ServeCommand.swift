import ArgumentParser
import Glibc
import Scenarios
import Store
import Transport

/// `ttft serve`: the runs of a database as web pages, those in progress too.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Show the runs of a database as web pages, live while they go on.",
        discussion: """
            The pages are a list of runs, the report of one or of several laid over each other, and a view of a run in \
            progress, which follows the database over server-sent events. Nothing can be changed through them. With a \
            scenario there is also a playground, which asks its targets and shows their answers side by side as they come.

            Another address than loopback asks for a token, as the password of any user name: $TTFT_SERVE_TOKEN, or \
            one that is made up and shown on the terminal. The connection is not encrypted; put a proxy with TLS before it.

            EXAMPLES:
              ttft serve --db bench.sqlite
              ttft serve --scenario Scenarios/six-models.yaml
              TTFT_SERVE_TOKEN=... ttft serve --listen 0.0.0.0:8642
            """)

    @OptionGroup var database: DatabaseOption

    @Option(help: ArgumentHelp("Let pages ask the targets of this scenario and watch.", valueName: "file"))
    var scenario: String?

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Override a key of the scenario.", valueName: "key=value"))
    var overrides: [String] = []

    @Option(help: ArgumentHelp("The address to listen on; port 0 takes a free one.", valueName: "address:port"))
    var listen = WebAddress.standard

    @Flag(help: "Ask for the token on loopback too, as where others share the machine.")
    var token = false

    @Option(
        name: .customLong("allow-host"), parsing: .singleValue,
        help: ArgumentHelp("A name under which browsers reach this server, beside addresses.", valueName: "name"))
    var hostNames: [String] = []

    func validate() throws {
        if scenario == nil, !overrides.isEmpty { throw ValidationError("--set belongs to --scenario FILE") }
    }

    func run() throws {
        try Failure.reporting {
            // What cannot be served is said now, not to the first visitor; the schema is brought up to date on the way.
            _ = try RunReader(path: database.resolved)
            let secret = try listen.isLoopback && !token ? nil : self.secret()
            let signals = EndSignals()
            var scenario = try self.scenario.map(loaded)
            let simulator = try Self.simulator(serving: &scenario)
            let clockSource = try StampChoice.auto.verdict().source
            let site = RunSite(
                database: database.resolved,
                playground: scenario.map { Playground(scenario: $0, clockSource: clockSource) })
            let server = try WebServer(listen, gatekeeper: Gatekeeper(token: secret, names: hostNames)) {
                try site.answer($0)
            }
            try server.start()
            Output.result("serving \(database.resolved) on http://\(server.address)/\n")
            signals.wait()
            withExtendedLifetime(simulator) {}
        }
    }

    private func loaded(_ file: String) throws -> Scenario {
        let scenario = try Scenario(
            contentsOf: file, overrides: overrides, environment: Environment.all, vocabulary: .current,
            unconfiguredTargets: .skip)
        for (name, reason) in scenario.skipped.sorted(by: { $0.key < $1.key }) {
            Output.note("skipped \(name): \(reason)")
        }
        return scenario
    }

    private static func simulator(serving scenario: inout Scenario?) throws -> SimulatorProcess? {
        guard var given = scenario else { return nil }
        defer { scenario = given }
        return try SimulatorProcess.serving(&given)
    }

    /// The token; one that is made up is shown to a person, and never written where it would stay.
    private func secret() throws -> String {
        let name = "TTFT_SERVE_TOKEN"
        if let value = Environment.variable(name), !value.isEmpty {
            guard value.utf8.count >= 16 else {
                throw Complaint(
                    "\(name): fewer than 16 bytes can be guessed; use a longer token", ExitStatus.badScenario)
            }
            return value
        }
        guard Output.isNoteTerminal else {
            throw Complaint(
                "\(name) is not set, and there is no terminal on which a token could be shown; set it",
                ExitStatus.badScenario)
        }
        let token = Gatekeeper.makeToken()
        Output.note("the token, as the password of any user: \(token)")
        return token
    }
}
