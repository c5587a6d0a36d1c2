package import Timeline

/// What is known of a run's requests before they have become records.
package struct DispatchState: Sendable, Equatable {
    /// Attempts that were given to the transport, the warm-up's among them; nil where nobody has counted them.
    package var started: Int?
    /// Those of them that have not ended; nil where nobody has counted them.
    package var inFlight: Int?
    /// When each target's first measured attempt was given to the transport; nil before that.
    package var measuredStarts: [Instant?]

    package init(started: Int? = nil, inFlight: Int? = nil, measuredStarts: [Instant?]) {
        self.started = started
        self.inFlight = inFlight
        self.measuredStarts = measuredStarts
    }
}

/// A run while it goes on, as far as its records have come: to be watched, while reports are made of the database.
///
/// Percentiles are off by at most 0.05 %, and missing where the sample is too small to bound them.
package struct LiveFigures: Sendable {
    /// A metric over the complete streams so far.
    package struct Course: Sendable, Equatable {
        /// Of the stream that ended last.
        package var latest: Double?
        package var p50: Double?
        package var p90: Double?
        package var p99: Double?
        /// The mean of the streams that ended in each of the last 60 seconds, the oldest first; nil where none did.
        package var seconds: [Double?] = []
    }

    package struct Target: Sendable {
        package var name: String
        package var model: String
        /// Measured attempts that have ended, whatever their outcome.
        package var ended: Int
        package var complete: Int
        package var warmupEnded: Int
        /// In milliseconds.
        package var timeToFirstToken: Course
        /// The time between tokens, in milliseconds per token.
        package var gap: Course
        /// In tokens per second and stream.
        package var speed: Course
        /// The attempts that met every limit of the run; nil without limits.
        package var good: Int?
        /// Over the whole ones of the last ten seconds; nil before there was one.
        package var requestsPerSecond: Double?
        package var goodRequestsPerSecond: Double?
        package var tokensPerSecond: Double?
        package var stalls: Int
        /// Where the token totals came from, the most frequent first.
        package var tokenSources: [String]
        /// Failed attempts by class and detail, the most frequent first.
        package var errors: [LiveError]
        /// Output tokens so far, the warm-up's and those of broken streams among them.
        package var tokens = 0
        /// What was spent so far, as far as tokens are known; nil where the target has no price.
        package var cost: Double?
    }

    package var targets: [Target]
    /// Attempts that were sent, the warm-up's among them; nil where nobody has counted them.
    package var started: Int?
    package var inFlight: Int?
    /// Since the run began.
    package var elapsed: Nanoseconds
    /// The part of the measurement that is done, from 0 to 1.
    package var share: Double
    /// How long the measurement is to take; nil where a number of requests ends it.
    package var plannedLength: Nanoseconds?
    /// Whether the first measured request has gone out.
    package var isMeasuring: Bool
    /// Reading instant minus arrival at p99, in milliseconds.
    package var lag: Double?
    /// The bound of how late arrivals can be, at p99, in milliseconds.
    package var lateBound: Double?
    /// Dispatched minus planned at p99, in milliseconds.
    package var queueDelay: Double?
    /// Measured attempts that went out more than a millisecond late.
    package var lateStarts: Int

    package var ended: Int { targets.reduce(0) { $0 + $1.ended } }
    package var complete: Int { targets.reduce(0) { $0 + $1.complete } }
    package var warmupEnded: Int { targets.reduce(0) { $0 + $1.warmupEnded } }
    package var failed: Int { ended - complete }

    /// Failed attempts of all targets by class, the most frequent first.
    package var errors: [LiveError] { LiveError.sums(targets.flatMap(\.errors)) }
}

/// How many attempts failed in one way.
package struct LiveError: Sendable, Equatable {
    /// The outcome class and its detail, such as `http_error rate_limited`.
    package var name: String
    package var count: Int
    /// What the last of them said.
    package var example: String?

    /// Adds up equal names, the most frequent first.
    static func sums(_ errors: [LiveError]) -> [LiveError] {
        var sums: [String: LiveError] = [:]
        for error in errors {
            var sum = sums[error.name] ?? LiveError(name: error.name, count: 0)
            sum.count += error.count
            sum.example = error.example ?? sum.example
            sums[error.name] = sum
        }
        return sums.values.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }
}
