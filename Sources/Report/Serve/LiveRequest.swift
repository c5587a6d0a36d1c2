import Metrics
package import Timeline

/// One attempt of a run in progress, as a page is told of it.
package struct LiveRequest: Sendable {
    private let stream: StreamMetrics
    private let run: RunDescription

    package init(_ record: StreamRecord, run: RunDescription) {
        stream = StreamMetrics(record, objectives: run.objectives, keepsEvents: false)
        self.run = run
    }

    /// A server-sent event; JSON has no line end in it, so that one line of data holds it.
    package func event(id: Int) -> String { "id: \(id)\nevent: request\ndata: \(value.text)\n\n" }

    private var value: JSONValue {
        let record = stream.record
        return [
            "index": .integer(record.requestIndex), "attempt": .integer(record.attempt),
            "target": .string(record.target), "phase": .string(record.phase.rawValue),
            "outcome": .string(record.outcome.outcomeClass.rawValue), "is_complete": .bool(stream.isComplete),
            "start_offset_ms": .rounded(record.sent.map { ($0 - run.started).milliseconds }),
            "ttft_ms": .rounded(stream.timeToFirstToken), "e2e_ms": .rounded(stream.endToEnd),
            "output_speed": .rounded(stream.outputSpeed), "tokens": .optional(stream.tokens.total),
        ]
    }
}
