import Metrics
import Statistics
import TestSupport
import Testing
import Timeline

struct StreamMetricsTests {
    private func metrics(
        _ diagram: String, usage: TokenUsage? = nil, objectives: [RequestLimit] = [],
        changing change: (inout StreamRecord) -> Void = { _ in }
    ) -> StreamMetrics {
        var record = StreamRecord(diagram: diagram, tick: .milliseconds(10), usage: usage)
        change(&record)
        return StreamMetrics(record, objectives: objectives)
    }

    @Test func `what stands between content events is no content`() {
        var record = StreamRecord(diagram: "-a-b-c|", tick: .milliseconds(10), usage: TokenUsage(output: 3))
        let whole = StreamMetrics(record)
        let second = record.events.firstIndex { $0.text == "b" || $0.arrival == whole.contentEvents.last?.arrival } ?? 1
        var comment = record.events[second]
        comment.kind = .comment
        record.events.insert(comment, at: second)
        let interrupted = StreamMetrics(record)
        #expect(interrupted.contentEvents.map(\.arrival) == whole.contentEvents.map(\.arrival))
        #expect(interrupted.contentEvents.count == 3)
        #expect(interrupted.reads == whole.reads)
    }

    @Test func `roles, comments and what carries no text are not a first token`() {
        let stream = metrics(":r--a-b-|")
        #expect(stream.timeToFirstToken == 40)
        #expect(stream.timeToFirstByte == 0)
        #expect(stream.timeToLastToken == 60)
        #expect(stream.endToEnd == 80)
    }

    @Test func `reasoning is a first token and not an answer`() {
        let stream = metrics("-RR-a|")
        #expect(stream.timeToFirstToken == 10)
        #expect(stream.timeToFirstAnswerToken == 40)
        #expect(stream.thinkTime == 30)
        let thoughtOnly = metrics("-RR-|")
        #expect(thoughtOnly.timeToFirstAnswerToken == nil)
        #expect(thoughtOnly.thinkTime == nil)
        #expect(metrics("--T|").timeToFirstAnswerToken == 20)
    }

    @Test func `times count from the send, and scheduled ones from the plan`() {
        let stream = metrics("--a|") { record in
            record.planned = record.planned - .milliseconds(7)
            record.dispatched = record.planned + .milliseconds(4)
        }
        #expect(stream.queueDelay == 4)
        #expect(stream.timeToFirstToken == 20)
        #expect(stream.timeToFirstTokenScheduled == 27)
    }

    @Test func `a connection that was used again has no cost of its own`() {
        let fresh = metrics("-a|") {
            $0.connection = ConnectionPhases(
                isNew: true, nameLookup: .milliseconds(1), connect: .milliseconds(2), tls: .milliseconds(3))
        }
        #expect([fresh.nameLookup, fresh.connect, fresh.tls] == [1, 2, 3])
        let used = metrics("-a|")
        #expect([used.nameLookup, used.connect, used.tls] == [nil, nil, nil])
    }

    @Test func `events of one read have no gap between them`() {
        let stream = metrics("-a-(bc)--d|", usage: TokenUsage(output: 4))
        #expect(stream.gaps.map(\.length) == [20, 30])
        #expect(stream.reads.map(\.tokens) == [1, 2, 1])
        #expect(stream.eventMetrics.map(\.tokens) == [1, 1, 1, 1])
        #expect(stream.eventMetrics.map(\.interChunkLatency) == [nil, 20, nil, 30])
        // Two tokens of 10 ms and one of 30 ms.
        #expect(stream.interTokenLatencies.quantile(0.5) == 10)
        #expect(isClose(stream.timePerOutputToken, 50.0 / 3))
        #expect(isClose(stream.burstShare, 1.0 / 3))
    }

    @Test func `a read between two reads with content is no gap's end`() {
        let stream = metrics("-a-r-:-b|")
        #expect(stream.gaps.map(\.length) == [60])
    }

    @Test func `a read without a token lends its time to the next token`() {
        // Half of the events get a token: 1 0 1 0 1 0; the last read's time goes to the token before it.
        let stream = metrics("-abcdef|", usage: TokenUsage(output: 3))
        #expect(stream.tokenGaps.map(\.length) == [20, 30])
        #expect(stream.tokenGaps.map(\.tokens) == [1, 1])
        #expect(stream.timePerOutputToken == 25)
    }

    @Test(arguments: [
        "a|", "ab|", "-(ab)|", "-(ab)--c-d|", "--(Ra)b-(cdé)---f-|", "-RR-R--(ab)-é-é--(cd)(ef)g------h|",
        "é-----abcdefgh|",
    ])
    func `the weighted mean inter-token latency is the time per output token`(diagram: String) {
        for output in 1...60 {
            for reasoning in [nil, 2, output / 2] {
                for countsEvents in [false, true] {
                    let stream = metrics(diagram, usage: TokenUsage(output: output, reasoning: reasoning)) { record in
                        guard countsEvents else { return }
                        for index in record.events.indices { record.events[index].tokens = index * 7 % 4 }
                    }
                    let mean = stream.interTokenLatencies.mean
                    if let expected = stream.timePerOutputToken {
                        #expect(isClose(mean, expected))
                    } else {
                        #expect(mean == nil)
                    }
                    #expect(stream.tokens.perEvent.reduce(0, +) == stream.tokens.total)
                }
            }
        }
    }

