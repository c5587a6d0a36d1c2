import Metrics
import Timeline

/// Hand-made summaries: every figure below was chosen, none was computed by the code under test.
enum Fixture {
    static let definitions: [String: MetricDefinition] = [
        "ttft": metric("ttft", "TTFT", .milliseconds, "From the first byte sent to the first content of any kind."),
        "tpot": metric("tpot", "TPOT", .millisecondsPerToken, "Mean time per output token after the first."),
        "itl": metric("itl", "ITL", .millisecondsPerToken, "Time between tokens, weighted by tokens."),
        "e2e": metric("e2e", "E2E", .milliseconds, "From the first byte sent to the terminal event."),
        "output_speed": metric(
            "output_speed", "output speed", .tokensPerSecond, "Tokens per second of one stream.", true),
        "output_throughput": metric(
            "output_throughput", "output throughput", .tokensPerSecond, "Tokens per second of all streams.", true, true),
        "request_throughput": metric(
            "request_throughput", "request throughput", .requestsPerSecond, "Complete requests per second.", true, true),
        "goodput": metric("goodput", "goodput", .share, "The share of attempts that meet every limit.", true, true),
    ]

    static func metric(
        _ name: String, _ title: String, _ unit: MetricDefinition.Unit, _ definition: String,
        _ isHigherBetter: Bool = false,
        _ isOnePerRun: Bool = false
    ) -> MetricDefinition {
        MetricDefinition(
            name: name, title: title, unit: unit, isHigherBetter: isHigherBetter, definition: definition,
            formula: "see the definition", isOnePerRun: isOnePerRun)
    }

    /// The row of one metric: mean, p50, p90, p95, p99, max; intervals for p50 and p99.
    static func row(
        _ name: String, _ values: [Double], _ median: ClosedRange<Double>?, _ tail: ClosedRange<Double>?, count: Int,
        late: Double = 0
    ) -> MetricSummary {
        let statistics: [Statistic] = [.mean, .p50, .p90, .p95, .p99, .max]
        let needs: [Statistic: Int] = [.p50: 6, .p90: 36, .p95: 72, .p99: 368]
        let estimates = zip(statistics, values).map { statistic, value in
            let interval: ClosedRange<Double>? =
                switch statistic {
                case .p50: median
                case .p99: tail
                case .p90, .p95: count >= needs[statistic] ?? 0 ? value - 4...value + 4 : nil
                default: nil
                }
            return Estimate(
                statistic: statistic, value: value, interval: interval,
                method: needs[statistic] == nil ? "none" : "order_statistic", count: count,
                countNeeded: interval == nil ? needs[statistic] : nil, measurementRange: value - late...value)
        }
        return MetricSummary(metric: definitions[name] ?? metric(name, name, .count, ""), estimates: estimates)
    }

    static func single(_ name: String, _ value: Double, _ interval: ClosedRange<Double>?, count: Int) -> MetricSummary {
        MetricSummary(
            metric: definitions[name] ?? metric(name, name, .count, ""),
            estimates: [
                Estimate(
                    statistic: .value, value: value, interval: interval, method: interval == nil ? "none" : "wilson",
                    count: count)
            ])
    }

    static let chatMetrics = [
        row(
            "ttft", [341.25, 318.241592, 512, 604.21, 1180.4, 2894.02], 312.2...325.1, 960.4...2410.75, count: 929,
            late: 0.0508),
        row("tpot", [14.02, 13.812, 15.04, 15.61, 19.2, 31], 13.7...13.9, 17.5...24, count: 929, late: 0.0021),
        row("itl", [14.02, 13.1, 16.4, 18.8, 44, 812.4], 13...13.2, 39.1...52.7, count: 929, late: 0.14),
        row("e2e", [2101.5, 2004.2, 2390, 2532, 3410, 5102], 1990...2021, 3120...4890, count: 929, late: 0.06),
        row("output_speed", [71.3, 72.4, 78, 79.5, 82.1, 84], 71.9...73, 80.2...84, count: 929),
        single("output_throughput", 948.2, nil, count: 938), single("request_throughput", 7.742, nil, count: 938),
        single("goodput", 0.9613, 0.947...0.972, count: 938),
    ]

    static let error = MeasurementError(
        lag: MeasurementError.Spread(p50: 0.03, p99: 0.11, max: 2.4),
        lateBound: MeasurementError.Spread(p50: 0.009, p99: 0.0206, max: 0.14),
        queueDelay: MeasurementError.Spread(p50: 0.02, p99: 0.08, max: 0.3), eventsPerRead: 1.02, limitedFigures: [])

    static let chatTarget = TargetSummary(
        target: TargetRun(
            name: "openai-a", api: "openai-chat", model: "gpt-4o-mini", baseURL: "https://api.openai.com/v1"),
        attempts: 938, complete: 929, warmupAttempts: 30,
        outcomes: [
            OutcomeCount(outcome: .ok, detail: nil, count: 929, example: nil),
            OutcomeCount(outcome: .httpError, detail: "rate_limited", count: 7, example: "429: Rate limit reached"),
            OutcomeCount(outcome: .timeoutStall, detail: nil, count: 2, example: nil),
        ], metrics: chatMetrics, windowStart: Instant(nanoseconds: 5_000_000_000),
        windowEnd: Instant(nanoseconds: 125_000_000_000), tokenSources: ["server_usage": 929],
        finishReasons: ["stop": 812, "length": 117], requestedOutputTokens: .atMost(128), meanOutputTokens: 122.48,
        servedModels: ["gpt-4o-mini-2024-07-18": 929], error: error,
        warnings: [
            "two streams waited more than 1 s between tokens: look at them with ttft show 01jd3z6q7abc --slowest",
            "TTFT rises by 3 % per minute: not steady; measure for longer or use ttft ab",
        ])

