import Store
import Timeline

/// Writes a run of equal requests in batches of 64, as a run does.
struct StoreBenchmark {
    var path: String
    var recordCount: Int
    var eventCount: Int

    private static let batch = 64

    /// `{"records", "events", "seconds"}`.
    var line: String {
        get throws {
            let records = (0..<recordCount).map(record)
            let writer = try RunWriter(path: path)
            let start = MonotonicClock.now()
            try writer.begin(description)
            for first in stride(from: 0, to: recordCount, by: Self.batch) {
                try writer.append(Array(records[first..<min(first + Self.batch, recordCount)]))
            }
            try writer.finish(status: .finished, ended: MonotonicClock.now())
            return Timing(start: start).line(
                ["records": .integer(recordCount), "events": .integer(recordCount * eventCount)])
        }
    }

    private var description: RunDescription {
        RunDescription(
            id: "benchmark", scenarioName: "benchmark", scenarioText: "", scenarioHash: "", seed: 1, toolVersion: "",
            libraryVersions: "", host: HostDescription(name: "", system: "", processor: "", cores: 1, bootID: ""),
            clockSource: .kernel, stampFloor: Nanoseconds(5_000), startedWallClock: 0,
            started: Instant(nanoseconds: 0), load: .closed(concurrency: 1), amount: .requests(recordCount),
            isInterleaved: false,
            targets: [TargetRun(name: "t", api: "openai-chat", model: "m", baseURL: "http://127.0.0.1")])
    }

    private func record(_ index: Int) -> StreamRecord {
        var record = StreamRecord(requestIndex: index, target: "t", planned: Instant(nanoseconds: 0))
        record.outcome = StreamOutcome(.ok)
        record.events = (0..<eventCount).map { event in
            // Gaps of about 10 ms that are no two alike, as real ones.
            let arrival = Instant(nanoseconds: Int64(event) * 10_000_000 + Int64(event * event * 7919 % 1_000_003))
            return StreamEvent(
                index: event, readIndex: event, arrival: arrival,
                reading: arrival + Nanoseconds(20_000 + Int64(event % 977)), lateBound: Nanoseconds(5_000),
                kind: .text, characters: 5, contentBytes: 5, wireBytes: 200)
        }
        return record
    }
}
