import Glibc
import Metrics
import Report
import Runner
import Scenarios
import Store
import Timeline
import Transport

/// One run from a checked scenario to its rows in the database.
struct RunSession {
    private var scenario: Scenario
    private let database: String
    /// What a recommended command needs in order to find the database.
    private let databaseArgument: String
    private let stamps: StampSelfTest.Verdict
    /// Where the simulator logs what it sends; nil where it need not.
    var simulatorLog: String?
    /// How many threads send and stamp.
    var measuringThreads = 1

    init(scenario: Scenario, database: DatabaseOption, stamps: StampSelfTest.Verdict) {
        self.scenario = scenario
        self.database = database.resolved
        databaseArgument = database.argument
        self.stamps = stamps
    }

    /// Measures and stores; returns the run's id.
    func run(progress: ProgressForm, color: ColorChoice = .auto) throws -> String {
        try measure { recording in
            let display = ProgressDisplay(of: recording.description, as: progress, color: color)
            defer { display.close() }
            var notice = RetryNotice(retries: recording.scenario.retries)
            return try recording.runner.run(
                plan: RequestPlan(recording.scenario, seed: recording.scenario.seed), counts: display.counts,
                deliver: { records in
                    try recording.store(records)
                    display.add(records)
                    notice.words(for: records).forEach { display.note($0) }
                })
        }
    }

    /// What a run that has begun needs in order to fire and to store.
    struct Recording {
        let scenario: Scenario
        let runID: String
        let description: RunDescription
        fileprivate let secrets: ScenarioSecrets
        fileprivate let clockSource: ClockSource
        fileprivate let tokenizer: LoadedTokenizer?
        /// Of the whole scenario.
        let runner: ScenarioRunner
        let store: ([StreamRecord]) throws -> Void

        /// Prepares a runner of some pairs.
        func runner(asking pairs: [[PlannedRequest]]) throws -> ScenarioRunner {
            try ScenarioRunner(
                scenario: scenario.asking(pairs), runID: runID, keys: secrets.keys,
                awsCredentials: secrets.awsCredentials, clockSource: clockSource, tokenizer: tokenizer?.tokenizer,
                purse: runner.purse)
        }
    }

    /// Begins a run, lets `fire` send its requests, and ends it; returns its id.
    func measure(
        pairedDesign: PairedDesign? = nil, _ fire: (Recording) throws -> ScenarioRunner.End
    ) throws -> String {
        var scenario = scenario
        for (name, reason) in scenario.skipped.sorted(by: { $0.key < $1.key }) {
            Output.note("skipped \(name): \(reason)")
        }
        for target in scenario.targets {
            guard let direct = target.relayOf, !scenario.targets.contains(where: { $0.name == direct }) else {
                continue
            }
            Output.note(
                "'\(target.name)' is measured without '\(direct)', which it is another path to: what it adds is not told"
            )
        }
        DescriptorLimit.raise()
        let cancellations = scenario.cancellation.map { _ in CancellationLog(keptAt: simulatorLog) }
        let simulator = try SimulatorProcess.serving(&scenario, log: cancellations?.path ?? simulatorLog)
        try checkConnections(of: scenario)
        var generator = SystemRandomNumberGenerator()
        let wallClock = MonotonicClock.wallClockLabel()
        let runID = RunIdentifier.make(wallClock: wallClock, using: &generator)
        let secrets = ScenarioSecrets(of: scenario, in: Environment.all)
        let tokenizer = try LoadedTokenizer(scenario.tokenizer)
        var runner = try ScenarioRunner(
            scenario: scenario, runID: runID, keys: secrets.keys, awsCredentials: secrets.awsCredentials,
            clockSource: stamps.source, tokenizer: tokenizer?.tokenizer)
        runner.measuringThreads = measuringThreads
        let writer = try RunWriter(path: database, secrets: secrets.all)
        var description = describe(scenario, runID: runID, wallClock: wallClock)
        description.pairedDesign = pairedDesign
        description.serverMetrics = scenario.serverMetrics
        description.tokenizer = tokenizer?.name
        description.maxCost = scenario.maxCost
        Interruption.listen(
            farewell: "ttft: ended at once; run \(runID) stays marked unfinished, and what had ended is saved: "
                + "ttft report \(runID)\(databaseArgument)", lastAct: { TerminalGuard.leave() })
        try writer.begin(description)
        let scraper = scenario.serverMetrics.map { plan in
            ServerScraper(plan, access: MetricsAccess(to: plan, among: scenario.targets, keys: secrets.keys))
        }
        if let complaint = scraper?.complaint { Output.note("! \(complaint)") }
        let end = try fire(
            Recording(
                scenario: scenario, runID: runID, description: description, secrets: secrets,
                clockSource: stamps.source, tokenizer: tokenizer, runner: runner,
                store: { records in
                    try store(records, of: runID, with: writer)
                    cancellations?.note(records)
                    if let scraper { try writer.append(scraper.take()) }
                }))
        if let scraper {
            try writer.append(scraper.finish(waitsForServer: scenario.cancellation != nil && !end.wasInterrupted))
        }
        if let cancellations {
            if cancellations.isEmpty, let plan = scenario.cancellation, plan.share > 0 {
                Output.note("! no request was cancelled: \(Self.reason(for: plan.point))")
            }
            try writer.append(try cancellations.aftermaths(isSimulated: simulator != nil))
        }
        for (target, phase) in zip(description.targets, end.phases) {
            var target = target
            target.phaseStart = phase.start
            target.plannedEnd = phase.plannedEnd
            try writer.update(target)
        }
        try writer.finish(
            status: end.wasInterrupted || end.reachedMaxCost ? .interrupted : .finished, ended: MonotonicClock.now(),
            threads: end.threads, reachedMaxCost: end.reachedMaxCost)
        withExtendedLifetime(simulator) {}
        return runID
    }

