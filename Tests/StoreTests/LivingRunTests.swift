import FoundationEssentials
import Store
import Testing
import Timeline

/// A run that is being written belongs to its writer, and to nobody once the writer is gone.
@Suite struct LivingRunTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("runs.sqlite")
    }

    @Test func `a run is not deleted while its writer lives, not even by way of a link`() throws {
        let writer = try RunWriter(path: path)
        let run = RunDescription.example(id: "0kd4")
        try writer.begin(run)
        let link = directory.file("link.sqlite")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        for path in [path, link] {
            #expect(throws: StoreError.runGoesOn(id: "0kd4", path: path)) { try RunReader(path: path).delete(run) }
        }
        try writer.append([StreamRecord(requestIndex: 0, target: "local", planned: run.started)])
        try writer.finish(status: .finished, ended: run.started)
        #expect(rows(of: "SELECT count(*) FROM requests", in: path) == ["1"])
        try RunReader(path: path).delete(run)
        #expect(rows(of: "SELECT count(*) FROM runs", in: path) == ["0"])
    }

    @Test func `nothing is left beside the database by a run that ended, or whose remains were deleted`() throws {
        let run = RunDescription.example(id: "0kd4")
        do {
            let writer = try RunWriter(path: path)
            try writer.begin(run)
        }
        try RunReader(path: path).delete(run)
        let writer = try RunWriter(path: path)
        try writer.begin(run)
        try writer.finish(status: .finished, ended: run.started)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        #expect(names.filter { !["runs.sqlite", "runs.sqlite-wal", "runs.sqlite-shm"].contains($0) } == [])
    }

    @Test func `a writer whose run another program deleted says so`() throws {
        let writer = try RunWriter(path: path)
        let run = RunDescription.example(id: "0kd4")
        try writer.begin(run)
        _ = rows(of: "PRAGMA foreign_keys = ON; DELETE FROM runs", in: path)
        let gone = StoreError.runGone(id: "0kd4", path: path)
        #expect(throws: gone) {
            try writer.append([StreamRecord(requestIndex: 0, target: "local", planned: run.started)])
        }
        #expect(throws: gone) { try writer.finish(status: .finished, ended: run.started) }
    }
}
