package import Scenarios
package import Timeline
import Transport
package import Wire

/// Fires a scenario's plan and yields what happened, as stream records.
///
/// The caller's thread decodes and delivers; the measuring thread only sends and stamps.
package struct ScenarioRunner {
    private let scenario: Scenario
    private let runID: String
    private let clockSource: ClockSource
    private let assemblies: [StreamAssembly]
    private let transportTargets: [TransportTarget]
    private let bodies: [[String: RequestBody]]
    /// Sees each transfer once it has ended, before it is let go of.
    var observe: ((Transfer) -> Void)?
    /// Sees each stream whenever more of it has come, in place of those who cancel it at some token.
    var follow: ((WatchedStream) -> Void)?
    /// Asked now and then whether what is in flight is to be cancelled, beside interruptions.
    var isAbandoned: () -> Bool = { false }
    /// Whether an interruption ends what is in flight, rather than wait for it.
    var cancelsWhenInterrupted = false
    /// How many threads send and stamp.
    package var measuringThreads = 1
    private let signatures: [TargetSignature?]
    /// The most that the run may cost; nil bounds nothing.
    private let costBound: CostBound?

    /// Prepares everything that can be prepared before the clock starts.
    ///
    /// `keys` holds the API keys and `awsCredentials` what signs requests, both by target name. What it spends comes out of
    /// `purse`, which others may share; without one it has all that the scenario allows.
    package init(
        scenario: Scenario, runID: String, keys: [String: String], awsCredentials: [String: AWSCredentials] = [:],
        clockSource: ClockSource, tokenizer: BytePairTokenizer? = nil, purse: CostPurse? = nil
    ) throws(RunnerError) {
        let promptTokens =
            tokenizer.map { tokenizer in
                Dictionary(
                    scenario.prompts.map { ($0.id, tokenizer.count(of: $0)) }, uniquingKeysWith: { first, _ in first })
            } ?? [:]
        self.scenario = scenario
        self.runID = runID
        self.clockSource = clockSource
        var assemblies: [StreamAssembly] = []
        var transportTargets: [TransportTarget] = []
        var bodies: [[String: RequestBody]] = []
        var signatures: [TargetSignature?] = []
        for target in scenario.targets {
            guard let dialect = Dialects.named(target.api) else { throw .unknownAPI(target.api, target: target.name) }
            let settings = scenario.settings(of: target)
            var bodyOfPrompt: [String: RequestBody] = [:]
            for prompt in scenario.prompts {
                let encoded = dialect.encode(prompt, settings: settings, target: target)
                bodyOfPrompt[prompt.id] = RequestBody(encoded.body)
            }
            bodies.append(bodyOfPrompt)
            signatures.append(
                try awsCredentials[target.name].map { credentials throws(RunnerError) in
                    try TargetSignature(target, dialect: dialect, scenario: scenario, credentials: credentials)
                })
            transportTargets.append(
                TransportTarget(target, dialect: dialect, scenario: scenario, key: keys[target.name]))
            assemblies.append(
                StreamAssembly(
                    dialect: dialect, targetName: target.name, settings: settings,
                    keepsText: scenario.storesText ?? (target.simulation != nil), keepsRaw: scenario.storage,
                    analysis: AnswerAnalysis(
                        words: scenario.reader?.words, findsToolCalls: !settings.tools.isEmpty,
                        expectsJSON: settings.answerSchema != nil), tokenizer: tokenizer, promptTokens: promptTokens))
        }
        costBound = try Self.costBound(of: scenario, purse: purse, bodies: bodies)
        self.assemblies = assemblies
        self.transportTargets = transportTargets
        self.bodies = bodies
        self.signatures = signatures
    }

    /// What the scenario may cost, from the given purse or from one of its own; nil where nothing bounds it.
    private static func costBound(
        of scenario: Scenario, purse: CostPurse?, bodies: [[String: RequestBody]]
    ) throws(RunnerError) -> CostBound? {
        guard let limit = scenario.maxCost else { return nil }
        let bound = CostBound(
            purse: purse ?? CostPurse(limit: limit), prices: scenario.targets.map(\.price),
            longestAnswers: scenario.targets.map { scenario.settings(of: $0).outputLength?.tokens ?? 0 })
        for (index, target) in scenario.targets.enumerated() {
            let least = bodies[index].values.map { bound.most(bytes: $0.count, target: index) }.min()
            if let least, least > limit { throw .maxCostTooLow(limit, target: target.name, least: least) }
        }
        return bound
    }

    /// Whether a request of each kind could still be paid for.
    var canAffordEach: Bool {
        guard let costBound else { return true }
        return bodies.enumerated().allSatisfy { target, bodies in
            bodies.values.allSatisfy { costBound.purse.hasRoom(for: costBound.most(bytes: $0.count, target: target)) }
        }
    }

    /// What is left to spend; nil where nothing bounds it.
    package var purse: CostPurse? { costBound?.purse }

    /// How a run came to its end.
    package struct End: Sendable {
        /// When each target's measured phase began and was planned to end, in the order of the targets.
        package var phases: [(start: Instant?, plannedEnd: Instant?)]
        package var wasInterrupted: Bool
        /// What each measuring thread took of its core.
        package var threads: [ThreadUse]
        /// Whether it ended since the next request could have cost more than was left.
        package var reachedMaxCost: Bool

        package init(
            phases: [(start: Instant?, plannedEnd: Instant?)], wasInterrupted: Bool, threads: [ThreadUse] = [],
            reachedMaxCost: Bool = false
        ) {
            self.phases = phases
            self.wasInterrupted = wasInterrupted
            self.threads = threads
            self.reachedMaxCost = reachedMaxCost
        }
    }

    /// The most records that are delivered at once, so that many that end together are not in memory together.
    private static let batchSize = 64

    /// Runs the plan; delivers records in small batches as they end, and at least every quarter of a second.
    ///
    /// What goes out and what ends is counted in `counts` meanwhile.
    package func run(
        plan: RequestPlan, counts: DispatchCounts? = nil, deliver: ([StreamRecord]) throws -> Void
    ) throws -> End {
        let dispatcher = makeDispatcher(for: plan)
        let (wasInterrupted, threads) = try drive(dispatcher, counts: counts, deliver: deliver)
        return End(
            phases: dispatcher.phases, wasInterrupted: wasInterrupted, threads: threads,
            reachedMaxCost: costBound?.purse.wasReached ?? false)
    }

    /// Runs pairs, of single requests or of blocks, whose prompts are the scenario's; none begins after the deadline.
    package func run(
        pairs: [[PlannedRequest]], inBlocks: Bool, until deadline: Instant?, counts: DispatchCounts? = nil,
        deliver: ([StreamRecord]) throws -> Void
    ) throws -> End {
        var concurrency = 1
        if case .closed(let places) = scenario.load { concurrency = places }
        let lane: any ComparisonLane =
            inBlocks
            ? BlockLane(pairs: pairs, concurrency: concurrency, deadline: deadline)
            : PairLane(pairs: pairs, concurrency: concurrency, deadline: deadline)
        let dispatcher = PairDispatcher(lane: lane, prepare: makePreparation())
        let (wasInterrupted, threads) = try drive(dispatcher, counts: counts, deliver: deliver)
        let phase = (start: dispatcher.measuredStart, plannedEnd: Instant?.none)
        return End(
            phases: scenario.targets.map { _ in phase }, wasInterrupted: wasInterrupted, threads: threads,
            reachedMaxCost: costBound?.purse.wasReached ?? false)
    }

    /// Sends what the source gives until it is finished; tells whether a signal ended it early.
    private func drive(
        _ source: any RequestSource, counts: DispatchCounts?, deliver: ([StreamRecord]) throws -> Void
    ) throws -> (wasInterrupted: Bool, threads: [ThreadUse]) {
        let transport = CurlTransport(clockSource: clockSource, threads: measuringThreads)
        let source: any RequestSource = costBound.map { BoundedSource(source, bound: $0) } ?? source
        transport.start(counts.map { CountedSource(source, counts: $0) } ?? source)
        var watch = CancellationWatch()
        var broken = BrokenStreams(assemblies: assemblies)
        var isStopping = false
        var threads: [ThreadUse] = []
        while threads.count < transport.threadCount {
            if !isStopping, Interruption.signalNumber != nil || isAbandoned() {
                isStopping = true
                if cancelsWhenInterrupted { transport.cancel() } else { transport.stop() }
            }
            var reports = Array(transport.waitForReports(milliseconds: 100).reversed())
            while !reports.isEmpty {
                var records: [StreamRecord] = []
                // Each transfer is let go of once it is a record, and its raw bytes with it.
                while records.count < Self.batchSize, let report = reports.popLast() {
                    switch report {
                    case .ended(let transfer):
                        watch.forget(transfer)
                        observe?(transfer)
                        if let record = record(of: transfer, among: &broken, through: transport) {
                            records.append(record)
                        }
                    case .watched(let stream):
                        if let follow {
                            follow(stream)
                        } else {
                            cancelIfDue(stream, with: &watch, goingOnWith: broken, through: transport)
                        }
                    case .question(let question): answer(question, through: transport)
                    case .finished(let use): threads.append(use)
                    }
                }
                guard !records.isEmpty else { continue }
                do { try deliver(records) } catch {
                    transport.cancel()
                    throw error
                }
            }
        }
        let rest = broken.takeAll()
        if !rest.isEmpty { try deliver(rest) }
        FreedMemory.giveBack()
        return (isStopping, threads)
    }

    private func makeDispatcher(for plan: RequestPlan) -> Dispatcher {
        let lanes = scenario.targets.indices.map { index in
            DispatchLane(
                requests: plan.lane(of: index), load: scenario.load, amount: scenario.amount,
                connectionLimit: scenario.targets[index].maxConnections,
                reconnects: scenario.targets[index].reconnects)
        }
        return Dispatcher(
            lanes: lanes, isInterleaved: scenario.isInterleaved, turns: turns,
            retryPolicy: RetryPolicy(limit: scenario.retries, seed: scenario.seed), prepare: makePreparation())
    }

    /// A direct target and the relays before it take turns, where a closed loop lets them.
    private var turns: [Turns] {
        guard scenario.isInterleaved, case .closed(let concurrency) = scenario.load else { return [] }
        let direct = scenario.targets.indices.filter { index in
            scenario.targets.contains { $0.relayOf == scenario.targets[index].name }
                && scenario.targets[index].relayOf == nil
        }
        return direct.map { index in
            let name = scenario.targets[index].name
            return Turns(
                members: scenario.targets.indices.filter { $0 == index || scenario.targets[$0].relayOf == name },
                places: concurrency)
        }
    }

    /// What makes a departure ready to be sent, on the measuring thread.
    private func makePreparation() -> @Sendable (Departure) -> TransportRequest {
        let (targets, bodies, signatures, runID) = (transportTargets, bodies, signatures, runID)
        let isFollowed = follow != nil
        let empty = RequestBody([])
        return { departure in
            let request = departure.request
            var isCounted = false
            if case .tokens? = request.cancellation { isCounted = true }
            let suffix = departure.attempt > 1 ? ".\(departure.attempt)" : ""
            let signature = signatures[request.targetIndex]?.headers(for: request) ?? []
            let resumption = departure.lastEventID.map { [HeaderField("Last-Event-ID", $0)] } ?? []
            return TransportRequest(
                plan: request, planned: departure.planned, target: targets[request.targetIndex],
                body: bodies[request.targetIndex][request.prompt.id] ?? empty,
                clientRequestID: "\(runID)-\(request.index)\(suffix)", attempt: departure.attempt,
                retryWait: departure.retryWait, headers: signature + resumption,
                isFollowed: isFollowed || isCounted, begun: departure.begun)
        }
    }

    /// The record of an ended transfer; nil where its stream broke off and goes on over a further connection.
    private func record(
        of transfer: Transfer, among broken: inout BrokenStreams, through transport: CurlTransport
    ) -> StreamRecord? {
        let target = transfer.request.plan.targetIndex
        guard scenario.targets[target].reconnects else {
            return settled(assemblies[target].record(of: transfer), transfer)
        }
        let (record, next) = broken.take(transfer)
        transport.go(on: next, after: transfer)
        return settled(record, transfer)
    }

    /// Books what a transfer cost; of a stream that goes on nobody knows it yet.
    private func settled(_ record: StreamRecord?, _ transfer: Transfer) -> StreamRecord? {
        guard let costBound, let price = scenario.targets[transfer.request.plan.targetIndex].price else {
            return record
        }
        // What was not told stays booked at its most, as does a connection that went on: an estimate may be too low.
        if let record, record.breaks.isEmpty, let cost = record.cost(by: price), cost.isTold {
            costBound.settle(transfer.request, cost: cost.amount)
        }
        return record
    }

    /// Cancels a stream that has brought the tokens at which it is to be cancelled.
    private func cancelIfDue(
        _ stream: WatchedStream, with watch: inout CancellationWatch, goingOnWith broken: BrokenStreams,
        through transport: CurlTransport
    ) {
        let request = stream.transfer.request.plan
        let assembly = assemblies[request.targetIndex]
        if watch.isDue(
            stream, dialect: assembly.dialect, expectsStream: assembly.settings.stream,
            beginning: broken.beginning(of: request))
        {
            transport.cancel(stream.transfer)
        }
    }

    private func answer(_ question: ProgressQuestion, through transport: CurlTransport) {
        let assembly = assemblies[question.transfer.request.plan.targetIndex]
        let watch = ProgressWatch(timeouts: scenario.timeouts)
        switch watch.answer(
            question, dialect: assembly.dialect, expectsStream: assembly.settings.stream, now: MonotonicClock.now())
        {
        case .lookAgain(let instant): transport.answer(question, lookAgainAt: instant)
        case .end(let end): transport.answer(question, endAs: end)
        }
    }
}
