package import Timeline

/// A statistic of a metric over a target's complete requests.
package enum Statistic: String, Sendable, CaseIterable {
    case mean, min, p50, p75, p90, p95, p99
    case p999 = "p99.9"
    case max
    /// The one value of a metric that has one a run.
    case value
}

/// One figure, with all that is known of how far it can be trusted.
package struct Estimate: Sendable, Equatable {
    package var statistic: Statistic
    /// In the metric's unit; nil where there is nothing to compute it from.
    package var value: Double?
    /// The 95 % interval; nil where the sample cannot bound it.
    package var interval: ClosedRange<Double>?
    /// How the interval was made: `order_statistic`, `cluster_bootstrap`, `wilson`, `none`, ...
    package var method: String
    /// The number of requests behind the figure, for gaps too.
    package var count: Int
    /// The number of requests from which on the interval is bounded, where it is not.
    package var countNeeded: Int?
    /// The range in which the figure would lie had every arrival been stamped without delay; nil where it does not apply.
    package var measurementRange: ClosedRange<Double>?

    package init(
        statistic: Statistic, value: Double?, interval: ClosedRange<Double>? = nil, method: String = "none",
        count: Int, countNeeded: Int? = nil, measurementRange: ClosedRange<Double>? = nil
    ) {
        self.statistic = statistic
        self.value = value
        self.interval = interval
        self.method = method
        self.count = count
        self.countNeeded = countNeeded
        self.measurementRange = measurementRange
    }
}

/// All figures of one metric for one target.
package struct MetricSummary: Sendable, Equatable {
    package var metric: MetricDefinition
    package var estimates: [Estimate]

    package init(metric: MetricDefinition, estimates: [Estimate]) {
        self.metric = metric
        self.estimates = estimates
    }

    package subscript(statistic: Statistic) -> Estimate? { estimates.first { $0.statistic == statistic } }
}

/// How many attempts ended in one way.
package struct OutcomeCount: Sendable, Equatable {
    package var outcome: OutcomeClass
    package var detail: String?
    package var count: Int
    /// What one of them said.
    package var example: String?

    package init(outcome: OutcomeClass, detail: String?, count: Int, example: String?) {
        self.outcome = outcome
        self.detail = detail
        self.count = count
        self.example = example
    }
}

/// The instrument's own error in one target's figures, in milliseconds.
package struct MeasurementError: Sendable, Equatable {
    package struct Spread: Sendable, Equatable {
        package var p50: Double
        package var p99: Double
        package var max: Double

        package init(p50: Double, p99: Double, max: Double) {
            self.p50 = p50
            self.p99 = p99
            self.max = max
        }
    }

    /// Reading instant minus arrival, over content events.
    package var lag: Spread?
    /// The bound of how late arrivals can be, over content and terminal events: all that figures are computed from.
    package var lateBound: Spread?
    /// Dispatched minus planned, over attempts.
    package var queueDelay: Spread?
    /// Content events per read that completed content.
    package var eventsPerRead: Double?
    /// The figures of the short table and of budgets that the instrument could have changed by more than 2 %, such as
    /// `ttft.p99`; empty where none.
    package var limitedFigures: [String]
    /// Those of them that a budget judges.
    package var limitedBudgets: [String]
    /// The limited figures beyond these, which only the full table and exports print.
    package var furtherLimitedFigures: [String]

    package init(
        lag: Spread?, lateBound: Spread?, queueDelay: Spread?, eventsPerRead: Double?, limitedFigures: [String],
        limitedBudgets: [String] = [], furtherLimitedFigures: [String] = []
    ) {
        self.lag = lag
        self.lateBound = lateBound
        self.queueDelay = queueDelay
        self.eventsPerRead = eventsPerRead
        self.limitedFigures = limitedFigures
        self.limitedBudgets = limitedBudgets
        self.furtherLimitedFigures = furtherLimitedFigures
    }

    /// Whether the measurement is invalid; a single odd event decides a maximum, which counts only where a budget does.
    package var isClientLimited: Bool {
        limitedFigures.contains { !$0.hasSuffix(".\(Statistic.max.rawValue)") || limitedBudgets.contains($0) }
    }
}

