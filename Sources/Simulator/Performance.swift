import Timeline

/// All that decides how one request is answered.
struct Performance {
    var plan: AnswerPlan
    var interface: Interface
    var script: StreamScript
    var fault: Fault?
    var isStream: Bool
    var closesConnection: Bool
    var framing: BodyFraming
    /// The source of the answer's tokens.
    var text: SimulatedText
    /// The source of the schedule's draws.
    var draws: SeededGenerator

    /// Decides on the answer of a target's so-manieth request; the same seed and ordinal decide alike.
    init(
        of generation: GenerationRequest, script: StreamScript, target: String, ordinal: Int, seed: UInt64,
        request: HTTPRequest
    ) {
        plan = AnswerPlan(
            of: generation, script: script, identifier: "sim-\(ordinal)",
            created: MonotonicClock.wallClockLabel() / 1_000_000_000)
        interface = generation.interface
        self.script = script
        let isFaulty = ordinal.isMultiple(of: max(1, script.faultEvery))
        fault = isFaulty ? script.fault.flatMap(Fault.init(rawValue:)) : nil
        isStream = generation.streams
        let endsBody = isStream && (fault == .truncatedMidJSON || !request.isVersionOneOne)
        framing = endsBody ? .untilClose : .chunked
        closesConnection = endsBody || request.closesConnection
        text = SimulatedText(seed: seed, target: target, ordinal: ordinal)
        draws = SeededGenerator(seed: seed, purpose: "schedule \(ordinal) of \(target)")
    }
}
