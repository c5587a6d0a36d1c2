import ArgumentParser

/// Every exit status of the tool, and what it means.
enum ExitStatus {
    /// An internal or I/O error.
    static let failure = ExitCode(1)
    /// A gate has found a regression.
    static let regression = ExitCode(3)
    /// The measurement does not decide, and --strict asked for a decision.
    static let inconclusive = ExitCode(5)
    /// A budget is not met.
    static let budgetNotMet = ExitCode(4)
    /// Measured, but not valid: too many failures, or the client itself was the limit.
    static let invalidMeasurement = ExitCode(6)
    /// A run, a CSV file or an imported file is malformed.
    static let malformedInput = ExitCode(65)
    static let fileNotFound = ExitCode(66)
    /// No target could be connected to: nothing was measured.
    static let noTargetAnswers = ExitCode(69)
    /// Something is wrong in a scenario or its environment.
    static let badScenario = ExitCode(78)

    /// Ended by a signal, after everything was saved.
    static func signal(_ number: Int32) -> ExitCode { ExitCode(128 + number) }
}
