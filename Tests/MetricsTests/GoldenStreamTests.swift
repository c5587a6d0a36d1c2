import Metrics
import Statistics
import Testing
import Timeline

/// One stream, sent at 0 ms: content at [400, 412, 424, 436, 700, 705, 706, 760, 772, 1100] ms with
/// [1, 1, 1, 1, 1, 4, 3, 1, 1, 2] tokens, terminal event at 1105 ms.
struct GoldenStreamTests {
    private let stream = StreamMetrics(.golden)

    @Test func `the gaps are those between reads`() {
        #expect(stream.gaps.map(\.length) == [12, 12, 12, 264, 5, 1, 54, 12, 328])
    }

    @Test func `first and last token and the end count from the send`() {
        #expect(stream.timeToFirstToken == 400)
        #expect(stream.timeToFirstAnswerToken == 400)
        #expect(stream.thinkTime == 0)
        #expect(stream.timeToLastToken == 1100)
        #expect(stream.endToEnd == 1105)
    }

    @Test func `time per output token is the weighted mean inter-token latency`() {
        // (1100 - 400) / (16 - 1)
        #expect(isClose(stream.timePerOutputToken, 700.0 / 15))
        #expect(isClose(stream.interTokenLatencies.mean, 700.0 / 15))
        #expect(isClose(stream.outputSpeed, 15_000.0 / 700))
        #expect(isClose(stream.endToEndSpeed, 16_000.0 / 1105))
    }

    @Test func `percentiles of inter-token latency count each token`() {
        // np.quantile([12, 12, 12, 264, 1.25, 1.25, 1.25, 1.25, 1/3, 1/3, 1/3, 54, 12, 164, 164], [.5, .99])
        let latencies = stream.interTokenLatencies
        #expect(latencies.totalWeight == 15)
        #expect(isClose(latencies.quantile(0.5), 12))
        #expect(isClose(latencies.quantile(0.99), 250))
    }

    @Test func `smoothness is worked out from the gaps`() {
        // (214 + 4 + 278) / 700
        #expect(isClose(stream.stutterIndex, 496.0 / 700))
        #expect(isClose(stream.flowShare, 2.0 / 9))
        #expect(stream.stallCount == 2)
        #expect(isClose(stream.stallTime, 14 + 78))
        #expect(isClose(stream.smoothDelay(pace: 5.3), 0))
        #expect(isClose(stream.smoothDelay(pace: 20), 100))
        #expect(isClose(stream.smoothDelay(pace: 50), 420))
        #expect(isClose(stream.tokensPerEvent, 1.6))
        #expect(stream.burstShare == 0)
    }

    @Test func `streaming gains what the reader does not have to wait for`() {
        #expect(isClose(stream.streamGain, 1 - 400.0 / 1105))
        #expect(isClose(stream.readerGain(pace: 5.3), 705))
    }

    @Test func `the fluidity index is that of Etalon's own function`() {
        #expect(isClose(stream.fluidityIndex(firstDeadline: 500, deadline: 50), 1))
        // get_request_level_deadline_miss_rate(times, .3, .05) of etalon.metrics.metric_utils: 5 missed of 19
        #expect(isClose(stream.fluidityIndex(firstDeadline: 300, deadline: 50), 14.0 / 19))
        // get_request_level_deadline_miss_rate(times, .5, .02): 17 missed of 31
        #expect(isClose(stream.fluidityIndex(firstDeadline: 500, deadline: 20), 14.0 / 31))
    }

    @Test func `what other tools call by our names can be worked out`() {
        // vLLM's ITL is the mean of our ICL; GuideLLM's TPOT includes the wait for the first token.
        #expect(isClose(stream.gaps.reduce(0) { $0 + $1.length } / 9, 700.0 / 9))
        #expect(isClose((stream.timeToLastToken ?? 0) / 16, 68.75))
    }

    @Test func `a run of one stream shows that stream`() {
        let summary = RunSummary(run: .fixture(), records: [.golden])
        #expect(summary.targets[0].complete == 1)
        #expect(summary.targets[0][metric: "ttft"]?[.p50]?.value == 400)
        #expect(isClose(summary.targets[0][metric: "itl"]?[.mean]?.value, 700.0 / 15))
        #expect(isClose(summary.targets[0][metric: "output_throughput"]?[.value]?.value, 16 / 1.105))
    }
}
