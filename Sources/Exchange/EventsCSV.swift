import FoundationEssentials
import Timeline

/// The rows of an events.csv by attempt.
struct EventsCSV {
    private static let required = [
        "run_id", "request_index", "attempt", "event_index", "kind", "offset_ms", "read_index",
    ]

    /// Arrivals and readings count from the attempt's `sent`.
    private let eventsByAttempt: [AttemptKey: [StreamEvent]]
    private(set) var runIDs: Set<String> = []

    /// Reads the file; nil where there is none.
    init?(besidePath path: String) throws(ExchangeError) {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        var table = try CSVTable(path: path, required: Self.required, file: "the events.csv of an export")
        var events: [AttemptKey: [StreamEvent]] = [:]
        while try table.next() {
            let key = AttemptKey(
                runID: try table.requiredText("run_id"), requestIndex: try table.requiredCount("request_index"),
                attempt: try table.requiredInteger("attempt", in: RequestsCSVReader.attempts))
            runIDs.insert(key.runID)
            let event = try Self.event(from: table)
            if let last = events[key]?.last, last.index >= event.index {
                throw table.problem(
                    "event_index", "found \(event.index) after \(last.index); events must come in their order")
            }
            if let last = events[key]?.last, last.arrival > event.arrival || last.readIndex > event.readIndex {
                throw table.problem(
                    last.arrival > event.arrival ? "offset_ms" : "read_index",
                    "it is less than that of the event before; an event comes no sooner than the one before it")
            }
            events[key, default: []].append(event)
        }
        eventsByAttempt = events
    }

    func events(of key: AttemptKey, sent: Instant?) throws(ExchangeError) -> [StreamEvent] {
        guard let sent else { return [] }
        return (eventsByAttempt[key] ?? []).map { event in
            var event = event
            event.arrival = sent + Nanoseconds(event.arrival.nanoseconds)
            event.reading = sent + Nanoseconds(event.reading.nanoseconds)
            return event
        }
    }

    private static func event(from table: CSVTable) throws(ExchangeError) -> StreamEvent {
        let arrival = Instant(nanoseconds: try table.requiredMilliseconds("offset_ms").count)
        let reading = try table.milliseconds("read_offset_ms").map { Instant(nanoseconds: $0.count) }
        return StreamEvent(
            index: try table.requiredCount("event_index"), readIndex: try table.requiredCount("read_index"),
            arrival: arrival, reading: reading ?? arrival,
            lateBound: try table.milliseconds("late_bound_ms") ?? .zero, kind: try table.value("kind"),
            tokens: try table.count("tokens"), characters: try table.count("chars") ?? 0,
            contentBytes: try table.count("bytes") ?? 0)
    }
}
