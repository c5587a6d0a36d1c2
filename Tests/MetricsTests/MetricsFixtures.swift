import Timeline

extension RunDescription {
    /// A run with one target named `target`, of as many requests as there are.
    static func fixture(
        load: LoadShape = .closed(concurrency: 1), amount: LoadAmount = .requests(1),
        objectives: [RequestLimit] = [], targets: [TargetRun] = [.fixture()], status: RunStatus = .finished
    ) -> RunDescription {
        RunDescription(
            id: "0123456789ab", scenarioName: "fixture", scenarioText: "", scenarioHash: "", seed: 7,
            toolVersion: "0", libraryVersions: "",
            host: HostDescription(name: "host", system: "", processor: "", cores: 1, bootID: ""),
            clockSource: .kernel, stampFloor: .zero, startedWallClock: 0, started: Instant(nanoseconds: 0),
            status: status, load: load, amount: amount, isInterleaved: false, objectives: objectives,
            targets: targets)
    }
}

extension TargetRun {
    static func fixture(name: String = "target", plannedEnd: Instant? = nil) -> TargetRun {
        TargetRun(name: name, api: "openai-chat", model: "model", baseURL: "http://127.0.0.1", plannedEnd: plannedEnd)
    }
}

extension StreamRecord {
    /// Creates a complete stream of one read per event, from milliseconds after the send and the server's token counts.
    init(
        arrivals: [Double], tokens: [Int?], end: Double?, usage: TokenUsage? = nil, requestIndex: Int = 0,
        sent: Instant = Instant(nanoseconds: 5_000_000_000)
    ) {
        func instant(_ milliseconds: Double) -> Instant { sent + .milliseconds(milliseconds) }
        var events = zip(arrivals, tokens).enumerated().map { index, content in
            StreamEvent(
                index: index, readIndex: index, arrival: instant(content.0), reading: instant(content.0),
                lateBound: .zero, kind: .text, tokens: content.1, characters: 4, contentBytes: 4, wireBytes: 20)
        }
        if let end {
            events.append(
                StreamEvent(
                    index: events.count, readIndex: events.count, arrival: instant(end), reading: instant(end),
                    lateBound: .zero, kind: .terminal))
        }
        self.init(
            requestIndex: requestIndex, target: "target", planned: sent, dispatched: sent, sent: sent,
            firstByte: arrivals.first.map(instant), terminal: end.map(instant), closed: end.map(instant),
            events: events, readCount: events.count, finishReason: "stop", usage: usage)
    }

    /// The stream of ten events, 16 tokens and two stalls by which every metric below is worked out by hand.
    static let golden = StreamRecord(
        arrivals: [400, 412, 424, 436, 700, 705, 706, 760, 772, 1100], tokens: [1, 1, 1, 1, 1, 4, 3, 1, 1, 2],
        end: 1105)
}

/// Whether two numbers agree to twelve digits.
func isClose(_ left: Double?, _ right: Double, tolerance: Double = 1e-12) -> Bool {
    guard let left else { return false }
    return abs(left - right) <= tolerance * max(1, abs(right))
}
