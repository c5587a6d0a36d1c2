package import Timeline

/// The attempts of one target in one run, ready to be summed up.
package struct TargetSample: Sendable {
    package let run: RunDescription
    package let target: TargetRun
    /// The measured attempts, whatever their outcome, but for those that were cancelled on purpose.
    package let measured: [StreamMetrics]
    /// Those of them whose stream is complete; only these enter latency figures.
    package let complete: [StreamMetrics]
    /// The measured attempts that were cancelled on purpose: neither a success nor a failure of the server.
    package let cancelled: [StreamMetrics]
    package let warmupAttempts: Int
    /// What the warm-up cost; nothing where the target has no price.
    let warmupCost: CostTally
    /// How long whole answers to the same prompts took, in milliseconds, by the index of the streamed request.
    let wholeAnswers: [Int: Double]
    /// The direct answers to the prompts that a relay answers, by the index of the relayed request.
    let directStreams: [Int: StreamMetrics]
    /// The first measured send; nil without one.
    package let windowStart: Instant?
    /// The planned end of the load, or the last measured end; nil without one.
    package let windowEnd: Instant?

    /// Takes a target's attempts out of a run's records.
    package init(run: RunDescription, target: TargetRun, records: [StreamRecord]) {
        var samples = RunSamples(run: run)
        for record in records where record.target == target.name { samples.add(record) }
        self = samples.sample(of: target)
    }

    /// The measured requests, however often they were tried.
    ///
    /// Without those whose last attempt was cancelled on purpose, whatever became of the attempts before. No fewer than were
    /// answered: a file that was cut by hand may lack first attempts.
    var requests: Int {
        let begun = measured.count { $0.record.attempt <= 1 } - cancelled.count { $0.record.attempt > 1 }
        return max(begun, complete.count)
    }

    /// Some of the attempts, over the same window.
    func part(_ measured: [StreamMetrics]) -> TargetSample {
        TargetSample(
            run: run, target: target, measured: measured, warmupAttempts: 0, warmupCost: CostTally(),
            wholeAnswers: wholeAnswers, directStreams: directStreams, window: (windowStart, windowEnd))
    }

    private init(
        run: RunDescription, target: TargetRun, measured: [StreamMetrics], warmupAttempts: Int, warmupCost: CostTally,
        wholeAnswers: [Int: Double], directStreams: [Int: StreamMetrics], window: (start: Instant?, end: Instant?)
    ) {
        self.run = run
        self.target = target
        self.measured = measured.filter { $0.record.cancellation == nil }
        cancelled = measured.filter { $0.record.cancellation != nil }
        self.warmupAttempts = warmupAttempts
        self.warmupCost = warmupCost
        self.wholeAnswers = wholeAnswers
        self.directStreams = directStreams
        complete = self.measured.filter(\.isComplete)
        windowStart = window.start
        windowEnd = window.end
    }

    init(
        run: RunDescription, target: TargetRun, measured: [StreamMetrics], warmupAttempts: Int,
        warmupCost: CostTally = CostTally(), wholeAnswers: [Int: Double] = [:],
        directStreams: [Int: StreamMetrics] = [:]
    ) {
        self.init(
            run: run, target: target, measured: measured, warmupAttempts: warmupAttempts, warmupCost: warmupCost,
            wholeAnswers: wholeAnswers, directStreams: directStreams,
            window: (
                measured.compactMap(\.record.sent).min(),
                Self.windowEnd(run: run, target: target, measured: measured)
            ))
    }

    private static func windowEnd(run: RunDescription, target: TargetRun, measured: [StreamMetrics]) -> Instant? {
        // Without instants of their own the requests of another tool lie on one another.
        if let source = run.importedFrom, !source.tellsStarts, target.plannedEnd == nil { return nil }
        let sent = measured.filter { $0.record.sent != nil }
        guard let lastEnd = sent.compactMap({ $0.end ?? $0.record.closed ?? $0.landmarks.lastArrival }).max()
        else { return nil }
        guard case .duration = run.amount, let plannedEnd = target.plannedEnd else { return lastEnd }
        // A run that was stopped early offered no load until its planned end.
        return run.status == .finished ? plannedEnd : min(plannedEnd, lastEnd)
    }

    /// The window's length in seconds; nil where there is none.
    var window: Double? {
        guard let windowStart, let windowEnd, windowEnd > windowStart else { return nil }
        return (windowEnd - windowStart).seconds
    }

    /// The tokens of complete streams that arrived within the window.
    var tokensInWindow: Int? {
        guard let windowEnd else { return nil }
        return complete.reduce(0) { sum, stream in
            sum + stream.reads.reduce(0) { $0 + ($1.arrival <= windowEnd ? $1.tokens : 0) }
        }
    }

    /// The complete streams that ended within the window.
    var completeInWindow: [StreamMetrics] {
        guard let windowEnd else { return [] }
        return complete.filter { $0.end.map { $0 <= windowEnd } ?? false }
    }
}
