import Metrics
package import Timeline

/// What a page that watched a request is told of it at its end, with the arrivals that were measured.
package struct PlayedRequest: Sendable {
    private let stream: StreamMetrics

    /// Takes a record without secrets in it.
    package init(_ record: StreamRecord) { stream = StreamMetrics(record) }

    package var value: JSONValue {
        let record = stream.record
        let arrivals = stream.contentEvents.map { event -> JSONValue in
            .rounded(record.sent.map { (event.arrival - $0).milliseconds })
        }
        return [
            "outcome": .string(record.outcome.outcomeClass.rawValue), "is_complete": .bool(stream.isComplete),
            "detail": .optional(
                [record.outcome.detail, record.outcome.message].compactMap(\.self).joined(separator: ": ")),
            "ttft_ms": .rounded(stream.timeToFirstToken), "itl_p50_ms": .rounded(stream.medianInterTokenLatency),
            "tpot_ms": .rounded(stream.timePerOutputToken),
            "e2e_ms": .rounded(stream.endToEnd), "output_speed": .rounded(stream.outputSpeed),
            "tokens": .optional(stream.tokens.total), "arrivals_ms": .array(arrivals),
        ]
    }
}
