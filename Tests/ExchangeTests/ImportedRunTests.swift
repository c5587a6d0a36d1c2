import Testing
import Timeline

@testable import Exchange

/// Files of other tools as they are, and as they should not be.
struct ImportedRunTests {
    private func runs(_ text: String, _ format: ImportFormat? = nil) throws -> [ImportedRun] {
        try ImportedRun.runs(bytes: Array(text.utf8), path: "result.json", format: format)
    }

    private func milliseconds(_ record: StreamRecord) -> [Double] {
        guard let sent = record.sent else { return [] }
        return record.events.map { ($0.arrival - sent).milliseconds }
    }

    @Test func `LLMPerf's responses have a first and a last token, no gaps and no place in time`() throws {
        let run = try #require(
            try runs(
                """
                [{"error_code": null, "error_msg": "", "inter_token_latency_s": 0.02, "ttft_s": 0.4,
                  "end_to_end_latency_s": 0.81, "request_output_throughput_token_per_s": 49.4,
                  "number_total_tokens": 140, "number_output_tokens": 40, "number_input_tokens": 100},
                 {"error_code": 429, "error_msg": "slow down"}]
                """
            ).first)
        #expect(run.format == .llmperf && !run.tellsStarts && run.duration == nil && run.startedWallClock == nil)
        let first = run.records[0]
        // The last chunk came after 40 times .02 s.
        #expect(milliseconds(first) == [400, 800])
        #expect(!first.hasEveryEvent && first.outcome.outcomeClass == .ok)
        #expect(first.usage == TokenUsage(input: 100, output: 40))
        #expect(first.terminal == Instant(nanoseconds: 810_000_000))
        #expect(run.records[1].outcome == StreamOutcome(.httpError, message: "slow down"))
        #expect(run.records[1].httpStatus == 429 && run.records[1].events.isEmpty)
    }

    @Test func `an AIPerf line has every chunk, its reasoning, and its unit`() throws {
        let run = try #require(
            try runs(
                """
                {"metadata":{"request_start_ns":1795422988178098767,"benchmark_phase":"profiling","x_request_id":"r1"},\
                "metrics":{"time_to_first_token":{"value":0.1,"unit":"sec"},\
                "time_to_first_output_token":{"value":107,"unit":"ms"},\
                "inter_chunk_latency":{"value":[2.5,4.5,0],"unit":"ms"},\
                "output_sequence_length":{"value":9,"unit":"tokens"}},"error":null}
                {"metadata":{"request_start_ns":1795422988179098768,"benchmark_phase":"warmup"},"metrics":{},\
                "error":{"code":500,"type":"ServerError","message":"boom"}}

                """
            ).first)
        #expect(run.format == .aiperf && run.tellsStarts && run.startedWallClock == 1_795_422_988_178_098_767)
        #expect(milliseconds(run.records[0]) == [100, 102.5, 107, 107])
        #expect(run.records[0].events.map(\.kind) == [.reasoning, .reasoning, .text, .text])
        #expect(run.records[0].usage?.output == 9 && run.records[0].clientRequestID == "r1")
        #expect(run.records[1].sent == Instant(nanoseconds: 1_000_001))
        #expect(run.records[1].phase == .warmup)
        #expect(run.records[1].outcome == StreamOutcome(.httpError, message: "ServerError: boom"))
    }

    @Test func `an older vLLM file has a length and no starts`() throws {
        let run = try #require(
            try runs(
                """
                {"backend": "openai-chat", "model_id": "m", "request_rate": 4.5, "max_concurrency": null, "duration": 2.5,
                 "input_lens": [3, 3], "output_lens": [3, 0], "ttfts": [0.25, 0.0], "itls": [[0.01, 0.02], []],
                 "generated_texts": ["", ""], "errors": ["", "Bad Gateway"]}
                """
            ).first)
        #expect(run.load == .open(rate: 4.5, arrivals: .poisson))
        #expect(run.duration == .seconds(2.5) && !run.tellsStarts && run.targetName == "m" && run.api == "openai-chat")
        #expect(milliseconds(run.records[0]) == [250, 260, 280] && run.records[0].hasEveryEvent)
        #expect(run.records[1].outcome == StreamOutcome(.httpError, message: "Bad Gateway"))
    }

    @Test func `a GuideLLM file has a run per benchmark, and its failures`() throws {
        let request = """
            {"request_id": "x", "info": {"error": "gone", "timings": {"request_start": 100.5, "first_token_iteration": 100.75,
            "first_output_token_iteration": 100.8, "last_token_iteration": 101, "request_end": 101.25}},
            "input_metrics": {"text_tokens": 5}, "output_metrics": {"total_tokens": 11}}
            """
        let runs = try runs(
            """
            {"benchmarks": [{"duration": 2, "config": {"strategy": {"type_": "async_poisson", "rate": 3}},
              "requests": {"successful": [\(request)], "incomplete": [], "errored": [\(request)]}},
             {"requests": {"successful": [\(request)]}}]}
            """)
        #expect(runs.map(\.part) == ["1", "2"])
        #expect(runs[0].load == .open(rate: 3, arrivals: .poisson) && runs[1].load == nil)
        let record = runs[0].records[0]
        #expect(milliseconds(record) == [250, 300, 500] && record.events.map(\.kind) == [.reasoning, .text, .text])
        #expect(record.usage == TokenUsage(input: 5, output: 11) && !record.hasEveryEvent)
        #expect(record.terminal == Instant(nanoseconds: 750_000_000))
        #expect(runs[0].records[1].outcome == StreamOutcome(.transportError, message: "gone"))
        #expect(runs[0].startedWallClock == 100_500_000_000)
    }

    @Test(arguments: [
        ("", "result.json:1:1: the file is empty; expected JSON"),
        ("{\n \"ttfts\": [0.1,\n", "result.json:3:1: not JSON: expected"),
        ("{\"a\": 1}", "result.json:1:1: not a result file that can be read; read are vllm: "),
        ("[]", "--format says which it is"),
        ("{\"ttfts\": [0.1]}", "'itls' is missing; run vllm bench serve with --save-detailed"),
        (
            "{\"ttfts\": [0.1], \"itls\": []}",
            "result.json:1:1 (itls): found 0 entries; 'ttfts' has 1, and each request has"
        ),
        ("{\"ttfts\": [\"fast\"], \"itls\": [[]]}", "result.json:1:1 (ttfts.0): found 'fast'; expected a number"),
        ("{\"ttfts\": [-1], \"itls\": [[]]}", "(ttfts.0): found -1; expected a length of time, at least 0"),
        ("{\"ttfts\": [1e300], \"itls\": [[]]}", "(ttfts.0): found 1e+300; expected a length of time"),
        ("{\"ttfts\": [], \"itls\": []}", "there is no request in it"),
        (
            "{\"ttfts\": [1], \"itls\": [[1]], \"output_lens\": [1.5]}",
            "(output_lens.0): found 1.5; expected a number of"
        ),
        ("{\"benchmarks\": [{}]}", "(benchmarks.0): 'requests' is missing; expected GuideLLM's benchmarks.json"),
        (
            "{\"benchmarks\": [{\"requests\": {\"successful\": [{\"info\": {}}]}}]}",
            "(benchmarks.0.requests.successful.0.info): 'timings' is missing"
        ),
        ("[{\"ttft_s\": true}]", "result.json:1:1 (0.ttft_s): found true; expected a number"),
        (
            "{\"metadata\":{},\"metrics\":{},\"error\":{}}\n{\"metadata\":{},\"metrics\":{\"request_latency\":{\"value\":1,\"unit\":\"h\"}}}\n",
            "result.json:2:1 (metrics.request_latency): found the unit 'h'; allowed are ns, us, ms and sec"
        ),
        ("{\"metadata\":{},\"metrics\":{},\"error\":{}}\n{\"metadata\":\n", "result.json:2:13: not JSON: expected"),
        (
            "{\"metadata\":{},\"metrics\":{},\"error\":{}}\n{}\n",
            "result.json:2:1: 'metadata' is missing; expected AIPerf's"
        ),
    ])
    func `a bad file is refused with the place, what was found and what is expected`(text: String, words: String) {
        let error = #expect(throws: ExchangeError.self) { try runs(text) }
        #expect(error.map { "\($0)".contains(words) } ?? false, "\(error.map { "\($0)" } ?? "")")
    }

    private func guideLLM(_ changes: [String: String]) -> String {
        let timings = ["request_start": "100", "request_end": "102"].merging(changes) { $1 }
        let members = timings.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
        return "{\"benchmarks\": [{\"requests\": {\"successful\": [{\"info\": {\"timings\": {\(members)}}}]}}]}"
    }

    @Test(arguments: [
        (["request_end": "-1"], "request_end): found -1; expected an instant in seconds, at least 0"),
        (["request_end": "99"], "request_end): found 99, which is before request_start; one of them is wrong"),
        (["first_token_iteration": "-1"], "first_token_iteration): found -1; expected an instant"),
        (["first_token_iteration": "103"], "request_end): found 102, which is before first_token_iteration"),
        (
            ["first_token_iteration": "101.5", "last_token_iteration": "101"],
            "last_token_iteration): found 101, which is before first_token_iteration"
        ),
        (["targeted_start": "-1"], "targeted_start): found -1; expected an instant"),
        (["request_end": "null"], "timings): 'request_end' is missing"),
        (["request_start": "null"], "timings): 'request_start' is missing"),
    ])
    func `a GuideLLM request whose instants contradict each other is refused by its name`(
        timings: [String: String], words: String
    ) {
        let error = #expect(throws: ExchangeError.self) { try runs(guideLLM(timings)) }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("(benchmarks.0.requests.successful.0.info.timings") && text.contains(words), "\(text)")
    }

    private func aiPerf(_ metrics: String, end: Int = 2_000_000_000) -> String {
        "{\"metadata\":{\"request_start_ns\":1000000000,\"request_end_ns\":\(end)},\"metrics\":{\(metrics)}}"
    }

    private func metric(_ name: String, _ value: String) -> String {
        "\"\(name)\":{\"value\":\(value),\"unit\":\"ms\"}"
    }

    @Test func `an AIPerf line without a time, or with times that contradict each other, is refused`() throws {
        let latency = metric("request_latency", "150")
        #expect(try runs(aiPerf(latency)).first?.records.count == 1)
        for (text, words) in [
            (
                "{\"metadata\":{},\"metrics\":{}}",
                "it has neither time_to_first_token nor request_latency, and no error"
            ),
            (aiPerf(latency, end: 5), "request_end_ns): found 5, which is before request_start_ns"),
            (aiPerf(latency, end: -5), "request_end_ns): found -5; expected an instant in nanoseconds, at least 0"),
            (
                aiPerf("\(metric("time_to_first_token", "151000")),\(latency)"),
                "(metrics.request_latency): found an object, which is before time_to_first_token"
            ),
            (
                aiPerf(
                    "\(metric("time_to_first_token", "9")),\(metric("inter_chunk_latency", "[100,100]")),\(latency)"),
                "before time_to_first_token and inter_chunk_latency together"
            ),
            (
                aiPerf("\(metric("time_to_first_token", "9")),\(metric("inter_chunk_latency", "[3e11,3e11]"))"),
                "(metrics.inter_chunk_latency.value.1): the gaps up to this one come to more than ten years"
            ),
        ] {
            let error = #expect(throws: ExchangeError.self) { try runs(text) }
            #expect(error.map { "\($0)".contains(words) } ?? false, "\(error.map { "\($0)" } ?? "")")
        }
    }

    @Test(arguments: [
        (
            "\"latencies\": [0.3, 0.3]",
            "(latencies.1): found 0.3, which is before its entry in ttfts; one of them is wrong"
        ),
        (
            "\"latencies\": [0.2, 30]",
            "(latencies.0): found 0.2, which is before the end of its entries in ttfts and itls"
        ),
        ("\"latencies\": [300, 30]", "(latencies.0): found 300, which is more than a hundred times its entries"),
        ("\"completed\": 7", "(completed): found 7, but the lists have 2 requests without an error"),
        ("\"duration\": 2", "(duration): found 2, which is before the end of its longest entry in ttfts"),
        ("\"start_times\": [-1, 2]", "(start_times.0): found -1; expected an instant in seconds, at least 0"),
    ])
    func `a vLLM file whose lists contradict each other is refused`(member: String, words: String) throws {
        let text = { (member: String) in
            "{\"ttfts\": [0.1, 20], \"itls\": [[0.1, 0.1], [0.1]], \"errors\": [\"\", \"\"], \(member)}"
        }
        #expect(try runs(text("\"latencies\": [0.3, 20.1], \"completed\": 2, \"duration\": 21")).count == 1)
        let error = #expect(throws: ExchangeError.self) { try runs(text(member)) }
        #expect(error.map { "\($0)".contains(words) } ?? false, "\(error.map { "\($0)" } ?? "")")
    }

    @Test(arguments: [
        ("[{\"ttft_s\":1}]", "(0): 'end_to_end_latency_s' is missing; expected LLMPerf's"),
        (
            "[{\"ttft_s\":400,\"end_to_end_latency_s\":0.8}]",
            "(0.end_to_end_latency_s): found 0.8, which is before ttft_s; one of them is wrong, or of another unit"
        ),
    ])
    func `an LLMPerf response without an end, or before its start, is refused`(text: String, words: String) {
        let error = #expect(throws: ExchangeError.self) { try runs(text) }
        #expect(error.map { "\($0)".contains(words) } ?? false, "\(error.map { "\($0)" } ?? "")")
    }

    @Test func `a format that was named is not guessed`() {
        let error = #expect(throws: ExchangeError.self) { try runs("{\"benchmarks\": []}", .vllm) }
        #expect(error.map { "\($0)".contains("'ttfts' is missing") } ?? false)
    }
}
