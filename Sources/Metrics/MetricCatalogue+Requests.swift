// The metrics with values per request or per gap.
extension MetricCatalogue {
    static let firstToken: [MetricDefinition] = [
        MetricDefinition(
            name: "ttft", title: "TTFT", unit: .milliseconds,
            definition: "Time from sending a request to the first content of any kind: answer, reasoning, tool call or "
                + "refusal. Empty and role-only deltas, pings and comments do not count.",
            formula: "arrival of the first content event - sent",
            dialects: "AIPerf, LLMPerf and inference-perf count the first non-empty text as well. vLLM bench counts "
                + "the first chunk. Tools that start the clock before the connection stands add DNS, TCP and TLS."),
        MetricDefinition(
            name: "ttft_sched", title: "TTFT (scheduled)", unit: .milliseconds,
            definition: "Time from when a request was due to its first content, so that a late generator cannot hide.",
            formula: "arrival of the first content event - planned",
            dialects: "wrk2 measures all latencies this way, against coordinated omission."),
        MetricDefinition(
            name: "ttfat", title: "TTFAT", unit: .milliseconds,
            definition: "Time from sending a request to the first part of the answer: text, tool call or refusal, not "
                + "reasoning.",
            formula: "arrival of the first answer event - sent",
            dialects: "AIPerf: time to first output token (TTFO). GuideLLM: time_to_first_output_token."),
        MetricDefinition(
            name: "think", title: "Thinking", unit: .milliseconds,
            definition: "Time spent on visible reasoning before the answer; 0 where no reasoning is streamed.",
            formula: "ttfat - ttft"),
        MetricDefinition(
            name: "ttfb", title: "TTFB", unit: .milliseconds,
            definition:
                "Time from sending a request to the first byte of the response, which says nothing of the model.",
            formula: "first response byte - sent"),
        MetricDefinition(
            name: "queue_delay", title: "Queue delay", unit: .milliseconds,
            definition: "How late the tool itself was in starting a request: its own lag, or its limit on connections.",
            formula: "dispatched - planned"),
        MetricDefinition(
            name: "dns", title: "DNS", unit: .milliseconds,
            definition: "Name lookup of a new connection; no value where a connection was used again.",
            formula: "end of name lookup - dispatched"),
        MetricDefinition(
            name: "connect", title: "TCP connect", unit: .milliseconds,
            definition: "TCP handshake of a new connection; no value where a connection was used again.",
            formula: "connected - end of name lookup"),
        MetricDefinition(
            name: "tls", title: "TLS", unit: .milliseconds,
            definition: "TLS handshake of a new connection; no value where a connection was used again.",
            formula: "secured - connected"),
    ]

    static let pace: [MetricDefinition] = [
        MetricDefinition(
            name: "tpot", title: "TPOT", unit: .millisecondsPerToken,
            definition: "Mean time per output token after those that came first, one value per request.",
            formula: "(T_last - T_1) / (N - W_1): arrivals of the last and the first read with content, tokens of the "
                + "stream, tokens of the first read; no value where N <= W_1",
            dialects: "vLLM bench and MLPerf: (latency - ttft) / (N - 1). AIPerf calls this ITL. GuideLLM's TPOT is "
                + "latency / N and so includes the TTFT. LLMPerf's ITL is latency / N."),
        MetricDefinition(
            name: "itl", title: "ITL", unit: .millisecondsPerToken,
            definition:
                "Inter-token latency: the time between two reads that brought tokens, shared evenly by the tokens "
                + "of the later one. Each token counts once, so that the mean over a request is its tpot.",
            formula:
                "(T_j - T_(j-1)) / W_j with weight W_j, over reads with content; a read without a token of its own "
                + "lends its time to the next token, after the last token to that one",
            dialects: "vLLM bench and SGLang call icl ITL. AIPerf's ITL is one mean per request: tpot. LLMPerf's "
                + "includes the TTFT. Tools that count tokens of one read as gaps of 0 report lower medians."),
        MetricDefinition(
            name: "icl", title: "ICL", unit: .milliseconds,
            definition:
                "Inter-chunk latency: the time between two reads that completed content. The gap between events "
                + "of one read is unknown, and is left out rather than called 0.",
            formula: "T_j - T_(j-1) over reads with content",
            dialects: "vLLM bench: ITL. AIPerf: inter chunk latency. OpenTelemetry: time_per_output_chunk."),
        MetricDefinition(
            name: "ttlt", title: "TTLT", unit: .milliseconds,
            definition: "Time from sending a request to its last content.",
            formula: "arrival of the last content event - sent"),
        MetricDefinition(
            name: "e2e", title: "E2E", unit: .milliseconds,
            definition: "Time from sending a request to the end of its stream, as the API defines the end.",
            formula: "terminal event - sent; in a complete stream without a terminal event: last event - sent",
            dialects:
                "vLLM bench: E2EL. AIPerf: request latency, to the last content. OpenTelemetry: operation.duration."),
        MetricDefinition(
            name: "output_speed", title: "Output speed", unit: .tokensPerSecond, isHigherBetter: true,
            definition: "Tokens per second of one stream after its first tokens.",
            formula: "1000 / tpot",
            dialects: "Artificial Analysis: output speed, with tokens of one encoding for all models. AIPerf: output "
                + "token throughput per user."),
        MetricDefinition(
            name: "e2e_speed", title: "E2E speed", unit: .tokensPerSecond, isHigherBetter: true,
            definition: "Tokens per second of one stream over its whole time, the wait for the first one included.",
            formula: "N / e2e",
            dialects: "LLMPerf: request output throughput."),
    ]
}
