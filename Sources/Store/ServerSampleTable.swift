import Timeline

/// The table `server_samples`: what a server told of itself, as rows and back.
struct ServerSampleTable {
    private static let columns = "asked_ns, answered_ns, gauges, failure"

    static let insertion = "INSERT INTO server_samples (run_id, \(columns)) VALUES (?, ?, ?, ?, ?)"

    /// Takes a run's id and gives its samples in their order.
    static let selection = "SELECT \(columns) FROM server_samples WHERE run_id = ? ORDER BY asked_ns"

    static func bind(_ sample: ServerSample, runID: String, started: Instant, to statement: Statement) {
        statement.bind(runID)
        statement.bind(sample.asked.offset(from: started))
        statement.bind(sample.answered.offset(from: started))
        statement.bind(JSONValue.array(sample.values.map { $0.map(JSONValue.number) ?? .null }).text)
        statement.bind(sample.failure)
    }

    static func sample(from statement: Statement, run: RunDescription) throws(StoreError) -> ServerSample {
        let place = ValuePlace(path: statement.path, description: "run \(run.id), a server's sample")
        let asked = Instant(offset: statement.integer(), from: run.started)
        let answered = Instant(offset: statement.integer(), from: run.started)
        let values = try place.json(statement.string(), "gauges").arrayValue ?? []
        return ServerSample(
            asked: asked, answered: answered, values: values.map(\.doubleValue), failure: statement.optionalString())
    }

    /// The plan as the column `server_metrics` of the run holds it.
    static func text(of plan: ServerMetricsPlan) -> String {
        let value: JSONValue = [
            "url": .string(SecretFreeText.url(plan.url)), "gauges": JSONValue(texts: plan.gauges),
            "interval_ns": .integer(Int(plan.interval.count)),
        ]
        return value.text
    }

    static func plan(from text: String, at place: ValuePlace) throws(StoreError) -> ServerMetricsPlan {
        let json = try place.json(text, "server_metrics")
        guard let url = json["url"]?.stringValue, let interval = json["interval_ns"]?.integerValue else {
            throw place.unreadable("server_metrics", "expected url, gauges and interval_ns, found \(text.prefix(80))")
        }
        return ServerMetricsPlan(
            url: url, gauges: json["gauges"]?.texts ?? [], interval: Nanoseconds(Int64(interval)))
    }
}
