package import Timeline

/// What is to be measured: checked as a whole, with every default in place.
package struct Scenario: Sendable, Equatable {
    /// Which raw bytes are kept for decoding again.
    package enum RawStorage: String, Sendable, CaseIterable {
        case none, failed, all
    }

    /// What is done about a target whose key is missing.
    package enum UnconfiguredTargets: Sendable {
        case refuse
        /// Leave the target out and say so in `skipped`.
        case skip
    }

    /// A request is not tried again more often.
    package static let retryLimit = 10

    package var name: String
    package var description: String
    package var seed: UInt64
    /// Never empty; names are unique.
    package var targets: [Target]
    package var isInterleaved: Bool
    /// As written; empty where the built-in prompt is used.
    package var promptSources: [PromptSource]
    /// Resolved; never empty.
    package var prompts: [Prompt]
    package var request: RequestSettings
    /// Who reads the answers; nil where nobody is asked about.
    package var reader: ReaderProfile?
    /// By which answers are counted, whatever servers say; nil is by none.
    package var tokenizer: TokenizerFile?
    /// What the run may cost at most, in the currency of the prices; nil is any amount.
    package var maxCost: Double?
    package var load: LoadShape
    package var amount: LoadAmount
    /// Requests for each target before the measured ones; nil is none.
    package var warmup: Int?
    package var timeouts: Timeouts
    /// The most attempts that may follow a request's first one.
    package var retries: Int
    /// What is cancelled on purpose; nil is nothing.
    package var cancellation: CancellationPlan?
    /// Where a server tells of itself during the run; nil asks none.
    package var serverMetrics: ServerMetricsPlan?
    /// The share of failed requests above which a run is not valid.
    package var maxErrorRate: Double
    package var objectives: [RequestLimit]
    package var budgets: [Budget]
    package var storage: RawStorage
    /// Whether answer texts are stored; nil means for simulated targets only.
    package var storesText: Bool?
    /// Targets left out because their key is missing, with the reason.
    package var skipped: [String: String]
    /// The units of the metrics that objectives and budgets name.
    package var limitUnits: [String: MetricKind.Unit]

    /// The text as it was read, or as the command line implied it.
    package var sourceText: String
    package var fileName: String
    /// The `--set` overrides, in order.
    package var overrides: [String]
}
