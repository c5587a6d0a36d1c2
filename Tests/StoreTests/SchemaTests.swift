import Testing
import Timeline

@testable import Store

/// The file as others see it, and files that are not ours.
@Suite struct SchemaTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("runs.sqlite")
    }

    private func storeExample() throws -> RunDescription {
        let run = RunDescription.example()
        let writer = try RunWriter(path: path)
        try writer.begin(run)
        try writer.append([StreamRecord(requestIndex: 0, target: "local", planned: run.started)])
        return run
    }

    @Test(arguments: [
        "UPDATE requests SET outcome = 'fine'", "UPDATE requests SET phase = 'cooldown'",
        "UPDATE requests SET has_every_event = 2", "UPDATE requests SET sent_ns = 'soon'",
        "UPDATE requests SET events = NULL", "UPDATE runs SET status = 'paused'",
        "UPDATE runs SET clock_source = 'sundial'", "UPDATE runs SET arrivals = 'bursty'",
        "UPDATE runs SET concurrency = 4", "UPDATE runs SET amount_requests = 4",
        "UPDATE targets SET http_version = '3'", "UPDATE targets SET connections = 'maybe'",
        "UPDATE requests SET asked_tokens_at_most = 1, asked_tokens_exactly = 1",
        "INSERT INTO requests SELECT * FROM requests",
    ])
    func `the schema refuses values that mean nothing`(change: String) throws {
        _ = try storeExample()
        let answer = rows(of: change, in: path).joined(separator: " ")
        #expect(answer.contains("constraint failed") || answer.contains("cannot store TEXT"))
    }

    @Test func `every case of every enumeration can be stored`() throws {
        var run = RunDescription.example()
        let writer = try RunWriter(path: path)
        var records = OutcomeClass.allCases.enumerated().map { index, outcome in
            StreamRecord(requestIndex: index, target: "local", planned: run.started, outcome: StreamOutcome(outcome))
        }
        for phase in RequestPhase.allCases {
            records.append(
                StreamRecord(requestIndex: records.count, target: "local", phase: phase, planned: run.started))
        }
        records[0].events = StreamEvent.Kind.allCases.enumerated().map { index, kind in
            StreamEvent(
                index: index, readIndex: 0, arrival: run.started, reading: run.started, lateBound: .zero, kind: kind)
        }
        try writer.begin(run)
        try writer.append(records)
        #expect(try RunReader(path: path).records(of: run) == records)
        #expect(rows(of: "SELECT kind FROM events", in: path) == StreamEvent.Kind.allCases.map(\.rawValue))
        for (index, status) in RunStatus.allCases.enumerated() {
            run.id = "run\(index)"
            run.status = status
            run.clockSource = ClockSource.allCases[index % ClockSource.allCases.count]
            run.load = .open(rate: 1, arrivals: LoadShape.Arrivals.allCases[index % 2])
            run.targets[0].httpVersion = Target.HTTPVersion.allCases[index % 2]
            run.targets[0].streams = index % 2 == 0
            run.targets[0].wholeOf = index % 2 == 0 ? nil : "other"
            run.targets[0].relayOf = index % 2 == 0 ? "direct" : nil
            run.targets[0].maxConnections = index % 2 == 0 ? 6 : nil
            run.serverMetrics =
                index % 2 == 0
                ? ServerMetricsPlan(url: "http://h/metrics", gauges: ["a", "b"], interval: .milliseconds(20)) : nil
            run.reader = index % 2 == 0 ? nil : ReaderProfile(words: 3, tokens: 4, speed: 5.5)
            run.targets[0].connections = Target.Connections.allCases[index % 2]
            try RunWriter(path: path).begin(run)
            #expect(try RunReader(path: path).run(matching: run.id) == run)
        }
    }

    @Test func `a database is marked as ours and with its version, and keeps a write-ahead log`() throws {
        _ = try storeExample()
        let pragmas = "PRAGMA application_id; PRAGMA user_version; PRAGMA journal_mode; PRAGMA integrity_check"
        #expect(rows(of: pragmas, in: path) == ["1953785460", String(Migrations.all.list.count), "wal", "ok"])
    }

    @Test func `what a server told of itself comes back in its order`() throws {
        var run = RunDescription.example()
        run.serverMetrics = ServerMetricsPlan(url: "http://h/slots", gauges: ["a", "b"], interval: .milliseconds(20))
        let samples = [
            ServerSample(
                asked: run.started + .milliseconds(1), answered: run.started + .milliseconds(2), values: [1, nil]),
            ServerSample(
                asked: run.started + .milliseconds(3), answered: run.started + .milliseconds(4), values: [nil, nil],
                failure: "no answer"),
            ServerSample(
                asked: run.started + .milliseconds(5), answered: run.started + .milliseconds(6), values: [0, 2.5]),
        ]
        let writer = try RunWriter(path: path)
        try writer.begin(run)
        try writer.append([samples[0]])
        try writer.append([samples[1], samples[2]])
        let reader = try RunReader(path: path)
        let stored = try reader.run(matching: run.id)
        #expect(stored.serverMetrics == run.serverMetrics)
        #expect(try reader.serverSamples(of: stored) == samples)
    }

    @Test func `a missing file is an error that says what to do, and is not created`() {
        #expect(throws: StoreError.fileNotFound(path: path)) { try RunReader(path: path) }
        #expect(StoreError.fileNotFound(path: path).description.contains("--db"))
        #expect(output(of: "ls \(directory.path)") == "")
    }

    @Test func `a file of a newer version is refused and left alone`() throws {
        _ = try storeExample()
        let known = Migrations.all.list.count
        _ = rows(of: "PRAGMA user_version = \(known + 3)", in: path)
        let refusal = StoreError.newerSchema(path: path, found: known + 3, known: known)
        #expect(throws: refusal) { try RunReader(path: path) }
        #expect(throws: refusal) { try RunWriter(path: path) }
        #expect(rows(of: "PRAGMA user_version", in: path) == [String(known + 3)])
    }

    @Test func `a database of another program is refused and left alone`() throws {
        _ = rows(of: "CREATE TABLE runs (id)", in: path)
        let reason = "an SQLite database of another program"
        #expect(throws: StoreError.notADatabase(path: path, reason: reason)) { try RunWriter(path: path) }
        #expect(throws: StoreError.notADatabase(path: path, reason: reason)) { try RunReader(path: path) }
        #expect(rows(of: "PRAGMA journal_mode; SELECT name FROM sqlite_schema", in: path) == ["delete", "runs"])
    }

    @Test(arguments: ["printf 'name: two-models\\n%2000s' x", "head -c 5000 /dev/zero", "printf"])
    func `a file that is no database is refused`(content: String) throws {
        _ = output(of: "\(content) > \(path) || true")
        #expect {
            try RunReader(path: path)
        } throws: { error in
            if case .notADatabase? = error as? StoreError { true } else { false }
        }
    }

    @Test func `a directory in place of a file is an error with its path`() throws {
        #expect {
            try RunWriter(path: directory.path)
        } throws: { error in "\(error)".hasPrefix("\(directory.path): cannot be written (unable to open") }
    }

    @Test func `a packed text that nobody wrote is an error with its place`() throws {
        let run = try storeExample()
        _ = rows(of: "UPDATE requests SET events = '[[0,0,1,x'", in: path)
        let expected = StoreError.unreadable(
            path: path, place: "run 0k3f9x2m1abc, request 0, attempt 1, column events",
            reason: "byte 8: expected an integer")
        #expect(throws: expected) { try RunReader(path: path).records(of: run) }
    }

    @Test func `user, password and keys in URLs are not stored`() throws {
        var run = RunDescription.example()
        run.targets[0].baseURL = "https://me:hunter2@host.example:8443/v1?key=s3cr3t&api-version=2024-10-21"
        run.scenarioText = "base_url: https://me:hunter2@host.example/v1 # ask ops@host.example\n"
        run.overrides = ["targets.local.base_url=http://hunter2@host.example"]
        let writer = try RunWriter(path: path)
        try writer.begin(run)
        try writer.update(run.targets[0])
        let stored = try RunReader(path: path).run(matching: "latest")
        #expect(stored.targets[0].baseURL == "https://host.example:8443/v1?key=***&api-version=2024-10-21")
        #expect(stored.scenarioText == "base_url: https://host.example/v1 # ask ops@host.example\n")
        #expect(stored.overrides == ["targets.local.base_url=http://host.example"])
        #expect(output(of: "cat \(path)* | grep -c -a -e hunter2 -e s3cr3t") == "0\n")
    }
}
