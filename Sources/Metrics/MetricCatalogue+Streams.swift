// How evenly text came, how much of it, and the metrics with one value a run.
extension MetricCatalogue {
    static let smoothness: [MetricDefinition] = [
        MetricDefinition(
            name: "stall_count", title: "Stalls", unit: .count,
            definition: "Gaps in which a stream stood still, measured by its own pace.",
            formula: "number of icl > max(250 ms, 5 * median icl of the request)"),
        MetricDefinition(
            name: "stall_time", title: "Stall time", unit: .milliseconds,
            definition: "What the stalls of a request took beyond the limit that makes them stalls.",
            formula: "sum of icl - max(250 ms, 5 * median icl) over stalls"),
        MetricDefinition(
            name: "stutter_index", title: "Stutter index", unit: .share,
            definition: "Share of the streaming time spent in gaps beyond 50 ms; 0 is a stream that flows.",
            formula: "sum of max(0, icl - 50 ms) / (T_last - T_1)"),
        MetricDefinition(
            name: "flow_share", title: "Flow share", unit: .share, isHigherBetter: true,
            definition: "Share of gaps too short to be seen on a screen.",
            formula: "number of icl <= 10 ms / number of icl"),
        MetricDefinition(
            name: "smooth_delay", title: "Smooth delay", unit: .milliseconds,
            definition: "Extra wait after the first token with which a player of 20 tokens/s never runs dry, as the "
                + "start-up buffer of a video.",
            formula: "max over reads of T_j - T_1 - tokens before read j * 50 ms"),
        MetricDefinition(
            name: "fluidity_index", title: "Fluidity index", unit: .share, isHigherBetter: true,
            definition: "Share of token deadlines met: the run's limit on ttft for the first token, 50 ms for each "
                + "further one. Early tokens lend their time to later ones. No value without a limit on ttft.",
            formula: "1 - missed / all deadlines; a late token misses floor((gap - slack) / 50 ms), the first one "
                + "1 + floor((ttft - limit) / 50 ms), and then the slack is 0",
            dialects: "Etalon (Agrawal et al. 2024), with the tokens of one read as one gap and zeros."),
        MetricDefinition(
            name: "stream_gain", title: "Streaming gain", unit: .share, isHigherBetter: true,
            definition: "Share of the wait for the whole answer that streaming takes away.",
            formula: "1 - ttfat / e2e"),
        MetricDefinition(
            name: "reader_gain", title: "Reader gain", unit: .milliseconds, isHigherBetter: true,
            definition:
                "How much earlier one who reads along at 5.3 tokens/s has read all than one who waits for the end.",
            formula: "e2e + N / r - max over reads of (T_j - sent + (N - tokens before read j) / r)"),
    ]

    static let volume: [MetricDefinition] = [
        MetricDefinition(
            name: "tokens_per_event", title: "Tokens/event", unit: .tokens,
            definition:
                "Output tokens per content event: above 1 with speculative decoding and with servers that batch.",
            formula: "N / number of content events"),
        MetricDefinition(
            name: "burst_share", title: "Burst share", unit: .share,
            definition:
                "Share of content events after the first that came in one read with the one before, or less than "
                + "1 ms after it.",
            formula: "number of such events / (content events - 1)"),
        MetricDefinition(
            name: "output_tokens", title: "Output tokens", unit: .tokens,
            definition:
                "Tokens that were streamed: the server's count without reasoning that was never shown, else its "
                + "counts per event, else one per content event.",
            formula: "N"),
        MetricDefinition(
            name: "input_tokens", title: "Input tokens", unit: .tokens,
            definition: "Tokens of the prompt by the server's count, cached ones included.",
            formula: "usage"),
        MetricDefinition(
            name: "cached_tokens", title: "Cached tokens", unit: .tokens,
            definition: "Tokens of the prompt that the server took from a cache, by its count.", formula: "usage"),
    ]

    static let success = MetricDefinition(
        name: "success", title: "Success", unit: .share, isHigherBetter: true,
        definition: "Share of the measured requests whose last attempt is a complete stream.",
        formula: "complete / requests", isOnePerRun: true)

    static let perRun: [MetricDefinition] = [
        MetricDefinition(
            name: "output_throughput", title: "Output throughput", unit: .tokensPerSecond, isHigherBetter: true,
            definition: "Tokens of complete streams that arrived within the window, per second of the window.",
            formula: "tokens of content events with arrival <= window end / window; the window runs from the first "
                + "measured send to the last measured end, or to the planned end of the load",
            isOnePerRun: true,
            dialects: "vLLM bench and AIPerf: all tokens / time until the last one ended, drained requests included."),
        MetricDefinition(
            name: "request_throughput", title: "Request throughput", unit: .requestsPerSecond, isHigherBetter: true,
            definition: "Complete streams that ended within the window, per second of the window.",
            formula: "complete attempts with end <= window end / window", isOnePerRun: true),
        success,
        MetricDefinition(
            name: "goodput", title: "Goodput", unit: .share, isHigherBetter: true,
            definition:
                "Share of all measured requests that are complete and meet every limit of slo:; none without slo:. "
                + "A limit on tpot or output_speed is met where no token came after the first read. Limits on times "
                + "of a request that was tried again count from when it was due, so that retries buy no goodput.",
            formula: "good / requests", isOnePerRun: true,
            dialects: "vLLM bench and AIPerf call a rate goodput: goodput_rps."),
        MetricDefinition(
            name: "goodput_rps", title: "Goodput rate", unit: .requestsPerSecond, isHigherBetter: true,
            definition: "Good requests that ended within the window, per second of the window; none without slo:.",
            formula: "good requests with end <= window end / window", isOnePerRun: true),
    ]
}
