import Store
import Testing
import Timeline

/// Reading a run while it is being written.
@Suite struct FollowingTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("runs.sqlite")
    }

    @Test func `rows come in the order of their commits, behind the row that is named, and of one run`() throws {
        var run = RunDescription.example(id: "0ka1")
        run.status = .unfinished
        let other = RunDescription.example(id: "0kb2")
        let (writer, otherWriter) = (try RunWriter(path: path), try RunWriter(path: path))
        try writer.begin(run)
        try otherWriter.begin(other)
        let reader = try RunReader(readingOnly: path)
        #expect(try reader.firstRow(of: run) == nil)
        #expect(try reader.status(of: run) == .unfinished && reader.isBeingWritten(run))
        func record(_ index: Int) -> StreamRecord {
            StreamRecord(
                requestIndex: index, target: run.targets[0].name, planned: run.started,
                outcome: StreamOutcome(.truncated))
        }
        try writer.append([record(5), record(2)])
        try otherWriter.append([record(9)])
        try writer.append([record(0)])
        var rows: [(row: Int, index: Int)] = []
        func read(after row: Int, limit: Int) throws -> Int {
            try reader.forEachRecord(of: run, after: row, limit: limit) { rows.append(($0, $1.requestIndex)) }
        }
        let first = try #require(try reader.firstRow(of: run))
        #expect(try read(after: first - 1, limit: 2) == 2)
        #expect(try read(after: rows[1].row, limit: 2) == 1)
        #expect(try read(after: rows[2].row, limit: 2) == 0)
        #expect(rows.map(\.index) == [5, 2, 0])
        try writer.finish(status: .interrupted, ended: run.started)
        #expect(try reader.status(of: run) == .interrupted && !reader.isBeingWritten(run))
    }

    @Test func `a reader for reading alone can change nothing`() throws {
        #expect(throws: StoreError.self) { try RunReader(readingOnly: path) }
        try RunWriter(path: path).begin(RunDescription.example(id: "0ka1"))
        let reader = try RunReader(readingOnly: path)
        let run = try #require(try reader.run(id: "0ka1"))
        #expect(try reader.run(id: "0ka") == nil)
        #expect(throws: StoreError.self) { try reader.tag(run, "changed") }
        #expect(throws: StoreError.self) { try reader.delete(run) }
        #expect(try RunReader(path: path).run(matching: "0ka1").tags == run.tags)
    }
}
