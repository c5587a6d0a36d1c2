// What is known of requests that were cancelled on purpose; their values are over those alone.
extension MetricCatalogue {
    static let cancellation: [MetricDefinition] = [
        MetricDefinition(
            name: "cancelled", title: "Cancelled", unit: .count,
            definition: "Requests that the tool ended on purpose, as cancel: asks. They are no failures, and enter no "
                + "other figure: not success, not goodput, no latency.",
            formula: "number of such attempts; no value without one", isOnePerRun: true),
        MetricDefinition(
            name: "cancel_ttft", title: "TTFT, cancelled", unit: .milliseconds,
            definition: "TTFT of cancelled requests whose first content came before the cancellation. After a time, "
                + "only the faster ones got so far: that is why it stands apart from ttft.",
            formula: "arrival of the first content event - sent, over cancelled requests"),
        MetricDefinition(
            name: "cancel_time", title: "Cancelled after", unit: .milliseconds,
            definition: "Time from sending a request until the tool closed its connection on purpose.",
            formula: "cancelled - sent"),
        MetricDefinition(
            name: "cancel_tokens", title: "Tokens until then", unit: .tokens,
            definition: "Tokens that had come of a request when it was cancelled.",
            formula: "tokens of its content events"),
        MetricDefinition(
            name: "server_notice", title: "Server noticed", unit: .milliseconds,
            definition: "How long after the cancellation the server noticed it, by the server's own log.",
            formula: "noticed - cancelled"),
        MetricDefinition(
            name: "server_overrun", title: "Server overrun", unit: .milliseconds,
            definition: "How long the server went on working for a client that had left, by the server's own log.",
            formula: "stopped - cancelled"),
        MetricDefinition(
            name: "overrun_tokens", title: "Overrun tokens", unit: .tokens,
            definition: "Tokens that the server made after the cancellation, by its own log: what is paid for, and "
                + "what other requests wait for.",
            formula: "tokens sent after cancelled, and tokens made and not sent"),
    ]

    /// The metrics whose values come from cancelled requests, where those of all others come from complete ones.
    static let ofCancelled = Set(cancellation.map(\.name))
}