    static func run(
        targets: [TargetSummary], name: String = "chat-short", load: LoadShape, amount: LoadAmount
    ) -> RunDescription {
        RunDescription(
            id: "01jd3z6q7abc", scenarioName: name, scenarioText: "name: \(name)\napi_key_env: SECRET_CANARY\n",
            overrides: ["targets.a.headers.X-Key=SECRET_CANARY"], scenarioHash: "9f2c", seed: 42, toolVersion: "0.1.0",
            libraryVersions: "libcurl/8.5.0 sqlite/3.45.1",
            host: HostDescription(
                name: "bench-1", system: "Linux 6.8", processor: "Xeon 8370C", cores: 2, bootID: "b00t"),
            clockSource: .kernel, stampFloor: Nanoseconds(9_000), startedWallClock: 1_795_372_030_042_000_000,
            started: Instant(nanoseconds: 1_000_000_000), ended: Instant(nanoseconds: 126_500_000_000),
            status: .finished,
            load: load, amount: amount, isInterleaved: true,
            objectives: [RequestLimit(metric: "ttft", limit: 800), RequestLimit(metric: "tpot", limit: 25)],
            targets: targets.map(\.target))
    }

    static let named = ["chat": chat, "small": small, "six": six]

    /// One target under open load, with failures and two warnings.
    static let chat = RunSummary(
        run: run(targets: [chatTarget], load: .open(rate: 8, arrivals: .poisson), amount: .duration(.seconds(120))),
        targets: [chatTarget])

    /// One target with 20 requests: too few for any tail.
    static let small: RunSummary = {
        var target = chatTarget
        (target.attempts, target.complete, target.warmupAttempts) = (20, 20, 0)
        target.outcomes = [OutcomeCount(outcome: .ok, detail: nil, count: 20, example: nil)]
        target.finishReasons = ["length": 20]
        target.metrics = [
            row("ttft", [451, 450.21, 450.6, 450.9, 451.2, 452.1], 450.1...450.4, nil, count: 20, late: 0.02),
            row("tpot", [6.9, 6.8973, 6.9, 6.91, 6.91, 6.92], 6.8969...6.8981, nil, count: 20, late: 0.0004),
            single("output_throughput", 412.75, nil, count: 20), single("request_throughput", 0.412, nil, count: 20),
        ]
        target.warnings = ["no warm-up: the first requests pay for connections; set load.warmup.requests"]
        var run = Fixture.run(
            targets: [target], name: "first-try", load: .closed(concurrency: 4), amount: .requests(20))
        run.objectives = []
        return RunSummary(run: run, targets: [target])
    }()

    /// The six tempos of the field, simulated.
    static let six: RunSummary = {
        let tempos: [(name: String, first: Double, speed: Double)] = [
            ("gpt-4o", 450.2, 145.02), ("gpt-4o-mini", 350.14, 199.9), ("claude-4.5-sonnet", 1240.3, 71.01),
            ("claude-sonnet-4.6", 850.27, 54.002), ("gemini-2.0-flash", 340.11, 299.8),
            ("llama-4-scout", 330.09, 2598.4),
        ]
        let targets = tempos.map { tempo in
            var target = chatTarget
            target.target = TargetRun(
                name: tempo.name, api: "openai-chat", model: tempo.name, baseURL: "http://127.0.0.1:8080/v1",
                isSimulated: true)
            (target.attempts, target.complete, target.warmupAttempts) = (100, 100, 4)
            target.outcomes = [OutcomeCount(outcome: .ok, detail: nil, count: 100, example: nil)]
            target.finishReasons = ["stop": 100]
            (target.requestedOutputTokens, target.meanOutputTokens) = (.exactly(200), 200)
            let gap = 1000 / tempo.speed
            let total = tempo.first + 199 * gap
            target.metrics = [
                row(
                    "ttft",
                    [tempo.first, tempo.first, tempo.first + 0.5, tempo.first + 0.7, tempo.first + 2, tempo.first + 3],
                    tempo.first - 0.1...tempo.first + 0.12, nil, count: 100, late: 0.03),
                row("tpot", [gap, gap, gap, gap, gap, gap], gap - 0.001...gap + 0.001, nil, count: 100, late: 0.0002),
                row(
                    "itl", [gap, gap, gap, gap, gap * 1.2, gap * 3], gap - 0.001...gap + 0.001, nil, count: 100,
                    late: 0.02),
                row(
                    "e2e", [total, total, total + 1, total + 1, total + 2, total + 3], total - 0.2...total + 0.2, nil,
                    count: 100),
                row(
                    "output_speed", Array(repeating: tempo.speed, count: 6), tempo.speed * 0.999...tempo.speed * 1.001,
                    nil, count: 100),
                single("output_throughput", tempo.speed * 3.1, nil, count: 100),
            ]
            target.warnings = []
            return target
        }
        var run = Fixture.run(
            targets: targets, name: "six-models", load: .closed(concurrency: 4), amount: .requests(100))
        run.objectives = []
        return RunSummary(run: run, targets: targets)
    }()
}