    /// Why a point of streams at which they were to be cancelled was never reached.
    private static func reason(for point: CancellationPlan.Point) -> String {
        switch point {
        case .tokens(let count): "no stream had more than the \(count) tokens of cancel.after, or none began"
        case .time(let length): "none took the \(length.seconds) s of cancel.after"
        }
    }

    private func store(_ records: [StreamRecord], of runID: String, with writer: RunWriter) throws {
        do { try writer.append(records) } catch StoreError.noRoom(let path, let reason) {
            throw Complaint(
                "\(StoreError.noRoom(path: path, reason: reason))\nttft: \(writer.storedCount) requests of run \(runID) "
                    + "are safe: ttft report \(runID)\(databaseArgument); it stays marked unfinished; make room and "
                    + "measure again", ExitStatus.failure)
        }
    }

    /// Refuses to start where no target at all can be connected to.
    private func checkConnections(of scenario: Scenario) throws {
        var problems: [String] = []
        for target in scenario.targets {
            let problem = ConnectionCheck.problem(
                connectingTo: target.baseURL, certificateAuthorityFile: target.certificateAuthorityFile,
                timeout: scenario.timeouts.connect)
            if let problem { problems.append("target '\(target.name)' at \(target.baseURL): \(problem)") }
        }
        guard !problems.isEmpty else { return }
        if problems.count == scenario.targets.count {
            let text = problems.joined(separator: "\nttft: ")
            throw Complaint(
                "\(text)\nttft: no target answers, nothing was measured; is every base_url right?",
                ExitStatus.noTargetAnswers)
        }
        for problem in problems { Output.note("! \(problem); its requests will be counted as failed") }
    }

    private func describe(_ scenario: Scenario, runID: String, wallClock: Int64) -> RunDescription {
        RunDescription(
            id: runID, scenarioName: scenario.name, scenarioText: scenario.sourceText, overrides: scenario.overrides,
            scenarioHash: self.scenario.hash, seed: scenario.seed, toolVersion: TTFT.version,
            libraryVersions: CurlTransport.libraryVersion, host: .current(), clockSource: stamps.source,
            clockSourceReason: stamps.reason, stampFloor: CurlTransport.stampFloor, startedWallClock: wallClock,
            started: MonotonicClock.now(), load: scenario.load, amount: scenario.amount,
            isInterleaved: scenario.isInterleaved, maxErrorRate: scenario.maxErrorRate,
            objectives: scenario.objectives, budgets: scenario.budgets,
            targets: scenario.targets.map { target in
                TargetRun(
                    name: target.name, api: target.api, model: target.model, baseURL: target.baseURL,
                    httpVersion: target.httpVersion, connections: target.connections,
                    isSimulated: target.simulation != nil, streams: scenario.settings(of: target).stream,
                    wholeOf: target.wholeOf, relayOf: target.relayOf,
                    maxConnections: target.maxConnections, price: target.price)
            }, skipped: scenario.skipped, reader: scenario.reader)
    }
}
