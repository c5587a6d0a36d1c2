import Exchange
import Metrics
import Timeline

/// Hands what the metrics stage computes of a request to the stage that writes it.
struct ExportedMetrics {
    let run: RunDescription

    static let columns: [MetricColumn] = StreamMetrics.exportColumnNames.map { name in
        let unit = unit(of: name)
        let metric = MetricCatalogue.named(metricName(of: name))
        return MetricColumn(
            name: name, type: type(of: name), unit: unit,
            description: descriptions[name] ?? metric?.definition ?? name.split(separator: "_").joined(separator: " "))
    }

    /// Of columns whose names are no metrics'.
    private static let descriptions = [
        "time_to_fields_ms":
            "A JSON object: for each field of the answer's outermost object the time from sending until it "
            + "had its whole value, the metric time_to_field.NAME.",
        "complete_tool_call_count": "Tool calls whose arguments ended as one JSON text; whole_tool_calls is the share.",
    ]

    static func windows(of summary: RunSummary) -> [String: ExportedWindow] {
        Dictionary(
            summary.targets.map { ($0.target.name, ExportedWindow(start: $0.windowStart, end: $0.windowEnd)) },
            uniquingKeysWith: { first, _ in first })
    }

    func metrics(of record: StreamRecord) -> RecordMetrics {
        let price = run.targets.first { $0.name == record.target }?.price
        let metrics = StreamMetrics(record, objectives: run.objectives, reader: run.reader, price: price)
        var tokens = [Int?](repeating: nil, count: record.events.count)
        var gaps = [Nanoseconds?](repeating: nil, count: record.events.count)
        for event in metrics.eventMetrics where tokens.indices.contains(event.eventIndex) {
            tokens[event.eventIndex] = event.tokens
            gaps[event.eventIndex] = event.interChunkLatency.map { Nanoseconds(milliseconds: $0) }
        }
        return RecordMetrics(
            cells: metrics.exportColumns.map { $0.value.map(MetricCell.init) }, eventTokens: tokens, eventGaps: gaps)
    }

    private static func unit(of column: String) -> String? {
        if column.hasSuffix("_ms") { return "ms" }
        return column.hasSuffix("_tps") ? "tokens/s" : nil
    }

    private static func metricName(of column: String) -> String {
        for suffix in ["_ms", "_tps"] where column.hasSuffix(suffix) { return String(column.dropLast(suffix.count)) }
        return column
    }

    private static func type(of column: String) -> FieldType {
        switch column {
        case "token_source", "token_basis", "time_to_fields_ms": .string
        case "hidden_reasoning", "slo_ok", "json_valid": .boolean
        case _ where column.hasSuffix("_tokens") || column.hasSuffix("_count") || column.hasPrefix("content_"): .integer
        default: .number
        }
    }
}

extension MetricCell {
    init(_ value: ExportValue) {
        switch value {
        case .number(let number): self = .number(number)
        case .integer(let integer): self = .integer(integer)
        case .text(let text): self = .text(text)
        case .flag(let flag): self = .boolean(flag)
        }
    }
}
