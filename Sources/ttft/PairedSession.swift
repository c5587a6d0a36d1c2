import Metrics
import Runner
import Scenarios
import Store
import Timeline

/// A comparison in pairs, from a checked scenario of two targets to its rows and its verdict.
struct PairedSession {
    /// The first target is the baseline, the second the candidate.
    let scenario: Scenario
    let design: PairedDesign
    let bounds: Bounds
    let database: DatabaseOption
    let session: RunSession

    /// What ends a comparison before its verdict.
    struct Bounds {
        var time: Nanoseconds?
        var requests: Int?
    }

    init(
        scenario: Scenario, design: PairedDesign, bounds: Bounds, database: DatabaseOption, stamps: StampChoice
    ) throws {
        self.scenario = scenario
        self.design = design
        self.bounds = bounds
        self.database = database
        session = RunSession(scenario: scenario, database: database, stamps: try stamps.verdict())
    }

    /// Measures look by look until the verdict stands or nothing is left to spend; returns the run's id.
    func run(progress: ProgressForm) throws -> String {
        try session.measure(pairedDesign: design) { recording in
            let plan = PairPlan(
                recording.scenario, runID: recording.runID, pairsPerConnection: design.pairsPerConnection,
                requestsPerBlock: design.requestsPerBlock)
            let display = ProgressDisplay(of: recording.description, as: progress, color: .auto)
            defer { display.close() }
            let deliver: ([StreamRecord]) throws -> Void = { records in
                try recording.store(records)
                display.add(records)
            }
            var phase: (start: Instant?, plannedEnd: Instant?)
            var done = 0
            for look in design.looks {
                let end = min(look, bounds.requests.map { $0 / (2 * design.requestsPerBlock) } ?? look)
                guard end > done else { break }
                let pairs = (done == 0 ? plan.warmupPairs : []) + plan.pairs(done..<end)
                let deadline = bounds.time.map { (phase.start ?? MonotonicClock.now()) + $0 }
                if done > 0, let deadline, MonotonicClock.now() >= deadline { break }
                let runner = try recording.runner(asking: pairs)
                let stage = try runner.run(
                    pairs: pairs, inBlocks: design.requestsPerBlock > 1, until: deadline, counts: display.counts,
                    deliver: deliver)
                if phase.start == nil { phase.start = stage.phases.first?.start }
                done = end
                if stage.wasInterrupted || stage.reachedMaxCost {
                    return ending(phase, wasInterrupted: stage.wasInterrupted, reachedMaxCost: stage.reachedMaxCost)
                }
                if try isDecided(recording.runID) { break }
            }
            return ending(phase, wasInterrupted: false)
        }
    }

    private func ending(
        _ phase: (start: Instant?, plannedEnd: Instant?), wasInterrupted: Bool, reachedMaxCost: Bool = false
    ) -> ScenarioRunner.End {
        ScenarioRunner.End(
            phases: scenario.targets.map { _ in phase }, wasInterrupted: wasInterrupted, reachedMaxCost: reachedMaxCost)
    }

    /// Whether the pairs in the database decide, by the road that prints the verdict too.
    private func isDecided(_ runID: String) throws -> Bool {
        let stored = try StoredRun(runID, database: database.resolved)
        return Gate.judged(try stored.pairs(design), design: design, isOver: false) != nil
    }
}

extension StoredRun {
    /// The pairs of a comparison, in the order of its plan.
    func pairs(_ design: PairedDesign) throws -> [AttemptPair] {
        try samples().pairs(of: design, in: run)
    }
}

extension RunSamples {
    func pairs(of design: PairedDesign, in run: RunDescription) -> [AttemptPair] {
        let targets = [design.baseline, design.candidate].compactMap { name in
            run.targets.first { $0.name == name }
        }
        guard targets.count == 2 else { return [] }
        return AttemptPair.pairs(
            baseline: sample(of: targets[0]), candidate: sample(of: targets[1]), of: design.requestsPerBlock)
    }
}
