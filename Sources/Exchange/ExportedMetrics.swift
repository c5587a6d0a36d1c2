package import Timeline

/// A computed value in a cell of requests.csv.
package enum MetricCell: Sendable, Equatable {
    /// Written in milliseconds.
    case milliseconds(Nanoseconds)
    /// Written with six decimals.
    case number(Double)
    case integer(Int)
    case boolean(Bool)
    case text(String)
}

/// A column of requests.csv whose values others compute.
package struct MetricColumn: Sendable, Equatable {
    /// With its unit, such as `ttft_ms`.
    package var name: String
    package var type: FieldType
    /// Such as `ms`; nil where there is none.
    package var unit: String?
    package var description: String

    package init(name: String, type: FieldType = .number, unit: String? = nil, description: String) {
        self.name = name
        self.type = type
        self.unit = unit
        self.description = description
    }
}

/// What others computed of one record.
package struct RecordMetrics: Sendable, Equatable {
    /// One for each metric column; nil is an empty cell.
    package var cells: [MetricCell?]
    /// The tokens of each event of the record; nil where it carries none.
    package var eventTokens: [Int?]
    /// The gap before each event of the record, from the read before that completed content; nil where there is none.
    package var eventGaps: [Nanoseconds?]

    package init(cells: [MetricCell?], eventTokens: [Int?], eventGaps: [Nanoseconds?]) {
        self.cells = cells
        self.eventTokens = eventTokens
        self.eventGaps = eventGaps
    }
}

/// The time over which a target's throughput counts.
package struct ExportedWindow: Sendable, Equatable {
    package var start: Instant?
    package var end: Instant?

    package init(start: Instant?, end: Instant?) {
        self.start = start
        self.end = end
    }
}
