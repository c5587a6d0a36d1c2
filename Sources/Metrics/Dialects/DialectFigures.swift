import Statistics

/// Computes the figures of each dialect from the complete requests of a target.
struct DialectFigures {
    let attempts: [DialectAttempt]
    let failed: Int
    /// The length of the measurement; nil where it is not known.
    let seconds: Double?

    typealias Distribution = DialectSummary.Distribution
    typealias Total = DialectSummary.Total

    func distributions(_ dialect: MetricDialect) -> [Distribution] {
        switch dialect {
        case .vllm: vllm
        case .aiperf: aiperf
        case .guidellm: guidellm
        case .llmperf: llmperf
        }
    }

    func totals(_ dialect: MetricDialect) -> [Total] {
        let rates = (requests: rate(attempts.count), tokens: rate(outputTokens), all: rate(outputTokens + inputTokens))
        switch dialect {
        case .vllm:
            return [
                count("Successful requests", attempts.count), count("Failed requests", failed),
                Total(name: "Benchmark duration (s)", value: seconds, isCount: false),
                count("Total input tokens", inputTokens), count("Total generated tokens", outputTokens),
                Total(name: "Request throughput (req/s)", value: rates.requests, isCount: false),
                Total(name: "Output token throughput (tok/s)", value: rates.tokens, isCount: false),
                Total(name: "Total token throughput (tok/s)", value: rates.all, isCount: false),
            ]
        case .aiperf:
            return [
                Total(name: "Output Token Throughput (tokens/sec)", value: rates.tokens, isCount: false),
                Total(name: "Input Token Throughput (tokens/sec)", value: rate(inputTokens), isCount: false),
                Total(name: "Request Throughput (requests/sec)", value: rates.requests, isCount: false),
                count("Request Count (requests)", attempts.count), count("Error Request Count (requests)", failed),
            ]
        case .guidellm:
            return [count("Completed requests", attempts.count), count("Errored or incomplete requests", failed)]
        case .llmperf:
            return [
                count("num_completed_requests", attempts.count), count("number_errors", failed),
                Total(name: "mean_output_throughput_token_per_s", value: rates.tokens, isCount: false),
                Total(
                    name: "num_completed_requests_per_min", value: rates.requests.map { $0 * 60 }, isCount: false),
            ]
        }
    }

    // vLLM and AIPerf: from the dispatch to chunks with content.

    private var vllm: [Distribution] {
        let statistics = MetricDialect.vllm.statistics
        return [
            interpolated("TTFT (ms)", attempts.compactMap(\.chunks.first), statistics),
            interpolated("TPOT (ms)", attempts.compactMap { $0.pace(after: 1) }, statistics),
            interpolated("ITL (ms)", allGaps, statistics),
            interpolated("E2EL (ms)", attempts.compactMap(\.chunks.last), statistics),
        ]
    }

    private var aiperf: [Distribution] {
        let statistics = MetricDialect.aiperf.statistics
        let paces = attempts.compactMap { $0.pace(after: $0.firstTokens) }
        let seconds = attempts.compactMap { $0.gaps?.first }
        return [
            interpolated("Time to First Token (ms)", attempts.compactMap(\.chunks.first), statistics),
            interpolated("Time to Second Token (ms)", seconds, statistics),
            interpolated("Time to First Output Token (ms)", attempts.compactMap(\.firstAnswer), statistics),
            interpolated("Request Latency (ms)", attempts.compactMap(\.chunks.last), statistics),
            interpolated("Inter Token Latency (ms)", paces, statistics),
            interpolated("Inter Chunk Latency (ms)", allGaps, statistics),
            interpolated(
                "Output Token Throughput Per User (tokens/sec/user)", paces.filter { $0 > 0 }.map { 1000 / $0 },
                statistics),
            interpolated(
                "Output Sequence Length (tokens)", attempts.compactMap { $0.outputTokens.map(Double.init) }, statistics),
            interpolated(
                "Input Sequence Length (tokens)", attempts.compactMap { $0.inputTokens.map(Double.init) }, statistics),
        ]
    }

    // GuideLLM: from the send, by steps of the distribution, per token where it says so.

    private var guidellm: [Distribution] {
        func once(_ value: (DialectAttempt) -> Double?) -> [WeightedValue] {
            attempts.compactMap { attempt in value(attempt).map { WeightedValue(value: $0, weight: 1) } }
        }
        return [
            stepped("Request Latency (s)", once { attempt in attempt.end.map { ($0 - attempt.connection) / 1000 } }),
            stepped("TTFT (ms)", once { attempt in attempt.chunks.first.map { $0 - attempt.connection } }),
            stepped("TTFOT (ms)", once { attempt in attempt.firstAnswer.map { $0 - attempt.connection } }),
            stepped(
                "ITL (ms)",
                attempts.compactMap { attempt in
                    guard let tokens = attempt.outputTokens, let pace = attempt.pace(after: 1) else { return nil }
                    return WeightedValue(value: pace, weight: tokens - 1)
                }),
            stepped(
                "TPOT (ms)",
                attempts.compactMap { attempt in
                    guard let tokens = attempt.outputTokens, tokens > 0, let last = attempt.chunks.last else {
                        return nil
                    }
                    return WeightedValue(value: (last - attempt.connection) / Double(tokens), weight: tokens)
                }),
            stepped("Output Tok (per req)", once { $0.outputTokens.map(Double.init) }),
            stepped("Input Tok (per req)", once { $0.inputTokens.map(Double.init) }),
        ]
    }