/// What one target did in one run.
package struct TargetSummary: Sendable, Equatable {
    package var target: TargetRun
    /// Measured attempts, whatever their outcome.
    package var attempts: Int
    /// What of these were retries.
    package var retries: RetrySummary
    /// Measured attempts whose stream is complete.
    package var complete: Int
    package var warmupAttempts: Int
    /// Every outcome that occurred among the measured attempts, the most frequent first.
    package var outcomes: [OutcomeCount]
    package var metrics: [MetricSummary]
    /// From the first measured sent to the last measured end, or to the planned end; nil without a request.
    package var windowStart: Instant?
    package var windowEnd: Instant?
    /// Where the token totals came from, with the number of requests: `server_usage`, `server_events`, `events`.
    package var tokenSources: [String: Int]
    /// Where the tokens per event came from, with the number of requests: `server_events`, `apportioned`, `events`.
    package var tokenBases: [String: Int]
    /// Finish reasons with the number of complete requests.
    package var finishReasons: [String: Int]
    /// The output length asked for, and the mean of what came; nil where unknown.
    package var requestedOutputTokens: OutputLength?
    package var meanOutputTokens: Double?
    package var servedModels: [String: Int]
    /// The share of the input tokens that came from a cache; nil where no server told.
    package var cachedShare: Double?
    /// Complete streams with reasoning tokens that were never shown.
    package var hiddenReasoning: Int
    package var keepAlives: KeepAliveSummary
    /// What the run asks of each request, which goodput rests on.
    package var objectives: [RequestLimit] = []
    /// Cancelled requests whose tokens nobody counted, one standing for each event.
    package var estimatedCancellations = 0
    /// What its answers cost; nil where it has no price.
    package var cost: CostSummary?
    /// What it does to streams; nil for a target that is no relay.
    package var relay: RelayEffect?
    /// The figures by who answered, the most frequent first; empty where all answers are of one.
    package var parts: [ServedPart]
    package var error: MeasurementError
    /// Whether TTFT stayed what it was.
    package var steadiness: Steadiness
    /// Plain sentences that say what is odd and what to do, the most important first.
    package var warnings: [String]

    package init(
        target: TargetRun, attempts: Int, complete: Int, warmupAttempts: Int, outcomes: [OutcomeCount],
        metrics: [MetricSummary], windowStart: Instant?, windowEnd: Instant?, tokenSources: [String: Int],
        tokenBases: [String: Int] = [:], finishReasons: [String: Int], requestedOutputTokens: OutputLength?,
        meanOutputTokens: Double?, servedModels: [String: Int], error: MeasurementError, warnings: [String],
        retries: RetrySummary = RetrySummary(), cachedShare: Double? = nil, parts: [ServedPart] = [],
        hiddenReasoning: Int = 0, keepAlives: KeepAliveSummary = KeepAliveSummary(),
        relay: RelayEffect? = nil, cost: CostSummary? = nil,
        steadiness: Steadiness = Steadiness([])
    ) {
        self.target = target
        self.attempts = attempts
        self.complete = complete
        self.warmupAttempts = warmupAttempts
        self.outcomes = outcomes
        self.metrics = metrics
        self.windowStart = windowStart
        self.windowEnd = windowEnd
        self.tokenSources = tokenSources
        self.tokenBases = tokenBases
        self.finishReasons = finishReasons
        self.requestedOutputTokens = requestedOutputTokens
        self.meanOutputTokens = meanOutputTokens
        self.servedModels = servedModels
        self.error = error
        self.warnings = warnings
        self.retries = retries
        self.cachedShare = cachedShare
        self.hiddenReasoning = hiddenReasoning
        self.keepAlives = keepAlives
        self.relay = relay
        self.cost = cost
        self.parts = parts
        self.steadiness = steadiness
    }

    /// Measured requests, however often they were tried.
    package var requests: Int { attempts - retries.attempts }

    package subscript(metric name: String) -> MetricSummary? { metrics.first { $0.metric.name == name } }
}

/// What a run showed, per target, in the order of the run's targets.
package struct RunSummary: Sendable, Equatable {
    package var run: RunDescription
    package var targets: [TargetSummary]
    /// What a server's own metrics say; nil where none was asked.
    package var server: ServerActivity?

    package init(run: RunDescription, targets: [TargetSummary]) {
        self.run = run
        self.targets = targets
    }

    /// The share of failed requests among the measured ones of all targets; 0 without any.
    package var errorRate: Double {
        let requests = targets.reduce(0) { $0 + $1.requests }
        let complete = targets.reduce(0) { $0 + $1.complete }
        return requests == 0 ? 0 : Double(requests - complete) / Double(requests)
    }

    package var isClientLimited: Bool { targets.contains { $0.error.isClientLimited } }
}
