/// Where a server tells of itself during a run, and what is read there.
package struct ServerMetricsPlan: Sendable, Equatable, Codable {
    /// Metrics in Prometheus' text format, or the slots of a llama.cpp server.
    package var url: String
    /// Metrics by their selectors, the first of which says how many requests the server works on.
    package var gauges: [String]
    /// Between one question and the next.
    package var interval: Nanoseconds

    package init(url: String, gauges: [String], interval: Nanoseconds) {
        self.url = url
        self.gauges = gauges
        self.interval = interval
    }

    /// What is counted of a llama.cpp server's slots: those at work, and the tokens that all of them have made.
    package static let slotGauges = ["busy_slots", "decoded_tokens"]
}

/// What a server said of itself: the values held at some instant between the question and the answer.
package struct ServerSample: Sendable, Equatable {
    package var asked: Instant
    package var answered: Instant
    /// One for each gauge of the plan; nil where the server did not tell it.
    package var values: [Double?]
    /// Why there is no answer, where there is none.
    package var failure: String?

    package init(asked: Instant, answered: Instant, values: [Double?], failure: String? = nil) {
        self.asked = asked
        self.answered = answered
        self.values = values
        self.failure = failure
    }
}
