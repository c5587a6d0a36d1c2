import Timeline

/// A row of server_metrics.csv: one gauge of one answer.
struct ServerRow {
    var run: RunDescription
    var sample: ServerSample
    var gauge: String
    var value: Double?
}

/// The columns of server_metrics.csv.
enum ServerColumns {
    static let all: [CSVColumn<ServerRow>] = [
        CSVColumn("run_id", .string, "The run.") { $1.text($0.run.id) },
        CSVColumn("asked_offset_ms", .number, unit: "ms", "From the run's start to the question.") {
            $1.milliseconds($0.sample.asked - $0.run.started)
        },
        CSVColumn(
            "answered_offset_ms", .number, unit: "ms",
            "From the run's start to the answer; the value held at some instant between the two."
        ) { $1.milliseconds($0.sample.answered - $0.run.started) },
        CSVColumn("gauge", .string, "The metric, as the scenario names it.") { $1.text($0.gauge) },
        CSVColumn("value", .number, "Its value; empty where the server did not tell it.") { $1.number($0.value) },
        CSVColumn("failure", .string, "Why there is no answer; empty where there is one.") {
            $1.text($0.sample.failure)
        },
    ]
}
