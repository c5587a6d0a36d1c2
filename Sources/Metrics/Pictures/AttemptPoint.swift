package import Timeline

/// One attempt as a point in the time of its run; times are in milliseconds.
package struct AttemptPoint: Sendable, Equatable {
    package var requestIndex: Int
    package var attempt: Int
    package var phase: RequestPhase
    package var outcome: OutcomeClass
    /// From the run's start to `sent`; nil where nothing was sent.
    package var sent: Double?
    /// From the run's start to `planned`.
    package var planned: Double
    package var timeToFirstToken: Double?
    package var endToEnd: Double?
    /// From the run's start to when the client was done with it, by a cancellation too; nil where it never ended.
    package var closed: Double?

    package init(
        requestIndex: Int, attempt: Int, phase: RequestPhase, outcome: OutcomeClass, sent: Double?, planned: Double,
        timeToFirstToken: Double?, endToEnd: Double?, closed: Double? = nil
    ) {
        self.requestIndex = requestIndex
        self.attempt = attempt
        self.phase = phase
        self.outcome = outcome
        self.sent = sent
        self.planned = planned
        self.timeToFirstToken = timeToFirstToken
        self.endToEnd = endToEnd
        self.closed = closed
    }

    init(_ stream: StreamMetrics, runStart: Instant) {
        let record = stream.record
        self.init(
            requestIndex: record.requestIndex, attempt: record.attempt, phase: record.phase,
            outcome: record.outcome.outcomeClass, sent: record.sent.map { ($0 - runStart).milliseconds },
            planned: (record.planned - runStart).milliseconds, timeToFirstToken: stream.timeToFirstToken,
            endToEnd: stream.endToEnd,
            closed: (record.cancellation?.instant ?? record.closed).map { ($0 - runStart).milliseconds })
    }
}
