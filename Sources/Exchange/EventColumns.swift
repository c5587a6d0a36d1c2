import Timeline

/// A row of events.csv.
struct EventRow {
    var runID: String
    var requestIndex: Int
    var attempt: Int
    var sent: Instant?
    var event: StreamEvent
    var tokens: Int?
    var gap: Nanoseconds?

    /// Offsets count from `sent`; nil where it never came.
    func offset(of instant: Instant) -> Nanoseconds? { sent.map { instant - $0 } }
}

/// The columns of events.csv.
enum EventColumns {
    static let all: [CSVColumn<EventRow>] = [
        CSVColumn("run_id", .string, "As in requests.csv.") { $1.text($0.runID) },
        CSVColumn("request_index", .integer, "As in requests.csv.") { $1.integer($0.requestIndex) },
        CSVColumn("attempt", .integer, "As in requests.csv.") { $1.integer($0.attempt) },
        CSVColumn("event_index", .integer, "Counts from 0 through all events of the attempt.") {
            $1.integer($0.event.index)
        },
        CSVColumn("kind", .string, "text, reasoning, tool or refusal; other kinds carry no content.") {
            $1.text($0.event.kind.rawValue)
        },
        CSVColumn("offset_ms", .number, unit: "ms", "From the first byte sent to the event's arrival.") {
            $1.milliseconds($0.offset(of: $0.event.arrival))
        },
        CSVColumn("read_index", .integer, "Events with one read index came together; no gap is known between them.") {
            $1.integer($0.event.readIndex)
        },
        CSVColumn("read_offset_ms", .number, unit: "ms", "From the first byte sent until the event had been read.") {
            $1.milliseconds($0.offset(of: $0.event.reading))
        },
        CSVColumn("late_bound_ms", .number, unit: "ms", "The most by which offset_ms can be too large.") {
            $1.milliseconds($0.event.lateBound)
        },
        CSVColumn("icl_ms", .number, unit: "ms", "From the read before that completed content; empty within a read.") {
            $1.milliseconds($0.gap)
        },
        CSVColumn("tokens", .integer, unit: "tokens", "The tokens attributed to the event.") { $1.integer($0.tokens) },
        CSVColumn("chars", .integer, "Unicode scalars of content.") { $1.integer($0.event.characters) },
        CSVColumn("bytes", .integer, "Bytes of content in UTF-8.") { $1.integer($0.event.contentBytes) },
    ]
}
