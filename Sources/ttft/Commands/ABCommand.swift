import ArgumentParser
import Metrics
import Report
import Runner
import Scenarios
import Statistics
import Timeline

/// `ttft ab`: two targets in randomised interleaved pairs, and a verdict on the difference.
struct ABCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ab", abstract: "Compare two targets in randomised pairs: a regression gate that does not flake.",
        discussion: """
            Each pair asks both targets the same, one right after the other, in an order that a coin decides. The \
            verdict is regressed (exit 3), passed, or inconclusive (exit 5 with --strict). Where the first look leaves \
            it open, as many pairs again are measured, once; running out is inconclusive, never a pass. Single requests \
            find smaller changes than blocks of as many; blocks are for targets that must not run side by side.

            EXAMPLES:
              ttft ab Scenarios/ci-gate.yaml --baseline main --candidate change
              ttft ab chat.yaml --baseline local --candidate-set model=next
              ttft ab chat.yaml --baseline local --same      the noise floor: one target against itself
              ttft ab chat.yaml --requests-per-block 25      two models that share one GPU
              ttft ab --rejudge latest --format markdown     the verdict of a stored run, again
            """)

    @Argument(help: ArgumentHelp("A scenario file.", valueName: "scenario"))
    var source: String?

    @OptionGroup var arms: ArmOptions
    @OptionGroup var plan: PairOptions
    @OptionGroup var database: DatabaseOption

    @Option(help: ArgumentHelp("Judge the pairs of a stored run again, and send nothing.", valueName: "run"))
    var rejudge: String?

    @OptionGroup var output: GateOutputOptions

    @Option(help: ArgumentHelp("auto, kernel or read: where arrivals' instants come from.", valueName: "source"))
    var stamps: StampChoice = .auto

    @OptionGroup var progress: ProgressOptions

    func validate() throws {
        guard (source == nil) != (rejudge == nil) else {
            throw ValidationError("give a scenario, or --rejudge RUN")
        }
    }

    func run() throws {
        try Failure.reporting {
            let runID = try source.map { try measure($0) } ?? rejudge ?? "latest"
            let stored = try StoredRun(runID, database: database.resolved)
            let judgement = try GateJudgement(
                stored, database: database, allowsClientLimited: output.allowClientLimited)
            Output.result(judgement.text(output))
            if source != nil, let number = Interruption.signalNumber { throw ExitStatus.signal(number) }
            try judgement.enforce(output)
        }
    }

    private func measure(_ source: String) throws -> String {
        let overrides = arms.overrides + (arms.seed.map { ["seed=\($0)"] } ?? [])
        var scenario = try PairedScenario(
            source: source, overrides: overrides, baseline: arms.baseline, candidate: arms.candidate,
            baselineOverrides: arms.baselineOverrides, candidateOverrides: arms.candidateOverrides, isSame: arms.same
        ).load()
        let design = try plan.design(baseline: scenario.targets[0].name, candidate: scenario.targets[1].name)
        scenario.amount = .requests((design.looks.last ?? 0) * design.requestsPerBlock)
        let session = try PairedSession(
            scenario: scenario, design: design,
            bounds: PairedSession.Bounds(time: plan.maxTime, requests: plan.maxRequests), database: database,
            stamps: stamps)
        return try session.run(progress: progress.resolved)
    }
}

/// What the command line says of the two sides.
struct ArmOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The target that is known (default: the first of two).", valueName: "name"))
    var baseline: String?

    @Option(help: ArgumentHelp("The target that may have got worse (default: the other of two).", valueName: "name"))
    var candidate: String?

    @Option(
        name: .customLong("baseline-set"), parsing: .singleValue,
        help: ArgumentHelp("Override a key of the baseline, such as model=NAME.", valueName: "key=value"))
    var baselineOverrides: [String] = []

    @Option(
        name: .customLong("candidate-set"), parsing: .singleValue,
        help: ArgumentHelp("Override a key of the candidate, such as base_url=URL.", valueName: "key=value"))
    var candidateOverrides: [String] = []

    @Flag(help: "Compare the baseline with itself: what differs is noise.")
    var same = false

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Override a key of the scenario, such as load.closed.concurrency=8.", valueName: "key=value")
    )
    var overrides: [String] = []

    @Option(help: ArgumentHelp("The seed of prompts and coins (default: the scenario's).", valueName: "number"))
    var seed: UInt64?
}

/// How much is measured, and how the verdict is reached: fixed before the first request.
struct PairOptions: ParsableArguments {
    /// Of this many pairs the exact distribution takes about a second.
    private static let pairLimit = 2_000

    private static let defaultPairs = 200
    private static let defaultPairsOfBlocks = 16

