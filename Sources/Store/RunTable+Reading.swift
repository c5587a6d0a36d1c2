import Timeline

extension RunTable {
    /// Reads the description of the statement's current row, without its targets.
    static func run(from statement: Statement) throws(StoreError) -> RunDescription {
        let id = statement.string()
        let place = ValuePlace(path: statement.path, description: "run \(id)")
        let scenarioName = statement.string()
        let scenarioText = statement.string()
        let overrides = try place.json(statement.string(), "overrides").texts
        let scenarioHash = statement.string()
        let seedText = statement.string()
        guard let seed = UInt64(seedText) else { throw place.unreadable("seed", "found '\(seedText)', not a number") }
        let toolVersion = statement.string()
        let libraryVersions = statement.string()
        let host = HostDescription(
            name: statement.string(), system: statement.string(), processor: statement.string(),
            cores: statement.integer(), bootID: statement.string())
        let clockSource: ClockSource = try place.value(of: statement.string(), "clock_source")
        let clockSourceReason = statement.optionalString()
        let stampFloor = Nanoseconds(Int64(statement.integer()))
        let startedWallClock = Int64(statement.integer())
        let started = Instant(nanoseconds: Int64(statement.integer()))
        let ended = statement.optionalInteger().map { Instant(offset: $0, from: started) }
        var run = RunDescription(
            id: id, scenarioName: scenarioName, scenarioText: scenarioText, overrides: overrides,
            scenarioHash: scenarioHash, seed: seed, toolVersion: toolVersion, libraryVersions: libraryVersions,
            host: host, clockSource: clockSource, clockSourceReason: clockSourceReason, stampFloor: stampFloor,
            startedWallClock: startedWallClock, started: started, ended: ended,
            status: try place.value(of: statement.string(), "status"), load: try load(statement, at: place),
            amount: try amount(statement, at: place), isInterleaved: statement.boolean(),
            maxErrorRate: statement.real(),
            objectives: try objectives(try place.json(statement.string(), "objectives"), at: place),
            budgets: try budgets(try place.json(statement.string(), "budgets"), at: place),
            tags: try place.json(statement.string(), "tags").texts, targets: [],
            skipped: skipped(try place.json(statement.string(), "skipped")))
        if let text = statement.optionalString() {
            run.measuringThreads = try threads(try place.json(text, "measuring_threads"), at: place)
        }
        run.reader = try reader(statement.optionalString(), at: place)
        run.importedFrom = try source(statement.optionalString(), at: place)
        run.serverMetrics = try statement.optionalString().map { text throws(StoreError) in
            try ServerSampleTable.plan(from: text, at: place)
        }
        run.tokenizer = statement.optionalString()
        run.maxCost = statement.optionalReal()
        run.reachedMaxCost = statement.boolean()
        return run
    }

    private static func reader(_ text: String?, at place: ValuePlace) throws(StoreError) -> ReaderProfile? {
        guard let text else { return nil }
        guard let reader = ReaderProfile(json: try place.json(text, "reader")) else {
            throw place.unreadable("reader", "expected words, tokens and speed, found \(text.prefix(80))")
        }
        return reader
    }

    private static func source(_ text: String?, at place: ValuePlace) throws(StoreError) -> ImportSource? {
        guard let text else { return nil }
        let json = try place.json(text, "imported_from")
        guard let tool = json["tool"]?.stringValue else {
            throw place.unreadable("imported_from", "expected a tool, found \(json.text)")
        }
        return ImportSource(tool: tool, tellsStarts: json["tells_starts"] == .bool(true))
    }

    private static func threads(_ json: JSONValue, at place: ValuePlace) throws(StoreError) -> [ThreadUse] {
        var threads: [ThreadUse] = []
        for member in json.arrayValue ?? [] {
            guard let processorTime = member["processor_time_ns"]?.integerValue,
                let lifetime = member["lifetime_ns"]?.integerValue
            else { throw place.unreadable("measuring_threads", "expected two times, found \(member.text)") }
            threads.append(
                ThreadUse(
                    processorTime: Nanoseconds(Int64(processorTime)), lifetime: Nanoseconds(Int64(lifetime))))
        }
        return threads
    }

    private static func load(_ statement: Statement, at place: ValuePlace) throws(StoreError) -> LoadShape {
        let concurrency = statement.optionalInteger()
        let rate = statement.optionalReal()
        let arrivals = statement.optionalString()
        if let concurrency { return .closed(concurrency: concurrency) }
        guard let rate, let arrivals else { throw place.unreadable("concurrency", "neither a concurrency nor a rate") }
        return .open(rate: rate, arrivals: try place.value(of: arrivals, "arrivals"))
    }

    private static func amount(_ statement: Statement, at place: ValuePlace) throws(StoreError) -> LoadAmount {
        let requests = statement.optionalInteger()
        let duration = statement.optionalInteger()
        if let requests { return .requests(requests) }
        guard let duration else { throw place.unreadable("amount_requests", "neither a number nor a duration") }
        return .duration(Nanoseconds(Int64(duration)))
    }

    private static func objectives(_ json: JSONValue, at place: ValuePlace) throws(StoreError) -> [RequestLimit] {
        var objectives: [RequestLimit] = []
        for member in json.arrayValue ?? [] {
            guard let metric = member["metric"]?.stringValue, let limit = member["limit"]?.doubleValue else {
                throw place.unreadable("objectives", "expected a metric and a limit, found \(member.text)")
            }
            objectives.append(RequestLimit(metric: metric, limit: limit))
        }
        return objectives
    }

    private static func budgets(_ json: JSONValue, at place: ValuePlace) throws(StoreError) -> [Budget] {
        var budgets: [Budget] = []
        for member in json.arrayValue ?? [] {
            guard let metric = member["metric"]?.stringValue, let limit = member["limit"]?.doubleValue,
                let comparison = member["comparison"]?.stringValue.flatMap(Budget.Comparison.init)
            else {
                throw place.unreadable("budgets", "expected a metric, a comparison and a limit, found \(member.text)")
            }
            let statistic = member["statistic"]?.stringValue
            budgets.append(Budget(metric: metric, statistic: statistic, comparison: comparison, limit: limit))
        }
        return budgets
    }

    private static func skipped(_ json: JSONValue) -> [String: String] {
        guard case .object(let members) = json else { return [:] }
        return Dictionary(
            members.map { ($0.name, $0.value.stringValue ?? "") }, uniquingKeysWith: { first, _ in first })
    }
}
