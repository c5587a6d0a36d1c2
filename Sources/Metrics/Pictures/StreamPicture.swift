package import Timeline

/// One stream from its planned instant to its end, to be drawn and played again; times are in milliseconds after `sent`.
package struct StreamPicture: Sendable, Equatable {
    /// A content event.
    package struct Chunk: Sendable, Equatable {
        package var offset: Double
        package var tokens: Int
        package var kind: StreamEvent.Kind
        /// Whether one read brought it with the chunk before, so that the gap between them is unknown.
        package var isTogether: Bool
        /// The content, where it was stored.
        package var text: String?

        package init(offset: Double, tokens: Int, kind: StreamEvent.Kind, isTogether: Bool, text: String?) {
            self.offset = offset
            self.tokens = tokens
            self.kind = kind
            self.isTogether = isTogether
            self.text = text
        }
    }

    package enum Phase: String, Sendable, CaseIterable {
        /// From planned to dispatched.
        case queue
        /// From dispatched to sent: name, TCP, TLS.
        case connection
        /// From sent to the response's first byte.
        case firstByte = "first byte"
        /// From the first byte to the first content.
        case firstToken = "first token"
        /// From the first to the last content.
        case stream
        /// From the last content to the end.
        case end
    }

    package struct Span: Sendable, Equatable {
        package var phase: Phase
        package var range: ClosedRange<Double>

        package init(phase: Phase, range: ClosedRange<Double>) {
            self.phase = phase
            self.range = range
        }
    }

    package var choices: [StreamChoice]
    package var key: AttemptKey
    package var outcome: StreamOutcome
    /// The phases that took place, in their order; one may be of no length.
    package var spans: [Span]
    package var chunks: [Chunk]
    /// The gaps that are stalls by the metric `stall_count`.
    package var stalls: [ClosedRange<Double>]
    package var timeToFirstToken: Double?
    package var endToEnd: Double?
    /// When nothing more came: the end, or the last that is known of a stream that broke.
    package var end: Double

    package init(
        choices: [StreamChoice], key: AttemptKey, outcome: StreamOutcome, spans: [Span], chunks: [Chunk],
        stalls: [ClosedRange<Double>], timeToFirstToken: Double?, endToEnd: Double?, end: Double
    ) {
        self.choices = choices
        self.key = key
        self.outcome = outcome
        self.spans = spans
        self.chunks = chunks
        self.stalls = stalls
        self.timeToFirstToken = timeToFirstToken
        self.endToEnd = endToEnd
        self.end = end
    }

    /// Draws a record with its events; nil where it was never sent.
    package init?(_ record: StreamRecord, choices: [StreamChoice]) {
        guard let sent = record.sent else { return nil }
        let stream = StreamMetrics(record)
        let offset = { (instant: Instant) in (instant - sent).milliseconds }
        let end = stream.end ?? record.closed ?? record.events.last?.arrival ?? sent
        self.init(
            choices: choices, key: AttemptKey(record), outcome: record.outcome,
            spans: Self.spans(of: stream, end: end, offset: offset), chunks: Self.chunks(of: stream, offset: offset),
            stalls: stream.stalls.map { offset($0.from)...offset($0.to) },
            timeToFirstToken: stream.timeToFirstToken, endToEnd: stream.endToEnd, end: offset(end))
    }

    private static func spans(of stream: StreamMetrics, end: Instant, offset: (Instant) -> Double) -> [Span] {
        let record = stream.record
        let steps: [(Phase, Instant?)] = [
            (.queue, record.dispatched), (.connection, record.sent), (.firstByte, record.firstByte),
            (.firstToken, stream.reads.first?.arrival), (.stream, stream.reads.last?.arrival), (.end, end),
        ]
        // Waiting for a retry is no queue of ours.
        var start = record.retryWait?.due ?? record.planned
        return steps.compactMap { phase, instant in
            guard let instant, instant >= start else { return nil }
            defer { start = instant }
            return Span(phase: phase, range: offset(start)...offset(instant))
        }
    }

    private static func chunks(of stream: StreamMetrics, offset: (Instant) -> Double) -> [Chunk] {
        let firsts = Set(stream.reads.map(\.events.lowerBound))
        return zip(stream.contentEvents, stream.tokens.perEvent).enumerated().map { position, chunk in
            Chunk(
                offset: offset(chunk.0.arrival), tokens: chunk.1, kind: chunk.0.kind,
                isTogether: !firsts.contains(position), text: chunk.0.text)
        }
    }
}

extension StreamMetrics {
    /// The instants between which the stream stood still, by the metric `stall_count`.
    fileprivate var stalls: [(from: Instant, to: Instant)] {
        guard record.hasEveryEvent, let limit = stallLimit else { return [] }
        return zip(reads, reads.dropFirst()).filter { ($1.arrival - $0.arrival).milliseconds > limit }
            .map { (from: $0.arrival, to: $1.arrival) }
    }
}
