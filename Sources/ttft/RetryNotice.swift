import Timeline

/// Tells people, once for each target, that a run stands still because a server asked for it.
struct RetryNotice {
    /// Shorter pauses are over before anybody wonders.
    private static let shortest = Nanoseconds.seconds(5)

    /// How many further attempts the scenario allows.
    let retries: Int
    private var told: Set<String> = []

    init(retries: Int) { self.retries = retries }

    /// The words for records that have just ended, where a long pause follows one of them.
    mutating func words(for records: [StreamRecord]) -> [String] {
        records.compactMap { record in
            guard record.attempt <= retries, !record.outcome.isComplete, let status = record.httpStatus,
                let asked = record.rateLimits?.retryAfter, asked >= Self.shortest, told.insert(record.target).inserted
            else { return nil }
            return
                "\(record.target) answers HTTP \(status) and asks to wait \(Int(asked.seconds.rounded())) s before another "
                + "attempt: the run waits, at most 60 s at a time"
        }
    }
}
