import Timeline

extension RunDescription {
    /// A run of two targets with every field set.
    static func example(
        id: String = "0k3f9x2m1abc", targets: [String] = ["local", "hosted"], startedWallClock: Int64 = 1_700_000_000
    ) -> RunDescription {
        RunDescription(
            id: id, scenarioName: "two-models", scenarioText: "name: two-models\nseed: 42 # \"quoted\"\n",
            overrides: ["load.closed.concurrency=8", "seed=1"], scenarioHash: "abc123", seed: .max,
            toolVersion: "0.1.0", libraryVersions: "libcurl/7.88.1 SQLite/3.40.1",
            host: HostDescription(name: "bench", system: "Linux 6.1", processor: "EPYC", cores: 2, bootID: "b-1"),
            clockSource: .read, clockSourceReason: "the self-test failed", stampFloor: Nanoseconds(7_200),
            startedWallClock: startedWallClock, started: Instant(nanoseconds: 5_000_000_000),
            ended: Instant(nanoseconds: 4_000_000_000), status: .interrupted,
            load: .open(rate: 0.1, arrivals: .poisson), amount: .duration(.seconds(60)), isInterleaved: true,
            maxErrorRate: 0.25, objectives: [RequestLimit(metric: "ttft", limit: 800)],
            budgets: [
                Budget(metric: "ttft", statistic: "p95", comparison: .atMost, limit: 0.1),
                Budget(metric: "success", statistic: nil, comparison: .atLeast, limit: 0.99),
            ], tags: ["nightly"],
            targets: targets.map {
                TargetRun(
                    name: $0, api: "openai-chat", model: "m", baseURL: "https://\($0).example/v1", httpVersion: .two,
                    connections: .fresh, isSimulated: true, plannedEnd: Instant(nanoseconds: 65_000_000_000))
            }, skipped: ["other": "no key"],
            pairedDesign: PairedDesign(
                baseline: "local", candidate: "hosted", metrics: ["ttft", "tpot"], margin: 0.07, successMargin: 0.03,
                errorRate: 0.02, looks: [200, 400], pairsPerConnection: 7))
    }
}
