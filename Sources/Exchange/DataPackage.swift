import Timeline

/// datapackage.json: what every column of the exported files means, as a Frictionless Data Package.
enum DataPackage {
    /// The columns of summary.csv, which another stage writes.
    private static let summary: [CSVColumn<Void>] = [
        text("run_id", "The run."), text("target", "The target's name in the scenario."),
        text("model", "The model that was asked for."), text("metric", "Its name, as 'ttft explain' takes it."),
        text("unit", "The unit of value, ci_low and ci_high."), text("stat", "Such as p95, mean or value."),
        number("value", "The figure."), number("ci_low", "The lower end of its interval."),
        number("ci_high", "The upper end of its interval."), number("ci_level", "Such as 0.95."),
        CSVColumn("n", .integer, "The number of requests behind the figure.") { _, _ in },
        text("method", "How the interval was made."), text("dialect", "Whose definition of the metric."),
    ]

    static func text(metrics: [MetricColumn], hasServerMetrics: Bool = false) -> String {
        let server =
            hasServerMetrics
            ? [
                resource(
                    "server_metrics", ServerColumns.all, key: ["run_id", "asked_offset_ms", "gauge"], references: [])
            ] : []
        let package: JSONValue = [
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            "name": "ttft-export",
            "description": .string(
                "Times are decimal milliseconds of integer nanoseconds. Read them as integers (the digits without the "
                    + "point) before they are compared or subtracted: which requests count towards a throughput "
                    + "depends on whether an instant lies within the window, where a binary fraction may err."),
            "resources": .array(
                [
                    resource(
                        "requests", RequestColumns.all(metrics: metrics), key: ["run_id", "request_index", "attempt"],
                        references: []),
                    resource(
                        "events", EventColumns.all, key: ["run_id", "request_index", "attempt", "event_index"],
                        references: [("requests", ["run_id", "request_index", "attempt"])]),
                    resource("runs", RunColumns.all, key: ["run_id", "target"], references: []),
                    resource("summary", summary, key: [], references: [("runs", ["run_id", "target"])]),
                ] + server),
        ]
        return package.indentedText + "\n"
    }

    private static func resource<Row>(
        _ name: String, _ columns: [CSVColumn<Row>], key: [String], references: [(resource: String, key: [String])]
    ) -> JSONValue {
        let fields = columns.map { column -> JSONValue in
            var field: JSONValue = ["name": .string(column.name), "type": .string(column.type.rawValue)]
            if let unit = column.unit { field.merge("unit", .string(unit)) }
            field.merge("description", .string(column.description))
            return field
        }
        var schema: JSONValue = ["fields": .array(fields), "missingValues": [""]]
        if !key.isEmpty { schema.merge("primaryKey", .array(key.map { .string($0) })) }
        if !references.isEmpty {
            let keys = references.map { reference -> JSONValue in
                let fields = JSONValue.array(reference.key.map { .string($0) })
                return [
                    "fields": fields, "reference": ["resource": .string(reference.resource), "fields": fields],
                ]
            }
            schema.merge("foreignKeys", .array(keys))
        }
        return [
            "name": .string(name), "path": .string("\(name).csv"), "format": "csv", "mediatype": "text/csv",
            "encoding": "utf-8", "schema": schema,
        ]
    }

    private static func text(_ name: String, _ description: String) -> CSVColumn<Void> {
        CSVColumn(name, .string, description) { _, _ in }
    }

    private static func number(_ name: String, _ description: String) -> CSVColumn<Void> {
        CSVColumn(name, .number, description) { _, _ in }
    }
}
