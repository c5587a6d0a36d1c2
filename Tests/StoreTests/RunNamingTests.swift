import Store
import Testing
import Timeline

@Suite struct RunNamingTests {
    private let directory: TemporaryDirectory
    private let path: String
    private let reader: RunReader

    /// Three runs, the newest `0kc3`.
    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("runs.sqlite")
        for (age, id) in ["0kc3", "0kb2", "0ka1"].enumerated() {
            var run = RunDescription.example(id: id, startedWallClock: Int64(100 - age))
            run.tags = []
            try RunWriter(path: path).begin(run)
        }
        reader = try RunReader(path: path)
    }

    @Test(arguments: [
        ("latest", "0kc3"), ("latest~0", "0kc3"), ("latest~1", "0kb2"), ("latest~2", "0ka1"), ("0kb2", "0kb2"),
        ("0ka", "0ka1"),
    ])
    func `a run is found by its age, its id and the beginning of its id`(name: String, id: String) throws {
        #expect(try reader.run(matching: name).id == id)
    }

    @Test func `a tag names a run before a beginning does, until it is taken away`() throws {
        try reader.tag(try reader.run(matching: "0kb2"), "0ka")
        #expect(try reader.run(matching: "0ka").id == "0kb2")
        #expect(try reader.run(matching: "0kb2").tags == ["0ka"])
        try reader.untag(try reader.run(matching: "0kb2"), "0ka")
        #expect(try reader.run(matching: "0ka").id == "0ka1")
    }

    @Test func `a tag that another run has moves, and the others that either has stay`() throws {
        for tag in ["good", "old"] { try reader.tag(try reader.run(matching: "0ka1"), tag) }
        #expect(try reader.tag(try reader.run(matching: "0kb2"), "good") == ["0ka1"])
        #expect(try reader.tag(try reader.run(matching: "0kb2"), "good") == [])
        #expect(try reader.runs().map(\.run.tags) == [[], ["good"], ["old"]])
        #expect(try reader.run(matching: "good").id == "0kb2")
    }

    @Test func `a name of several runs is refused with their ids`() throws {
        #expect {
            try reader.run(matching: "0k")
        } throws: { error in
            "\(error)".contains("names 3 runs")
                && ["0kc3", "0kb2", "0ka1"].allSatisfy { "\(error)".contains("\n  \($0)  two-models") }
        }
        // Two writers that were given the same tag from the start.
        for id in ["1ka1", "1kc3"] {
            try RunWriter(path: path).begin(RunDescription.example(id: id))
        }
        #expect {
            try reader.run(matching: "nightly")
        } throws: { error in "\(error)".contains("names 2 runs") && !"\(error)".contains("0kb2") }
    }

    @Test(arguments: ["latest~3", "latest~-1", "nobody", "", "0KA1", "latest~"])
    func `a name of no run is refused with the runs there are`(name: String) {
        #expect {
            try reader.run(matching: name)
        } throws: { error in "\(error)".contains("no run '\(name)'") && "\(error)".contains("0kc3  two-models") }
    }

    @Test(arguments: ["latest", "latest~1", "", "two words", "nul\u{0}", String(repeating: "x", count: 65)])
    func `a tag that could be taken for something else is refused`(tag: String) throws {
        #expect(throws: StoreError.invalidTag(tag)) { try reader.tag(try reader.run(matching: "latest"), tag) }
    }

    @Test func `a deleted run takes its records along and no other's`() throws {
        let run = RunDescription.example(id: "0kd4", startedWallClock: 200)
        let other = RunDescription.example(id: "0ke5", startedWallClock: 201)
        for run in [run, other] {
            let writer = try RunWriter(path: path)
            try writer.begin(run)
            try writer.append([StreamRecord(requestIndex: 0, target: "local", planned: run.started)])
        }
        try reader.delete(run)
        #expect(rows(of: "SELECT run_id FROM requests", in: path) == ["0ke5"])
        #expect(rows(of: "SELECT count(*) FROM targets WHERE run_id = '0kd4'", in: path) == ["0"])
        #expect(try reader.runs().map(\.run.id) == ["0ke5", "0kc3", "0kb2", "0ka1"])
        #expect(throws: StoreError.self) { try reader.delete(run) }
    }

    @Test func `an overview counts measured requests, and measured, complete and warm-up attempts of each run`() throws
    {
        let run = RunDescription.example(id: "0kd4", startedWallClock: 200)
        let outcomes: [(RequestPhase, OutcomeClass)] = [
            (.warmup, .ok), (.warmup, .httpError), (.measured, .ok), (.measured, .okSloppyEnd), (.measured, .truncated),
            (.measured, .ok),
        ]
        let records = outcomes.enumerated().map { index, outcome in
            StreamRecord(
                requestIndex: index, target: run.targets[index % 2].name, phase: outcome.0, planned: run.started,
                outcome: StreamOutcome(outcome.1))
        }
        let writer = try RunWriter(path: path)
        try writer.begin(run)
        try writer.append(records)
        var retry = records[4]
        (retry.attempt, retry.outcome) = (2, StreamOutcome(.truncated))
        try writer.append([retry])
        // Cancelled on purpose, and by somebody who stopped the run: the first is no failure.
        var cancelled = records[2]
        (cancelled.requestIndex, cancelled.outcome) = (10, StreamOutcome(.cancelled))
        cancelled.cancellation = Cancellation(instant: run.started)
        var interrupted = cancelled
        (interrupted.requestIndex, interrupted.cancellation) = (11, nil)
        try writer.append([cancelled, interrupted])
        let overview = try reader.runs()[0]
        #expect(overview == RunOverview(run: run, requests: 5, attempts: 6, complete: 3, warmupAttempts: 2))
        #expect(try reader.runs()[1].attempts == 0)
    }
}
