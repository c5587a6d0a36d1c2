import Timeline

/// The table `targets`: a target's part in a run as a row and back.
struct TargetTable {
    static let insertion = """
        INSERT INTO targets (run_id, name, position, api, model, base_url, http_version, connections, is_simulated,
            streams, whole_of, relay_of, max_connections, planned_end_ns, phase_start_ns, price)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    /// Takes the run's id and the target's name first, as the insertion does.
    static let update = """
        UPDATE targets SET api = ?3, model = ?4, base_url = ?5, http_version = ?6, connections = ?7,
            is_simulated = ?8, streams = ?9, whole_of = ?10, relay_of = ?11, max_connections = ?12, planned_end_ns = ?13,
            phase_start_ns = ?14, price = ?15 WHERE run_id = ?1 AND name = ?2
        """

    /// Takes a run's id and gives its targets in the order of the scenario.
    static let selection = """
        SELECT name, api, model, base_url, http_version, connections, is_simulated, streams, whole_of, relay_of,
            max_connections, planned_end_ns, phase_start_ns, price
        FROM targets WHERE run_id = ? ORDER BY position
        """

    /// Binds the values of an insertion, or of an update where the position is nil.
    static func bind(
        _ target: TargetRun, runID: String, position: Int?, started: Instant, to statement: Statement
    ) {
        statement.bind(runID)
        statement.bind(target.name)
        if let position { statement.bind(position) }
        statement.bind(target.api)
        statement.bind(target.model)
        statement.bind(SecretFreeText.url(target.baseURL))
        statement.bind(target.httpVersion.rawValue)
        statement.bind(target.connections.rawValue)
        statement.bind(target.isSimulated)
        statement.bind(target.streams)
        statement.bind(target.wholeOf)
        statement.bind(target.relayOf)
        statement.bind(target.maxConnections)
        statement.bind(target.plannedEnd.map { $0.offset(from: started) })
        statement.bind(target.phaseStart.map { $0.offset(from: started) })
        statement.bind(target.price.map { $0.json.text })
    }

    static func target(from statement: Statement, run: RunDescription) throws(StoreError) -> TargetRun {
        let name = statement.string()
        let place = ValuePlace(path: statement.path, description: "run \(run.id), target \(name)")
        var target = TargetRun(
            name: name, api: statement.string(), model: statement.string(), baseURL: statement.string(),
            httpVersion: try place.value(of: statement.string(), "http_version"),
            connections: try place.value(of: statement.string(), "connections"), isSimulated: statement.boolean(),
            streams: statement.boolean(), wholeOf: statement.optionalString(),
            relayOf: statement.optionalString(), maxConnections: statement.optionalInteger(),
            plannedEnd: statement.optionalInteger().map { Instant(offset: $0, from: run.started) },
            phaseStart: statement.optionalInteger().map { Instant(offset: $0, from: run.started) })
        if let text = statement.optionalString() {
            guard let price = TokenPrice(json: try place.json(text, "price")) else {
                throw place.unreadable("price", "expected input and output, found \(text.prefix(80))")
            }
            target.price = price
        }
        return target
    }
}

extension TokenPrice {
    fileprivate var json: JSONValue {
        [
            "input": .number(input), "cached_input": cachedInput.map { .number($0) } ?? .null,
            "output": .number(output),
        ]
    }

    fileprivate init?(json: JSONValue) {
        guard let input = json["input"]?.doubleValue, let output = json["output"]?.doubleValue else { return nil }
        self.init(input: input, cachedInput: json["cached_input"]?.doubleValue, output: output)
    }
}