    @Test func `one token has no pace`() {
        let stream = metrics("-a--|", usage: TokenUsage(output: 1))
        #expect(stream.timePerOutputToken == nil)
        #expect(stream.outputSpeed == nil)
        #expect(stream.gaps.isEmpty)
        #expect(stream.stallCount == 0)
        #expect(stream.stutterIndex == nil)
    }

    @Test func `an end without a terminal event is the last event, not the close`() {
        let sloppy = metrics("-a-b-r---:---x") { $0.outcome = StreamOutcome(.okSloppyEnd) }
        #expect(sloppy.endToEnd == 50)
        #expect(metrics("-a-b-x").endToEnd == nil)
    }

    @Test func `without every event there are no gaps, and the pace is that of first and last`() {
        let stream = metrics("-a---------b|", usage: TokenUsage(output: 11)) { $0.hasEveryEvent = false }
        #expect(stream.gaps.isEmpty)
        #expect(stream.interTokenLatencies.mean == nil)
        #expect(stream.timePerOutputToken == 10)
        #expect(stream.stallCount == nil)
        #expect(stream.smoothDelay() == nil)
        #expect(stream.timeToFirstToken == 10)
        #expect(stream.eventMetrics.map(\.interChunkLatency) == [nil, nil])
    }

    @Test func `a late stamp bounds how early an arrival can have been`() throws {
        let stream = metrics("--a-b--(cd)|") { record in
            for index in record.events.indices { record.events[index].lateBound = .milliseconds(Double(index)) }
        }
        // Bounds 0, 1, 2, 3, 4 ms; the third read can be as late as the later of its events.
        #expect(stream.range(of: "ttft") == 20...20)
        #expect(stream.range(of: "ttlt") == 67...70)
        #expect(stream.range(of: "e2e") == 76...80)
        #expect(stream.gaps.map(\.range) == [19...20, 27...31])
        // (70 - 3 - 20) / 3 and (70 - (20 - 0)) / 3
        let pace = try #require(stream.range(of: "tpot"))
        #expect(isClose(pace.lowerBound, 47.0 / 3))
        #expect(isClose(pace.upperBound, 50.0 / 3))
        #expect(stream.range(of: "ttfb") == nil)
    }

    @Test func `objectives ask for completeness and for every limit`() {
        let limits = [RequestLimit(metric: "ttft", limit: 20), RequestLimit(metric: "output_speed", limit: 50)]
        #expect(metrics("--a-b|", objectives: limits).meetsObjectives == true)
        #expect(metrics("---a-b|", objectives: limits).meetsObjectives == false)
        #expect(metrics("--a---b|", objectives: limits).meetsObjectives == false)
        #expect(metrics("--a-bx", objectives: limits).meetsObjectives == false)
        #expect(metrics("--a|", objectives: limits).meetsObjectives == true)
        #expect(metrics("--r|", objectives: limits).meetsObjectives == false)
        #expect(metrics("--a-b|").meetsObjectives == nil)
    }

    @Test func `exported columns keep their names and leave out what is not known`() {
        let columns = metrics("-a-(bc)|", usage: TokenUsage(input: 9, output: 3)).exportColumns
        #expect(columns.map(\.name) == StreamMetrics.exportColumnNames)
        let cells = Dictionary(uniqueKeysWithValues: columns.map { ($0.name, $0.value) })
        #expect(cells["ttft_ms"] == .number(10))
        #expect(cells["tpot_ms"] == .number(10))
        #expect(cells["streamed_tokens"] == .integer(3))
        #expect(cells["token_source"] == .text("server_usage"))
        #expect(cells["token_basis"] == .text("apportioned"))
        #expect(cells["slo_ok"] == .some(nil))
        #expect(cells["fluidity_index"] == .some(nil))
    }

    @Test func `every metric with a value per request can be asked for by name`() {
        let stream = metrics(
            "-R-a-(bc)---d|", usage: TokenUsage(input: 9, output: 8, cached: 4),
            objectives: [RequestLimit(metric: "ttft", limit: 1000)]
        ) {
            $0.connection = ConnectionPhases(isNew: true)
            $0.headersComplete = $0.firstByte
            $0.serverTimings = ["timings": ["prompt_ms": 1, "predicted_ms": 2]]
            $0.responseHeaders = [HeaderField("openai-processing-ms", "1")]
        }
        for name in MetricCatalogue.requestLimitNames where !Self.askedFor.contains(name) {
            #expect(stream.value(of: name) != nil, "\(name)")
        }
        #expect(Set(MetricCatalogue.all.map(\.name)).count == 64)
    }

    /// What a stream has only where a scenario asks for it; each has a test of its own.
    static let askedFor: Set<String> = [
        "first_sentence", "first_words", "time_to_tokens", "reading_end",
        "time_to_tool", "time_to_tool_name", "time_to_tool_call", "time_to_all_tool_calls", "tool_calls",
        "time_to_first_field", "time_to_valid_json",
    ]
}
