import Timeline

/// All that decides how one request is answered.
struct Performance {
    var plan: AnswerPlan
    var interface: any Interface
    var script: StreamScript
    var fault: Fault?
    var isStream: Bool
    var closesConnection: Bool
    var framing: BodyFraming
    /// The source of the answer's tokens.
    var text: SimulatedText
    /// The answer's text where a schema says what it is; nil where it is drawn as it goes.
    var structure: StructuredText?
    /// The source of the schedule's draws.
    var draws: SeededGenerator
    /// Which of its target's answers this is, from 1.
    var ordinal: Int
    /// The last event that the client has of it; nil where the answer begins.
    var lastEvent: Int?

    /// The tokens of the answer, reasoning apart.
    var answerTokens: Int { plan.tokens - plan.reasoningTokens }

    /// Decides on the answer of a target's so-manieth request; the same seed and ordinal decide alike.
    ///
    /// - Throws: What is to be said where the API's streams have no place for the script's fault.
    init(
        of generation: GenerationRequest, interface: any Interface, script: StreamScript, target: String, ordinal: Int,
        seed: UInt64, request: HTTPRequest
    ) throws(ServiceError) {
        // Who can be come back to knows its answers by the ids of their events.
        let place = script.sendsEventIDs ? ResumedPlace(request["last-event-id"]) : nil
        let ordinal = place?.ordinal ?? ordinal
        self.ordinal = ordinal
        lastEvent = place?.event
        self.interface = interface
        self.script = script
        isStream = generation.streams
        let isFaulty = ordinal.isMultiple(of: max(1, script.faultEvery))
        fault = isFaulty && place == nil ? script.fault.flatMap(Fault.init(rawValue:)) : nil
        let textOrdinal = fault == .sameAnswer ? 1 : ordinal
        plan = AnswerPlan(
            of: generation, interface: interface, script: script, identifier: "sim-\(textOrdinal)",
            created: MonotonicClock.wallClockLabel() / 1_000_000_000)
        plan.nameVersion(of: ordinal, changingEvery: script.modelChangesEvery)
        plan.apply(fault)
        let endsBody = isStream && (fault == .truncatedMidJSON || fault == .lateClose || !request.isVersionOneOne)
        framing = endsBody ? .untilClose : fault == .chunkExtensions ? .chunkedWithExtensions : .chunked
        closesConnection = endsBody || request.closesConnection
        text = SimulatedText(seed: seed, target: target, ordinal: textOrdinal)
        if let schema = generation.answerSchema, plan.toolName == nil {
            // A last token without text holds no part of it.
            let end = plan.endsWithSpecialToken ? 1 : 0
            structure = StructuredText(
                schema: schema, tokens: max(1, max(script.tokens, plan.tokens) - plan.reasoningTokens - end),
                source: &text)
        }
        draws = SeededGenerator(seed: seed, purpose: "schedule \(ordinal) of \(target)")
        if isStream, let fault, !fault.hasPlace(in: interface, interface.writer(of: plan)) {
            throw .badRequest("the fault '\(fault.rawValue)' has no place in the API \(interface.name)", status: 501)
        }
    }
}