    @Option(
        name: .customLong("pairs"),
        help: ArgumentHelp("Pairs before the verdict is sought (default: 200; of blocks 16).", valueName: "count"))
    var givenPairs: Int?

    private var pairs: Int { givenPairs ?? (requestsPerBlock > 1 ? Self.defaultPairsOfBlocks : Self.defaultPairs) }

    @Option(
        help: ArgumentHelp(
            "Pairs at which it is sought again where it is open (default: twice as many; the same turns that off).",
            valueName: "count"))
    var maxPairs: Int?

    @Option(
        help: ArgumentHelp("What may get worse without being a regression.", valueName: "share"),
        transform: PairOptions.share)
    var margin = 0.05

    @Option(
        help: ArgumentHelp("How many more requests may fail, in points.", valueName: "share"),
        transform: PairOptions.share)
    var successMargin = 0.02

    @Option(
        help: ArgumentHelp("False alarms that the whole gate may have at the margin.", valueName: "share"),
        transform: PairOptions.share)
    var errorRate = 0.01

    @Option(
        name: .customLong("metric"), parsing: .singleValue,
        help: ArgumentHelp(
            "Judge this metric of single requests; may be given several times (default: ttft, tpot).", valueName: "name"
        ))
    var metrics: [String] = []

    @Option(help: ArgumentHelp("Pairs after which both targets get new connections.", valueName: "count"))
    var pairsPerConnection = 10

    @Option(
        help: ArgumentHelp(
            "Pair blocks of so many requests, each the only load meanwhile: for targets that share a back end.",
            valueName: "count"))
    var requestsPerBlock = 1

    @Option(
        help: ArgumentHelp("Begin no pair after this time.", valueName: "duration"), transform: PairOptions.duration)
    var maxTime: Nanoseconds?

    @Option(help: ArgumentHelp("Send no more measured requests than this.", valueName: "count"))
    var maxRequests: Int?

    /// The design; refuses what can never give a verdict.
    func design(baseline: String, candidate: String) throws -> PairedDesign {
        let last = maxPairs ?? min(2 * pairs, max(pairs, Self.pairLimit))
        let names = metrics.isEmpty ? ["ttft", "tpot"] : metrics
        let design = PairedDesign(
            baseline: baseline, candidate: candidate, metrics: names, margin: margin, successMargin: successMargin,
            errorRate: errorRate, looks: last > pairs ? [pairs, last] : [pairs],
            pairsPerConnection: pairsPerConnection, requestsPerBlock: requestsPerBlock)
        let needed = SignedRankTest.countNeeded(for: design.errorRatePerFigure)
        guard pairs >= needed else {
            throw Complaint(
                "--pairs \(pairs): \(needed) pairs are the fewest that can show anything with \(names.count + 1) figures, "
                    + "\(design.looks.count) looks and an error rate of \(errorRate)", .validationFailure)
        }
        return design
    }

    func validate() throws {
        if let maxPairs, maxPairs < pairs { throw ValidationError("--max-pairs must be at least --pairs") }
        guard (1...Self.pairLimit).contains(pairs), (maxPairs ?? pairs) <= Self.pairLimit else {
            throw ValidationError("pairs must be from 1 to \(Self.pairLimit)")
        }
        if pairsPerConnection < 1 { throw ValidationError("--pairs-per-connection must be at least 1") }
        guard (1...1_000).contains(requestsPerBlock) else {
            throw ValidationError("--requests-per-block must be from 1 to 1000")
        }
        if let maxRequests, maxRequests < 2 * requestsPerBlock {
            throw ValidationError("--max-requests must be at least one pair, which is \(2 * requestsPerBlock) requests")
        }
        let allowed = MetricCatalogue.gateNames
        for name in metrics where !allowed.contains(name) {
            throw ValidationError(
                "--metric \(name) cannot be judged in pairs; allowed: \(allowed.joined(separator: ", "))")
        }
        if Set(metrics).count < metrics.count { throw ValidationError("--metric names a metric twice") }
        for share in [margin, successMargin, errorRate] where !(share > 0 && share < 1) {
            throw ValidationError("margins and --error-rate must be between 0 and 100 %, such as 5%")
        }
    }

    static func share(_ text: String) throws -> Double {
        let isPercent = text.hasSuffix("%")
        guard let number = Double(isPercent ? String(text.dropLast()) : text) else {
            throw ValidationError("it must be a share, such as 5% or 0.05")
        }
        return isPercent ? number / 100 : number
    }

    static func duration(_ text: String) throws -> Nanoseconds {
        guard let length = DurationText.length(text), length > .zero else {
            throw ValidationError("it must be a duration with a unit, such as 5m or 90s")
        }
        return length
    }
}
