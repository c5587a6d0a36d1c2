import Store
import Testing
import Timeline

@Suite struct RoundTripTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("runs.sqlite")
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `any record comes back as it was appended`(seed: UInt64) throws {
        let run = RunDescription.example()
        let targets = run.targets.map(\.name)
        var random = RandomRecords(seed: seed)
        let records = (0..<50).map { random.record(requestIndex: $0 / 2, attempt: $0 % 2 + 1, targets: targets) }
        let writer = try RunWriter(path: path)
        try writer.begin(run)
        try writer.append(records)
        let read = try RunReader(path: path).records(of: run)
        #expect(read == records)
    }

    @Test func `a run comes back as it was begun, whichever way it is loaded`() throws {
        var closed = RunDescription.example(id: "closed", startedWallClock: 2)
        closed.load = .closed(concurrency: 4)
        closed.amount = .requests(100)
        closed.clockSourceReason = nil
        closed.ended = nil
        closed.pairedDesign = nil
        let open = RunDescription.example(id: "open", startedWallClock: 1)
        try RunWriter(path: path).begin(open)
        try RunWriter(path: path).begin(closed)
        #expect(try RunReader(path: path).runs().map(\.run) == [closed, open])
    }

    @Test func `records come back in the order of the plan, not of their ends`() throws {
        let run = RunDescription.example()
        let order = [(7, 1), (2, 2), (2, 1), (0, 1)]
        let writer = try RunWriter(path: path)
        try writer.begin(run)
        for (index, attempt) in order {
            let record = StreamRecord(requestIndex: index, attempt: attempt, target: "local", planned: run.started)
            try writer.append([record])
        }
        let read = try RunReader(path: path).records(of: run)
        #expect(read.map(\.requestIndex) == [0, 2, 2, 7])
        #expect(read.map(\.attempt) == [1, 1, 2, 1])
    }

    @Test func `the end of a run and the phases of its targets are stored when they come`() throws {
        var run = RunDescription.example()
        run.status = .unfinished
        run.ended = nil
        let writer = try RunWriter(path: path)
        try writer.begin(run)
        let reader = try RunReader(path: path)
        #expect(try reader.run(matching: "latest").status == .unfinished)

        run.targets[1].phaseStart = Instant(nanoseconds: 5_000_000_123)
        run.targets[1].plannedEnd = nil
        try writer.update(run.targets[1])
        run.status = .finished
        run.ended = Instant(nanoseconds: 6_000_000_000)
        run.measuringThreads = [
            ThreadUse(processorTime: Nanoseconds(120), lifetime: Nanoseconds(1_000)),
            ThreadUse(processorTime: Nanoseconds(7), lifetime: Nanoseconds(900)),
        ]
        try writer.finish(
            status: .finished, ended: Instant(nanoseconds: 6_000_000_000), threads: run.measuringThreads)
        #expect(try reader.run(matching: "latest") == run)
    }

    @Test func `a batch with one bad record is refused whole`() throws {
        let run = RunDescription.example()
        let writer = try RunWriter(path: path)
        try writer.begin(run)
        let good = StreamRecord(requestIndex: 0, target: "local", planned: run.started)
        let stranger = StreamRecord(requestIndex: 1, target: "stranger", planned: run.started)
        #expect(throws: StoreError.self) { try writer.append([good, stranger]) }
        #expect(try RunReader(path: path).records(of: run).isEmpty)
        try writer.append([good])
        #expect(throws: StoreError.self) { try writer.append([good]) }
        #expect(try RunReader(path: path).records(of: run) == [good])
    }
}
