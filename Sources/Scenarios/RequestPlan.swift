package import Timeline

/// All requests of a scenario, as a pure function of the scenario and a seed.
package struct RequestPlan: Sendable {
    fileprivate let targetNames: [String]
    /// The targets whose names decide which requests are cancelled: those that targets are compared with pair by pair.
    fileprivate let rootNames: [String]
    fileprivate let load: LoadShape
    fileprivate let amount: LoadAmount
    fileprivate let warmup: Int
    /// In the order in which every target gets them.
    fileprivate let prompts: [Prompt]
    fileprivate let cancellation: CancellationPlan?
    fileprivate let seed: UInt64

    package init(_ scenario: Scenario, seed: UInt64) {
        targetNames = scenario.targets.map(\.name)
        rootNames = scenario.targets.map { target in target.relayOf ?? target.wholeOf ?? target.name }
        load = scenario.load
        amount = scenario.amount
        warmup = scenario.warmup ?? 0
        cancellation = scenario.cancellation
        var generator = SeededGenerator(seed: seed, purpose: "prompt order")
        prompts = scenario.prompts.shuffled(using: &generator)
        self.seed = seed
    }

    /// The requests of one target, by its position in the scenario.
    package func lane(of targetIndex: Int) -> RequestLane { RequestLane(plan: self, targetIndex: targetIndex) }
}

/// The requests of one target in order: the warm-up's first, then the measured ones.
///
/// Measured prompts go through the shuffled list from its front and the warm-up's from its back, so that what is
/// measured does not depend on the warm-up, and a warm-up shorter than the list asks nothing that is measured first. A
/// closed loop that runs for a duration never ends by itself: its caller stops by the clock.
package struct RequestLane: Sendable, Sequence, IteratorProtocol {
    private let plan: RequestPlan
    private let targetIndex: Int
    /// Of the warm-up and the measured requests together.
    private var ordinal = 0
    private var schedules: [RequestPhase: ArrivalSchedule] = [:]
    private let cancellationOffset: Double

    fileprivate init(plan: RequestPlan, targetIndex: Int) {
        self.plan = plan
        self.targetIndex = targetIndex
        var generator = SeededGenerator(
            seed: plan.seed, purpose: "cancellations \(plan.rootNames[targetIndex])")
        cancellationOffset = generator.unitInterval()
        guard case .open(let rate, let arrivals) = plan.load else { return }
        for phase in RequestPhase.allCases {
            schedules[phase] = ArrivalSchedule(
                rate: rate, arrivals: arrivals, seed: plan.seed,
                purpose: "arrivals \(phase.rawValue) \(plan.targetNames[targetIndex])")
        }
    }

    package mutating func next() -> PlannedRequest? {
        let phase = ordinal < plan.warmup ? RequestPhase.warmup : .measured
        let position = phase == .warmup ? ordinal : ordinal - plan.warmup
        if phase == .measured, case .requests(let count) = plan.amount, position >= count { return nil }
        let due = schedules[phase]?.next()
        if phase == .measured, case .duration(let length) = plan.amount, let due, due >= length { return nil }
        defer { ordinal += 1 }
        return PlannedRequest(
            index: ordinal * plan.targetNames.count + targetIndex, targetIndex: targetIndex, phase: phase,
            prompt: prompt(phase, position), due: due, cancellation: cancellation(phase, position))
    }

    /// When a request is to be cancelled; those of the warm-up never are.
    private func cancellation(_ phase: RequestPhase, _ position: Int) -> CancellationPlan.Point? {
        guard phase == .measured, let plan = plan.cancellation,
            plan.includes(position, offset: cancellationOffset)
        else { return nil }
        return plan.point
    }

    private func prompt(_ phase: RequestPhase, _ position: Int) -> Prompt {
        let turn = position % plan.prompts.count
        return plan.prompts[phase == .measured ? turn : plan.prompts.count - 1 - turn]
    }
}