    // LLMPerf: seconds from the dispatch.

    private var llmperf: [Distribution] {
        let statistics = MetricDialect.llmperf.statistics
        let gaps = attempts.compactMap { attempt -> Double? in
            guard let tokens = attempt.outputTokens, tokens > 0, let last = attempt.chunks.last else { return nil }
            return last / 1000 / Double(tokens)
        }
        let speeds = attempts.compactMap { attempt -> Double? in
            guard let tokens = attempt.outputTokens, let end = attempt.end, end > 0 else { return nil }
            return Double(tokens) * 1000 / end
        }
        return [
            interpolated("inter_token_latency_s", gaps, statistics, isSample: true),
            interpolated(
                "ttft_s", attempts.compactMap { $0.chunks.first.map { $0 / 1000 } }, statistics, isSample: true),
            interpolated(
                "end_to_end_latency_s", attempts.compactMap { $0.end.map { $0 / 1000 } }, statistics, isSample: true),
            interpolated("request_output_throughput_token_per_s", speeds, statistics, isSample: true),
            interpolated(
                "number_input_tokens", attempts.compactMap { $0.inputTokens.map(Double.init) }, statistics,
                isSample: true),
            interpolated(
                "number_output_tokens", attempts.compactMap { $0.outputTokens.map(Double.init) }, statistics,
                isSample: true),
        ]
    }

    private var allGaps: [Double] {
        // What a file did not tell of one request cannot be had from the others.
        attempts.allSatisfy(\.hasEveryChunk) ? attempts.flatMap { $0.gaps ?? [] } : []
    }

    private var outputTokens: Int { attempts.reduce(0) { $0 + ($1.outputTokens ?? 0) } }

    private var inputTokens: Int { attempts.reduce(0) { $0 + ($1.inputTokens ?? 0) } }

    private func rate(_ amount: Int) -> Double? { seconds.flatMap { $0 > 0 ? Double(amount) / $0 : nil } }

    private func count(_ name: String, _ count: Int) -> Total {
        Total(name: name, value: Double(count), isCount: true)
    }

    /// By NumPy's and pandas' rule, type 7; the deviation of a sample where the tool takes it so.
    private func interpolated(
        _ name: String, _ values: [Double], _ statistics: [DialectStatistic], isSample: Bool = false
    ) -> Distribution {
        let sample = SortedSample(values)
        return Distribution(
            name: name,
            values: statistics.map { statistic in
                switch statistic {
                case .mean: sample.mean
                case .median: sample.quantile(0.5)
                case .quantile(_, let probability): sample.quantile(probability)
                case .least: sample.values.first
                case .greatest: sample.values.last
                case .deviation: sample.deviation(ofSample: isSample)
                }
            })
    }

    /// By the least value whose cumulated weight reaches the probability.
    private func stepped(_ name: String, _ values: [WeightedValue]) -> Distribution {
        let ordered = values.filter { $0.weight > 0 }.sorted { $0.value < $1.value }
        let total = ordered.reduce(0) { $0 + $1.weight }
        func step(_ probability: Double) -> Double? {
            // Shares are added up one by one, as GuideLLM does: where they meet the probability, rounding decides.
            var reached = 0.0
            return ordered.first { value in
                reached += Double(value.weight) / Double(total)
                return reached >= probability
            }?.value ?? ordered.last?.value
        }
        let mean = total == 0 ? nil : ordered.reduce(0) { $0 + $1.value * Double($1.weight) } / Double(total)
        return Distribution(
            name: name,
            values: MetricDialect.guidellm.statistics.map { statistic in
                switch statistic {
                case .mean: return mean
                case .median: return step(0.5)
                case .quantile(_, let probability): return step(probability)
                case .least: return ordered.first?.value
                case .greatest: return ordered.last?.value
                case .deviation:
                    guard let mean else { return nil }
                    let squares = ordered.reduce(0) { $0 + Double($1.weight) * ($1.value - mean) * ($1.value - mean) }
                    return (squares / Double(total)).squareRoot()
                }
            })
    }
}

extension SortedSample {
    /// The standard deviation: with `n - 1` for that of a sample, else with `n`.
    fileprivate func deviation(ofSample isSample: Bool) -> Double? {
        guard let mean, count > (isSample ? 1 : 0) else { return nil }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(isSample ? count - 1 : count)).squareRoot()
    }
}
