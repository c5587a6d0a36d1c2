package import Timeline

/// A run with its counts, which cost no look at its records.
package struct RunOverview: Sendable, Equatable {
    package var run: RunDescription
    /// Measured requests, whatever their outcome and however often they were tried; those whose last attempt was cancelled
    /// on purpose are not here, and that attempt is not among the attempts.
    package var requests: Int
    /// Measured attempts, whatever their outcome.
    package var attempts: Int
    /// Measured attempts whose stream is complete.
    package var complete: Int
    package var warmupAttempts: Int

    package init(
        run: RunDescription, requests: Int = 0, attempts: Int = 0, complete: Int = 0, warmupAttempts: Int = 0
    ) {
        self.run = run
        self.requests = requests
        self.attempts = attempts
        self.complete = complete
        self.warmupAttempts = warmupAttempts
    }
}
