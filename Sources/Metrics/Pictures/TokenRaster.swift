package import Timeline

/// When each of some streams brought its tokens: a row per stream, in the order in which they were sent.
package struct TokenRaster: Sendable, Equatable {
    package struct Row: Sendable, Equatable {
        package var key: AttemptKey
        package var outcome: OutcomeClass
        /// The reads that completed content, in milliseconds after `sent`.
        package var reads: [Double]
        /// The end of the stream; nil where it broke.
        package var end: Double?

        package init(key: AttemptKey, outcome: OutcomeClass, reads: [Double], end: Double?) {
            self.key = key
            self.outcome = outcome
            self.reads = reads
            self.end = end
        }
    }

    package var rows: [Row]
    /// The measured attempts with content, of which `rows` are some.
    package var total: Int

    package init(rows: [Row], total: Int) {
        self.rows = rows
        self.total = total
    }

    /// Takes at most so many of a target's measured attempts, evenly over the run.
    init(_ sample: TargetSample, limit: Int) {
        let streams = sample.measured.filter { !$0.reads.isEmpty && $0.record.sent != nil }.sorted {
            ($0.record.sent?.nanoseconds ?? 0, $0.record.requestIndex)
                < ($1.record.sent?.nanoseconds ?? 0, $1.record.requestIndex)
        }
        let count = min(limit, streams.count)
        rows = (0..<count).map { streams[$0 * streams.count / count] }.map { stream in
            Row(
                key: AttemptKey(stream.record), outcome: stream.record.outcome.outcomeClass,
                reads: stream.reads.compactMap { stream.milliseconds(from: stream.record.sent, to: $0.arrival) },
                end: stream.endToEnd)
        }
        total = streams.count
    }
}
