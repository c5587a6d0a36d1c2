/// Where an arrival's instant comes from.
package enum ClockSource: String, Sendable, Codable, CaseIterable {
    /// The kernel's receive timestamp.
    case kernel
    /// The instant at which the tool had read the bytes.
    case read
}

package enum RunStatus: String, Sendable, Codable, CaseIterable {
    /// Still going on, or killed: only a run that ended says so.
    case unfinished
    case finished
    /// Ended early, by a signal or at the most that it was to cost, after what was in flight had been saved.
    case interrupted
}

/// The machine that measured.
package struct HostDescription: Sendable, Equatable, Codable {
    package var name: String
    package var system: String
    package var processor: String
    package var cores: Int
    package var bootID: String

    package init(name: String, system: String, processor: String, cores: Int, bootID: String) {
        self.name = name
        self.system = system
        self.processor = processor
        self.cores = cores
        self.bootID = bootID
    }
}

/// Everything about a run but its requests.
package struct RunDescription: Sendable, Equatable {
    /// 12 lower-case letters and digits, sortable by time.
    package var id: String
    package var scenarioName: String
    /// The scenario as it was read, or as the command line implied it.
    package var scenarioText: String
    /// The `--set` overrides, in order.
    package var overrides: [String]
    /// Identifies what was asked for: equal for equal resolved scenarios.
    package var scenarioHash: String
    package var seed: UInt64
    package var toolVersion: String
    package var libraryVersions: String
    package var host: HostDescription
    package var clockSource: ClockSource
    /// Why the clock source is not the kernel, where it is not.
    package var clockSourceReason: String?
    /// The most by which a kernel stamp is late for a segment that was alone.
    package var stampFloor: Nanoseconds
    /// Nanoseconds since 1970; a label.
    package var startedWallClock: Int64
    package var started: Instant
    package var ended: Instant?
    package var status: RunStatus
    package var load: LoadShape
    package var amount: LoadAmount
    package var isInterleaved: Bool
    package var maxErrorRate: Double
    package var objectives: [RequestLimit]
    package var budgets: [Budget]
    package var tags: [String]
    package var targets: [TargetRun]
    /// Targets left out, with the reason.
    package var skipped: [String: String]
    /// What its pairs of requests were to find out; nil where it has none.
    package var pairedDesign: PairedDesign?
    /// What each measuring thread took of its core; empty until the run has ended.
    package var measuringThreads: [ThreadUse] = []
    /// Who reads the answers; nil where nobody was asked about.
    package var reader: ReaderProfile?
    /// Where a server told of itself during the run; nil where none was asked.
    package var serverMetrics: ServerMetricsPlan?
    /// Names the tokenizer that counted, as `o200k.tiktoken (o200k_base)`; nil where none did.
    package var tokenizer: String?
    /// The most that the run was to cost; nil where nobody said.
    package var maxCost: Double?
    /// Whether it ended early since the next request could have cost more than was left of that.
    package var reachedMaxCost = false
    /// The tool that measured the run; nil for runs of our own.
    package var importedFrom: ImportSource?

    package init(
        id: String, scenarioName: String, scenarioText: String, overrides: [String] = [], scenarioHash: String,
        seed: UInt64, toolVersion: String, libraryVersions: String, host: HostDescription, clockSource: ClockSource,
        clockSourceReason: String? = nil, stampFloor: Nanoseconds, startedWallClock: Int64, started: Instant,
        ended: Instant? = nil, status: RunStatus = .unfinished, load: LoadShape, amount: LoadAmount,
        isInterleaved: Bool, maxErrorRate: Double = 0.1, objectives: [RequestLimit] = [], budgets: [Budget] = [],
        tags: [String] = [], targets: [TargetRun], skipped: [String: String] = [:],
        pairedDesign: PairedDesign? = nil, reader: ReaderProfile? = nil, importedFrom: ImportSource? = nil
    ) {
        self.id = id
        self.scenarioName = scenarioName
        self.scenarioText = scenarioText
        self.overrides = overrides
        self.scenarioHash = scenarioHash
        self.seed = seed
        self.toolVersion = toolVersion
        self.libraryVersions = libraryVersions
        self.host = host
        self.clockSource = clockSource
        self.clockSourceReason = clockSourceReason
        self.stampFloor = stampFloor
        self.startedWallClock = startedWallClock
        self.started = started
        self.ended = ended
        self.status = status
        self.load = load
        self.amount = amount
        self.isInterleaved = isInterleaved
        self.maxErrorRate = maxErrorRate
        self.objectives = objectives
        self.budgets = budgets
        self.tags = tags
        self.targets = targets
        self.skipped = skipped
        self.pairedDesign = pairedDesign
        self.reader = reader
        self.importedFrom = importedFrom
    }
}

/// A target's part in a run.
package struct TargetRun: Sendable, Equatable {
    package var name: String
    package var api: String
    package var model: String
    package var baseURL: String
    package var httpVersion: Target.HTTPVersion
    package var connections: Target.Connections
    package var isSimulated: Bool
    /// Whether its answers were asked for as streams.
    package var streams: Bool
    /// The target that got the same prompts and streams what this one answers in one piece; nil for all others.
    package var wholeOf: String?
    /// The target that it is another path to, through a relay or a proxy; nil for all others.
    package var relayOf: String?
    /// No more connections at a time than these, each with one request, as browsers have it; nil is as many as needed.
    package var maxConnections: Int?
    /// What its tokens cost; nil where nobody said.
    package var price: TokenPrice?
    /// When the measured phase was planned to end; nil where a number of requests ends it.
    package var plannedEnd: Instant?
    /// When the measured phase began to be offered; nil before that.
    package var phaseStart: Instant?

    package init(
        name: String, api: String, model: String, baseURL: String, httpVersion: Target.HTTPVersion = .one,
        connections: Target.Connections = .reuse, isSimulated: Bool = false, streams: Bool = true,
        wholeOf: String? = nil, relayOf: String? = nil, maxConnections: Int? = nil, plannedEnd: Instant? = nil,
        phaseStart: Instant? = nil, price: TokenPrice? = nil
    ) {
        self.name = name
        self.api = api
        self.model = model
        self.baseURL = baseURL
        self.httpVersion = httpVersion
        self.connections = connections
        self.isSimulated = isSimulated
        self.streams = streams
        self.wholeOf = wholeOf
        self.relayOf = relayOf
        self.maxConnections = maxConnections
        self.plannedEnd = plannedEnd
        self.phaseStart = phaseStart
        self.price = price
    }
}
