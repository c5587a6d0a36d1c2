import Store
import Testing
import Timeline

@Suite struct ConcurrentWritingTests {
    @Test func `several writers create one database and fill it at the same time, while it is read`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("runs.sqlite")
        let batches = 40
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask {
                    let run = RunDescription.example(id: "run\(number)", startedWallClock: Int64(number))
                    let writer = try RunWriter(path: path)
                    try writer.begin(run)
                    for index in 0..<batches {
                        let record = StreamRecord(requestIndex: index, target: "local", planned: run.started)
                        try writer.append([record])
                        #expect(try RunReader(path: path).records(of: run).count == index + 1)
                    }
                    try writer.finish(status: .finished, ended: run.started)
                }
            }
            try await group.waitForAll()
        }
        let runs = try RunReader(path: path).runs()
        #expect(runs.map(\.run.id) == ["run3", "run2", "run1", "run0"])
        #expect(runs.map(\.attempts) == [batches, batches, batches, batches])
        #expect(runs.allSatisfy { $0.run.status == .finished })
    }

    @Test func `another process that writes is waited for`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("runs.sqlite")
        let run = RunDescription.example()
        let writer = try RunWriter(path: path)
        try writer.begin(run)
        // The shell holds the write lock for 0.3 s; the marker says that it has it.
        let marker = directory.file("locked")
        let script = "BEGIN IMMEDIATE;\n.system touch \(marker); sleep 0.3\nCOMMIT;"
        _ = output(
            of: "printf '%s' '\(script)' | sqlite3 \(path) > /dev/null & while ! test -e \(marker); do sleep 0.01; done"
        )
        let before = MonotonicClock.now()
        try writer.append([StreamRecord(requestIndex: 0, target: "local", planned: run.started)])
        #expect(MonotonicClock.now() - before > .milliseconds(100))
        #expect(try RunReader(path: path).records(of: run).count == 1)
    }
}
