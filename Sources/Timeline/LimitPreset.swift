/// Limits that a published benchmark sets, by a name of their own.
package struct LimitPreset: Sendable, Equatable {
    package var name: String
    /// Of the time to first token and of the time per output token, in milliseconds, at the 99th percentile.
    package var timeToFirstToken: Double
    package var timePerOutputToken: Double

    /// The server scenario of MLPerf Inference, from loadgen's `mlperf.conf` (b66003e).
    ///
    /// For GPT-OSS-120B interactive that file says 15 ms a token and the rules' table 20 ms: the file, which the load
    /// generator enforces, is taken.
    package static let all: [LimitPreset] = [
        LimitPreset("mlperf/llama2-70b", 2000, 200), LimitPreset("mlperf/llama2-70b-interactive", 450, 40),
        LimitPreset("mlperf/llama3.1-405b", 6000, 175), LimitPreset("mlperf/llama3.1-405b-interactive", 4500, 80),
        LimitPreset("mlperf/llama3.1-8b", 2000, 100), LimitPreset("mlperf/llama3.1-8b-interactive", 500, 30),
        LimitPreset("mlperf/mixtral-8x7b", 2000, 200),
        LimitPreset("mlperf/deepseek-r1", 2000, 80), LimitPreset("mlperf/deepseek-r1-interactive", 1500, 15),
        LimitPreset("mlperf/gpt-oss-120b", 3000, 80), LimitPreset("mlperf/gpt-oss-120b-interactive", 2000, 15),
    ]

    private init(_ name: String, _ timeToFirstToken: Double, _ timePerOutputToken: Double) {
        self.name = name
        self.timeToFirstToken = timeToFirstToken
        self.timePerOutputToken = timePerOutputToken
    }

    package static func named(_ name: String) -> LimitPreset? { all.first { $0.name == name } }

    /// As limits on the run: the benchmark's own reading.
    package var budgets: [Budget] {
        [
            Budget(metric: "ttft", statistic: "p99", comparison: .atMost, limit: timeToFirstToken),
            Budget(metric: "tpot", statistic: "p99", comparison: .atMost, limit: timePerOutputToken),
        ]
    }

    /// As limits on each request, of which goodput is the share that keeps them.
    package var objectives: [RequestLimit] {
        [
            RequestLimit(metric: "ttft", limit: timeToFirstToken),
            RequestLimit(metric: "tpot", limit: timePerOutputToken),
        ]
    }
}
