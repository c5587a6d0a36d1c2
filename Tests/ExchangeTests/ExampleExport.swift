import Exchange
import Timeline

/// A run with every kind of record, and an export of it whose computed columns are stated, not computed.
enum ExampleExport {
    static let start = Instant(nanoseconds: 9_007_199_254_740_993)

    static let run: RunDescription = {
        var run = described
        run.measuringThreads = [
            ThreadUse(processorTime: Nanoseconds(1), lifetime: Nanoseconds(4)),
            ThreadUse(processorTime: Nanoseconds(3), lifetime: Nanoseconds(4)),
        ]
        return run
    }()

    private static let described = RunDescription(
        id: "0k3f9x2m1abc", scenarioName: "two, models", scenarioText: "", scenarioHash: "abc", seed: .max,
        toolVersion: "0.1.0", libraryVersions: "libcurl/7.88.1",
        host: HostDescription(name: "bench", system: "Linux", processor: "EPYC", cores: 2, bootID: "b-1"),
        clockSource: .kernel, stampFloor: Nanoseconds(7_200), startedWallClock: 1_700_000_000_123_456_789,
        started: start, ended: start, status: .finished, load: .closed(concurrency: 4), amount: .requests(3),
        isInterleaved: true, tags: ["nightly", "main"],
        targets: [
            TargetRun(name: "local", api: "openai-chat", model: "m1", baseURL: "http://127.0.0.1:8000/v1"),
            TargetRun(name: "hosted", api: "anthropic", model: "m\"2", baseURL: "https://api.example"),
        ])

    static func instant(_ nanoseconds: Int64) -> Instant { start + Nanoseconds(nanoseconds) }

    /// Sent 1 ms + 1 ns after the start; reasoning, two texts in one read, control and end.
    static var complete: StreamRecord {
        func event(_ index: Int, read: Int, at offset: Int64, _ kind: StreamEvent.Kind, bytes: Int) -> StreamEvent {
            StreamEvent(
                index: index, readIndex: read, arrival: instant(1_000_001 + offset),
                reading: instant(1_000_001 + offset + 40), lateBound: Nanoseconds(7_200), kind: kind,
                characters: bytes, contentBytes: bytes)
        }
        var record = StreamRecord(
            requestIndex: 7, attempt: 2, target: "local", promptID: "p1", clientRequestID: "ttft-7",
            planned: instant(250_000), dispatched: instant(500_000), sent: instant(1_000_001))
        record.connection = ConnectionPhases(isNew: true, connect: Nanoseconds(123_456))
        record.firstByte = instant(1_000_001 + 50_000_000)
        record.terminal = instant(1_000_001 + 400_000_007)
        record.events = [
            event(0, read: 0, at: 50_000_000, .control, bytes: 0),
            event(1, read: 1, at: 100_000_000, .reasoning, bytes: 4),
            event(2, read: 2, at: 300_000_003, .text, bytes: 3),
            event(3, read: 2, at: 300_000_003, .text, bytes: 1),
            event(4, read: 3, at: 400_000_007, .terminal, bytes: 0),
        ]
        record.readCount = 4
        record.bytesReceived = 900
        record.httpStatus = 200
        record.httpVersion = "1.1"
        record.finishReason = "stop"
        record.servedModel = "m1-2026"
        record.usage = TokenUsage(input: 11, output: 8, reasoning: 4)
        record.rateLimits = RateLimits(allowances: [
            .init(name: "tokens", limit: 40_000, remaining: 0, reset: Nanoseconds(17_000_000)),
            .init(name: "requests-day", limit: 1000, remaining: 999), .init(name: "", limit: 5),
            .init(name: "requests", remaining: 3),
        ])
        return record
    }

    static var failed: StreamRecord {
        StreamRecord(
            requestIndex: 8, target: "hosted", phase: .warmup, promptID: "-1+1", planned: instant(2_000_000),
            outcome: StreamOutcome(.connectError, detail: "refused", message: "=cmd(), \"said\"\r\nthe\nserver 日本"))
    }

    static let metricColumns = [
        MetricColumn(name: "ttfb_ms", unit: "ms", description: "d"),
        MetricColumn(name: "ttft_ms", unit: "ms", description: "d"),
        MetricColumn(name: "ttfat_ms", unit: "ms", description: "d"),
        MetricColumn(name: "ttlt_ms", unit: "ms", description: "d"),
        MetricColumn(name: "e2e_ms", unit: "ms", description: "d"),
        MetricColumn(name: "tpot_ms", unit: "ms/token", description: "d"),
        MetricColumn(name: "stall_count", type: .integer, description: "d"),
        MetricColumn(name: "slo_ok", type: .boolean, description: "d"),
        MetricColumn(name: "token_source", type: .string, description: "d"),
    ]

    /// Eight tokens: four reasoning, then three and one in one read; 200.000003 ms over the last four.
    static func metrics(_ record: StreamRecord) -> RecordMetrics {
        guard record.requestIndex == 7 else {
            return RecordMetrics(cells: [MetricCell?](repeating: nil, count: 9), eventTokens: [], eventGaps: [])
        }
        return RecordMetrics(
            cells: [
                .milliseconds(Nanoseconds(50_000_000)), .milliseconds(Nanoseconds(100_000_000)),
                .milliseconds(Nanoseconds(300_000_003)), .milliseconds(Nanoseconds(300_000_003)),
                .milliseconds(Nanoseconds(400_000_007)), .number(50.00000075), .integer(0), .boolean(true),
                .text("server_usage"),
            ],
            eventTokens: [nil, 4, 3, 1, nil], eventGaps: [nil, nil, Nanoseconds(200_000_003), nil, nil])
    }

    static func write(to directory: String, options: ExportWriter.Options = .init()) throws {
        var writer = ExportWriter(metricColumns: metricColumns, options: options)
        writer.add(
            run, records: [complete, failed],
            windows: ["local": ExportedWindow(start: instant(1_000_001), end: instant(401_000_008))], metrics: metrics)
        try writer.write(toDirectory: directory, summary: "run_id,target\n0k3f9x2m1abc,local\n")
    }
}
