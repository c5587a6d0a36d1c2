package import Timeline

// What a run must ask for, before metrics can have values.
extension MetricCatalogue {
    /// What a scenario must say for a metric to have a value, in words; nil where nothing special is needed.
    package static func need(of name: String) -> String? {
        needs[name] ?? (name.hasPrefix(fieldPrefix) ? "request: {response_format: {schema: …}}" : nil)
    }

    private static let needs: [String: String] = {
        var needs: [String: String] = [:]
        for (metrics, need) in [
            (relays, "a target with relay_of:, and answers without it to the same prompts"),
            (streaming, "request: {stream: both}"), (tools, "request: {tools: […]}"),
            (structure, "request: {response_format: {schema: …}}"), (cancellation, "cancel:"),
        ] {
            for metric in metrics { needs[metric.name] = need }
        }
        for name in ["server_notice", "server_overrun", "overrun_tokens"] {
            needs[name] = "cancel:, and simulate: in the target, since only the simulator's log tells"
        }
        needs["whole_tool_calls"] = "request: {tools: […]}"
        needs["invalid_json"] = "request: {response_format: {schema: …}}"
        needs["fluidity_index"] = "slo: with a limit on ttft"
        needs["goodput"] = "slo:"
        needs["goodput_rps"] = "slo:"
        return needs
    }()

    /// Whether a target of a run can have values of a metric at all: a direct target none of what a relay adds, and of the
    /// two ways to ask only the streamed one what streaming gains.
    package static func concerns(_ name: String, _ target: TargetRun, of run: RunDescription) -> Bool {
        if relayNames.contains(name) { return target.relayOf != nil }
        if pairNames.contains(name) { return run.targets.contains { $0.wholeOf == target.name } }
        return target.wholeOf == nil || !ofStreams.contains(name)
    }

    /// The metrics into which counts of tokens enter: where nobody counted them, they are estimates, and decide nothing.
    package static let perToken: Set<String> = [
        "tpot", "itl", "output_speed", "e2e_speed", "output_throughput", "output_tokens", "tokens_per_event",
        "time_to_tokens", "reading_end", "reader_gain", "smooth_delay", "fluidity_index", "relay_delay",
        "cancel_tokens",
    ]

    private static let relayNames = Set(relays.map(\.name))
    private static let pairNames = Set(streaming.map(\.name))
    /// What an answer in one piece has no value of.
    private static let ofStreams = Set(smoothness.map(\.name)).union([
        "tpot", "itl", "icl", "output_speed", "tokens_per_event", "burst_share",
    ])
}
