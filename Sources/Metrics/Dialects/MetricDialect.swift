/// The tools whose definitions of the same words can be computed from our events.
package enum MetricDialect: String, Sendable, CaseIterable {
    case vllm, aiperf, guidellm, llmperf

    /// The tool's name as its makers write it, with the version whose definitions were read.
    package var title: String {
        switch self {
        case .vllm: "vLLM bench serve 0.33"
        case .aiperf: "AIPerf 0.13"
        case .guidellm: "GuideLLM 0.8"
        case .llmperf: "LLMPerf"
        }
    }

    /// The statistics that the tool prints, with its names for them.
    package var statistics: [DialectStatistic] {
        switch self {
        case .vllm:
            [.mean("Mean"), .median("Median"), .deviation("Std"), .quantile("P90", 0.9), .quantile("P95", 0.95)]
                + [.quantile("P99", 0.99)]
        case .aiperf:
            [.mean("avg"), .least("min"), .greatest("max"), .quantile("p99", 0.99), .quantile("p90", 0.9)]
                + [.median("p50"), .deviation("std")]
        case .guidellm:
            [.mean("Mean"), .median("Mdn"), .deviation("Std"), .quantile("p95", 0.95)]
                + [.quantile("p99", 0.99)]
        case .llmperf:
            [.median("p50"), .quantile("p90", 0.9), .quantile("p95", 0.95), .quantile("p99", 0.99)]
                + [.mean("mean"), .least("min"), .greatest("max"), .deviation("stddev")]
        }
    }

    /// How its definitions differ from ours, in sentences.
    package var remarks: String {
        switch self {
        case .vllm:
            "TTFT, TPOT and E2EL count from the dispatch, with a new connection in them, to chunks with content. TPOT is "
                + "(E2EL - TTFT) / (output tokens - 1). ITL is the gap between chunks, whatever they carry, those of one read "
                + "included as 0. The duration ends with the last request, drained ones included."
        case .aiperf:
            "Everything counts from the dispatch, with a new connection in it. Inter Token Latency is one figure a request, "
                + "(latency - TTFT) / (tokens - those of the first chunk); Inter Chunk Latency holds all gaps, those of one "
                + "read included as 0. Request latency ends with the last chunk that has content."
        case .guidellm:
            "Times count from the send, without the connection. TPOT includes the wait for the first token: (last token - "
                + "start) / tokens; ITL does not. Both are weighted by tokens, and percentiles are steps of the distribution, "
                + "not interpolated. Request latency is in seconds."
        case .llmperf:
            "Times are in seconds and count from the dispatch. inter_token_latency_s is the sum of all gaps, the wait for the "
                + "first token included, by the output tokens; throughput is tokens by the whole request."
        }
    }
}

/// A statistic of a dialect's figure, by the name that the tool gives it.
package enum DialectStatistic: Sendable, Equatable {
    case mean(String)
    case median(String)
    case quantile(String, Double)
    case least(String)
    case greatest(String)
    case deviation(String)

    package var label: String {
        switch self {
        case .mean(let label), .median(let label), .quantile(let label, _), .least(let label), .greatest(let label),
            .deviation(let label):
            label
        }
    }
}
