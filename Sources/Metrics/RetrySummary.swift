import Timeline

/// What further attempts a target's requests took.
package struct RetrySummary: Sendable, Equatable {
    /// Attempts beyond the first ones, those that were cancelled on purpose among them.
    package var attempts: Int
    /// Requests that were tried more than once.
    package var requests: Int
    /// Those of them whose last attempt is complete.
    package var recovered: Int
    /// The pauses before further attempts, in milliseconds; nil without one.
    package var waits: MeasurementError.Spread?

    package init(attempts: Int = 0, requests: Int = 0, recovered: Int = 0, waits: MeasurementError.Spread? = nil) {
        self.attempts = attempts
        self.requests = requests
        self.recovered = recovered
        self.waits = waits
    }
}

extension TargetSample {
    var retries: RetrySummary {
        let further = (measured + cancelled).filter { $0.record.attempt > 1 }
        return RetrySummary(
            attempts: further.count, requests: further.count { $0.record.attempt == 2 },
            recovered: further.count(where: \.isComplete),
            waits: spread(further.compactMap { $0.record.retryWait?.length.milliseconds }))
    }
}
