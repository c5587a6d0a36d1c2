import Metrics
import Testing
import Timeline

/// The golden stream in the words of other tools: 16 tokens in chunks from 400 to 1100 ms, its end at 1105 ms.
struct DialectTests {
    private func summary(_ dialect: MetricDialect, _ records: [StreamRecord] = [.golden]) throws -> DialectSummary {
        var collection = DialectCollection(run: .fixture(), dialect: dialect)
        for record in records { collection.add(record) }
        return try #require(collection.summaries.first)
    }

    @Test func `vLLM's ITL is between chunks, and its TPOT leaves out the first token`() throws {
        let figures = try summary(.vllm)
        #expect(figures["TTFT (ms)", "Median"] == 400)
        #expect(isClose(figures["TPOT (ms)", "Mean"], 700.0 / 15))
        // np.mean, np.median, np.std and np.percentile of [12, 12, 12, 264, 5, 1, 54, 12, 328]
        #expect(isClose(figures["ITL (ms)", "Mean"], 700.0 / 9))
        #expect(figures["ITL (ms)", "Median"] == 12)
        #expect(isClose(figures["ITL (ms)", "Std"], 118.48748436, tolerance: 1e-9))
        #expect(isClose(figures["ITL (ms)", "P90"], 276.8))
        #expect(isClose(figures["ITL (ms)", "P99"], 322.88))
        #expect(figures["E2EL (ms)", "Median"] == 1100)
        #expect(isClose(figures[total: "Output token throughput (tok/s)"], 16 / 1.105))
        #expect(figures[total: "Total generated tokens"] == 16)
    }

    @Test func `AIPerf has one ITL a request, beside the latencies between chunks`() throws {
        let figures = try summary(.aiperf)
        #expect(figures["Time to First Token (ms)", "avg"] == 400)
        #expect(figures["Time to Second Token (ms)", "avg"] == 12)
        #expect(figures["Time to First Output Token (ms)", "avg"] == 400)
        #expect(figures["Request Latency (ms)", "avg"] == 1100)
        #expect(isClose(figures["Inter Token Latency (ms)", "p99"], 700.0 / 15))
        #expect(isClose(figures["Inter Chunk Latency (ms)", "avg"], 700.0 / 9))
        #expect(isClose(figures["Output Token Throughput Per User (tokens/sec/user)", "avg"], 15_000.0 / 700))
        #expect(isClose(figures[total: "Output Token Throughput (tokens/sec)"], 16 / 1.1))
        // A first chunk of 4 tokens leaves 12 for the 700 ms.
        var first = StreamRecord.golden
        first.events[0].tokens = 4
        first.events[5].tokens = 1
        #expect(isClose(try summary(.aiperf, [first])["Inter Token Latency (ms)", "avg"], 700.0 / 12))
    }

    @Test func `GuideLLM's TPOT holds the wait for the first token`() throws {
        let figures = try summary(.guidellm)
        #expect(isClose(figures["Request Latency (s)", "Mean"], 1.105))
        #expect(figures["TTFT (ms)", "Mdn"] == 400)
        #expect(isClose(figures["ITL (ms)", "Mean"], 700.0 / 15))
        #expect(isClose(figures["TPOT (ms)", "Mean"], 68.75))
    }

    @Test func `LLMPerf's ITL is the whole stream by its tokens, in seconds`() throws {
        let figures = try summary(.llmperf)
        #expect(isClose(figures["ttft_s", "p50"], 0.4))
        #expect(isClose(figures["inter_token_latency_s", "mean"], 0.06875))
        #expect(isClose(figures["end_to_end_latency_s", "max"], 1.105))
        #expect(isClose(figures["request_output_throughput_token_per_s", "p99"], 16 / 1.105))
        #expect(isClose(figures[total: "num_completed_requests_per_min"], 60 / 1.105))
        #expect(figures["ttft_s", "stddev"] == nil)
    }

    /// The golden stream, one of 4 tokens at 100, 200, 300 and 400 ms over a connection that took 50 ms, and a failure.
    private var several: [StreamRecord] {
        let sent = Instant(nanoseconds: 5_100_000_000)
        var second = StreamRecord(
            arrivals: [100, 200, 300, 400], tokens: [1, 1, 1, 1], end: 410, requestIndex: 1, sent: sent)
        second.dispatched = sent - .milliseconds(50)
        var third = StreamRecord(arrivals: [9], tokens: [1], end: nil, requestIndex: 2, sent: sent)
        third.outcome = StreamOutcome(.truncated)
        return [.golden, second, third]
    }

    @Test func `who counts from the dispatch has the connection in it, and GuideLLM weighs by tokens`() throws {
        let guide = try summary(.guidellm, several)
        #expect(guide["TTFT (ms)", "Mean"] == 250)
        // 15 tokens of 46.7 ms and 3 of 100 ms; 16 of 68.75 ms and 4 of 100 ms; steps, not interpolated.
        #expect(isClose(guide["ITL (ms)", "Mean"], 1000.0 / 18))
        #expect(isClose(guide["ITL (ms)", "Mdn"], 700.0 / 15) && guide["ITL (ms)", "p95"] == 100)
        #expect(isClose(guide["TPOT (ms)", "Mean"], 75) && guide["TPOT (ms)", "p95"] == 100)
        #expect(guide[total: "Completed requests"] == 2 && guide[total: "Errored or incomplete requests"] == 1)
        let theirs = try summary(.vllm, several)
        #expect(theirs["TTFT (ms)", "Mean"] == 275 && theirs["E2EL (ms)", "Mean"] == 775)
        #expect(isClose(theirs["TPOT (ms)", "Mean"], (700.0 / 15 + 100) / 2))
        #expect(isClose(theirs["ITL (ms)", "Mean"], 1000.0 / 12))
        #expect(theirs[total: "Failed requests"] == 1)
        // LLMPerf's sample deviation of .4 and .15.
        #expect(isClose(try summary(.llmperf, several)["ttft_s", "stddev"], 0.125 * 2.0.squareRoot()))
    }

    @Test func `a stream of which only the ends are known has no gaps in any dialect`() throws {
        var record = StreamRecord(arrivals: [400, 1100], tokens: [nil, nil], end: 1105, usage: TokenUsage(output: 16))
        record.hasEveryEvent = false
        let theirs = try summary(.vllm, [record])
        #expect(theirs["ITL (ms)", "Mean"] == nil)
        #expect(isClose(theirs["TPOT (ms)", "Mean"], 700.0 / 15))
        #expect(try summary(.aiperf, [record])["Inter Chunk Latency (ms)", "avg"] == nil)
        #expect(try summary(.aiperf, [record])["Time to Second Token (ms)", "avg"] == nil)
    }
}
