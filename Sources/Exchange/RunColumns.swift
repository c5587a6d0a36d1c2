import Timeline

/// A row of runs.csv: one target of one run.
struct RunRow {
    var run: RunDescription
    var target: TargetRun
    var window: ExportedWindow?

    func offset(of instant: Instant?) -> Nanoseconds? { instant.map { $0 - run.started } }
}

/// The columns of runs.csv.
enum RunColumns {
    static let all = identity + load + host

    private static let identity: [CSVColumn<RunRow>] = [
        CSVColumn("run_id", .string, "The run; key with target.") { $1.text($0.run.id) },
        CSVColumn("target", .string, "The target's name in the scenario.") { $1.text($0.target.name) },
        CSVColumn("api", .string, "The API dialect.") { $1.text($0.target.api) },
        CSVColumn("model", .string, "The model that was asked for.") { $1.text($0.target.model) },
        CSVColumn("base_url", .string, "Where the requests went.") { $1.text($0.target.baseURL) },
        CSVColumn("http_version", .string, "As asked for.") { $1.text($0.target.httpVersion.rawValue) },
        CSVColumn("connections", .string, "reuse or fresh.") { $1.text($0.target.connections.rawValue) },
        CSVColumn("simulated", .boolean, "Whether the target was the embedded simulator.") {
            $1.boolean($0.target.isSimulated)
        },
        CSVColumn("relay_of", .string, "The target that this one is another path to; empty for all others.") {
            $1.text($0.target.relayOf ?? "")
        },
        CSVColumn("scenario", .string, "The scenario's name.") { $1.text($0.run.scenarioName) },
        CSVColumn("scenario_hash", .string, "Equal for equal resolved scenarios.") { $1.text($0.run.scenarioHash) },
        CSVColumn("seed", .integer, "The seed of the plan.") { $1.integer($0.run.seed) },
        CSVColumn("status", .string, "unfinished, finished or interrupted.") { $1.text($0.run.status.rawValue) },
        CSVColumn("tags", .string, "Separated by spaces.") { $1.text($0.run.tags.joined(separator: " ")) },
        CSVColumn("started_at_utc", .datetime, "By the wall clock; a label.") {
            $1.text(UTCTimestamp(nanosecondsSince1970: $0.run.startedWallClock).iso8601InMicroseconds)
        },
        CSVColumn("started_monotonic_ns", .integer, unit: "ns", "By CLOCK_MONOTONIC of the boot boot_id.") {
            $1.integer(Int($0.run.started.nanoseconds))
        },
        CSVColumn("boot_id", .string, "The boot of the machine that measured.") { $1.text($0.run.host.bootID) },
        CSVColumn("window_start_ms", .number, unit: "ms", "From the run's start; throughput counts from here on.") {
            $1.milliseconds($0.offset(of: $0.window?.start))
        },
        CSVColumn("window_end_ms", .number, unit: "ms", "From the run's start; throughput counts until here.") {
            $1.milliseconds($0.offset(of: $0.window?.end))
        },
    ]

    private static let load: [CSVColumn<RunRow>] = [
        CSVColumn("load", .string, "closed or open.") { row, cell in
            if case .closed = row.run.load { cell.text("closed") } else { cell.text("open") }
        },
        CSVColumn("concurrency", .integer, "Streams at a time, in a closed loop.") { row, cell in
            if case .closed(let concurrency) = row.run.load { cell.integer(concurrency) } else { cell.empty() }
        },
        CSVColumn("rate", .number, unit: "req/s", "Requests per second, in an open loop.") { row, cell in
            if case .open(let rate, _) = row.run.load { cell.number(rate) } else { cell.empty() }
        },
        CSVColumn("arrivals", .string, "constant or poisson, in an open loop.") { row, cell in
            if case .open(_, let arrivals) = row.run.load { cell.text(arrivals.rawValue) } else { cell.empty() }
        },
        CSVColumn("requests", .integer, "Measured requests asked for.") { row, cell in
            if case .requests(let count) = row.run.amount { cell.integer(count) } else { cell.empty() }
        },
        CSVColumn("duration_ms", .number, unit: "ms", "Measured time asked for.") { row, cell in
            if case .duration(let length) = row.run.amount { cell.milliseconds(length) } else { cell.empty() }
        },
        CSVColumn("interleaved", .boolean, "Whether the targets took turns.") { $1.boolean($0.run.isInterleaved) },
    ]

    private static let host: [CSVColumn<RunRow>] = [
        CSVColumn("clock_source", .string, "kernel or read.") { $1.text($0.run.clockSource.rawValue) },
        CSVColumn("measuring_threads", .integer, "Threads that sent and stamped; empty where unknown.") {
            $1.integer($0.run.measuringThreads.isEmpty ? nil : $0.run.measuringThreads.count)
        },
        CSVColumn(
            "measuring_thread_share_max", .number, "The largest share of a core that one of them took; 1 is its limit."
        ) { $1.number($0.run.measuringThreads.map(\.share).max()) },
        CSVColumn("stamp_floor_ms", .number, unit: "ms", "The most by which a kernel stamp is late.") {
            $1.milliseconds($0.run.stampFloor)
        },
        CSVColumn("tool_version", .string, "The version of ttft.") { $1.text($0.run.toolVersion) },
        CSVColumn("library_versions", .string, "The versions of its libraries.") { $1.text($0.run.libraryVersions) },
        CSVColumn("host", .string, "The machine that measured.") { $1.text($0.run.host.name) },
        CSVColumn("system", .string, "Its operating system.") { $1.text($0.run.host.system) },
        CSVColumn("processor", .string, "Its processor.") { $1.text($0.run.host.processor) },
        CSVColumn("cores", .integer, "Its cores.") { $1.integer($0.run.host.cores) },
    ]
}
