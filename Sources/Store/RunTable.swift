import Timeline

/// The table `runs`: which columns hold a run's description, and how it becomes a row and back.
struct RunTable {
    /// In the order in which `bind` and `run` go through them.
    private static let columns = [
        "id", "scenario_name", "scenario_text", "overrides", "scenario_hash", "seed", "tool_version",
        "library_versions", "host_name", "host_system", "host_processor", "host_cores", "boot_id", "clock_source",
        "clock_source_reason", "stamp_floor_ns", "started_wall_clock_ns", "started_monotonic_ns", "ended_ns",
        "status", "concurrency", "rate", "arrivals", "amount_requests", "amount_duration_ns", "is_interleaved",
        "max_error_rate", "objectives", "budgets", "tags", "skipped",
        "measuring_threads", "reader", "imported_from", "server_metrics", "tokenizer", "max_cost", "reached_max_cost",
    ]

    static let insertion =
        "INSERT INTO runs (\(columns.joined(separator: ", "))) VALUES (?"
        + String(repeating: ", ?", count: columns.count - 1) + ")"

    /// Gives all runs, the newest first.
    static let selection =
        "SELECT \(columns.joined(separator: ", ")) FROM runs ORDER BY started_wall_clock_ns DESC, id DESC"

    static func bind(_ run: RunDescription, to statement: Statement) {
        bindScenario(run, to: statement)
        bindCircumstances(run, to: statement)
        bindLoad(run, to: statement)
        statement.bind(run.isInterleaved)
        statement.bind(run.maxErrorRate)
        statement.bind(JSONValue(objectives: run.objectives).text)
        statement.bind(JSONValue(budgets: run.budgets).text)
        statement.bind(JSONValue(texts: run.tags).text)
        let skipped = run.skipped.sorted { $0.key < $1.key }
        statement.bind(JSONValue.object(skipped.map { JSONValue.Member($0.key, .string($0.value)) }).text)
        statement.bind(text(of: run.measuringThreads))
        statement.bind(run.reader?.json.text)
        statement.bind(run.importedFrom.map { JSONValue(source: $0).text })
        statement.bind(run.serverMetrics.map { ServerSampleTable.text(of: $0) })
        statement.bind(run.tokenizer)
        statement.bind(run.maxCost)
        statement.bind(run.reachedMaxCost)
    }

    /// What the threads took, as the column holds it; nil where nothing is known.
    static func text(of threads: [ThreadUse]) -> String? {
        guard !threads.isEmpty else { return nil }
        return JSONValue.array(
            threads.map {
                [
                    "processor_time_ns": .integer(Int($0.processorTime.count)),
                    "lifetime_ns": .integer(Int($0.lifetime.count)),
                ]
            }
        ).text
    }

    private static func bindScenario(_ run: RunDescription, to statement: Statement) {
        statement.bind(run.id)
        statement.bind(run.scenarioName)
        statement.bind(SecretFreeText.withoutUserInformation(run.scenarioText))
        statement.bind(JSONValue(texts: run.overrides.map { SecretFreeText.withoutUserInformation($0) }).text)
        statement.bind(run.scenarioHash)
        statement.bind(String(run.seed))
        statement.bind(run.toolVersion)
        statement.bind(run.libraryVersions)
    }

    private static func bindCircumstances(_ run: RunDescription, to statement: Statement) {
        statement.bind(run.host.name)
        statement.bind(run.host.system)
        statement.bind(run.host.processor)
        statement.bind(run.host.cores)
        statement.bind(run.host.bootID)
        statement.bind(run.clockSource.rawValue)
        statement.bind(run.clockSourceReason)
        statement.bind(run.stampFloor.count)
        statement.bind(run.startedWallClock)
        statement.bind(run.started.nanoseconds)
        statement.bind(run.ended.map { $0.offset(from: run.started) })
        statement.bind(run.status.rawValue)
    }

    private static func bindLoad(_ run: RunDescription, to statement: Statement) {
        switch run.load {
        case .closed(let concurrency):
            statement.bind(concurrency)
            statement.bind(Double?.none)
            statement.bind(String?.none)
        case .open(let rate, let arrivals):
            statement.bind(Int?.none)
            statement.bind(rate)
            statement.bind(arrivals.rawValue)
        }
        switch run.amount {
        case .requests(let count):
            statement.bind(count)
            statement.bind(Int?.none)
        case .duration(let length):
            statement.bind(Int?.none)
            statement.bind(length.count)
        }
    }
}

extension JSONValue {
    fileprivate init(source: ImportSource) {
        self = ["tool": .string(source.tool), "tells_starts": .bool(source.tellsStarts)]
    }

    fileprivate init(objectives: [RequestLimit]) {
        self = .array(objectives.map { ["metric": .string($0.metric), "limit": .number($0.limit)] })
    }

    fileprivate init(budgets: [Budget]) {
        self = .array(
            budgets.map { budget in
                [
                    "metric": .string(budget.metric), "statistic": budget.statistic.map { .string($0) } ?? .null,
                    "comparison": .string(budget.comparison.rawValue), "limit": .number(budget.limit),
                ]
            })
    }
}
