import Foundation
import Glibc
import Testing
import Timeline

/// What can go wrong with runs that are stored, and what a person is told.
@Suite struct StoredRunTests {
    private static let endless = """
        name: endless
        targets:
          - {name: played, simulate: {ttft: 20ms, gap: 1ms, tokens: 10}}
        load: {closed: {concurrency: 1}, requests: 100000}
        """
    private static let short = """
        name: short
        targets:
          - {name: played, simulate: {ttft: 5ms, gap: 1ms, tokens: 5}}
        load: {closed: {concurrency: 1}, requests: 5}
        """

    @Test func `a run that another process measures is not deleted, until that process is killed`() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("runs.sqlite").path
        let scenario = try folder.write(Self.endless, to: "endless.yaml")
        let (process, finish) = try Tool.start(Tool.path, ["run", scenario, "--db", database])
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        let rows = StoredRows(path: database)
        let isUnderWay = eventually(within: 20) {
            (try? rows.texts("SELECT count(*) > 2 FROM requests")) == ["1"]
        }
        try #require(isUnderWay)
        let refused = try Tool.run("runs", "delete", "latest", "--db", database)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("is being measured by another process at this moment; wait for its end"))
        Thread.sleep(forTimeInterval: 0.5)
        #expect(process.isRunning)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(finish().errors == "")
        #expect(try Tool.run("runs", "delete", "latest", "--db", database).status == 0)
        #expect(try rows.texts("SELECT count(*) FROM runs") == ["0"])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(names.filter { $0.contains("-writes-") } == [])
    }

    /// Runs the tool as somebody who may read the folder and not write to it, also where the tests run as root.
    private func asStranger(_ arguments: String...) throws -> Tool.Result {
        guard geteuid() == 0 else { return try Tool.run(executable: Tool.path, arguments) }
        let demotion = ["--reuid=65534", "--regid=65534", "--clear-groups", Tool.path]
        return try Tool.run(executable: "/usr/bin/setpriv", demotion + arguments)
    }

    @Test func `a database in a folder that cannot be written is read, and not changed`() throws {
        let folder = try TemporaryFolder()
        // A name that a URI would take apart.
        let database = folder.file("a b%20?c#d.sqlite").path
        let scenario = try folder.write(Self.short, to: "short.yaml")
        try #require(try Tool.run("run", scenario, "--db", database, "--allow-client-limited").status == 0)
        let written = try Tool.run("report", "--db", database)
        chmod(folder.url.path, 0o555)
        defer { chmod(folder.url.path, 0o755) }
        let read = try asStranger("report", "--db", database)
        #expect(read.status == 0, "\(read.errors)")
        #expect(read.output == written.output)
        let tagged = try asStranger("runs", "tag", "latest", "good", "--db", database)
        #expect(tagged.status == 1)
        #expect(tagged.errors.contains("cannot be written") && tagged.errors.contains("with --db FILE"))
        let measured = try asStranger("run", scenario, "--db", folder.file("new.sqlite").path)
        #expect(measured.status == 1)
        #expect(measured.errors.contains("cannot be written") && !measured.errors.contains("PRAGMA"))
    }

    @Test func `a full disk ends the run with what is safe, and no statement is printed`() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("runs.sqlite").path
        let scenario = try folder.write(Self.endless, to: "endless.yaml")
        // A file that may not grow beyond 256 KiB answers writes as a full disk does.
        let script = "trap '' XFSZ; ulimit -f 512; exec \"$0\" run \"$1\" --db \"$2\""
        let result = try Tool.run(executable: "/bin/sh", ["-c", script, Tool.path, scenario, database])
        #expect(result.status == 1)
        let stored = try StoredRows(path: database).texts("SELECT count(*) FROM requests").joined()
        let id = try StoredRows(path: database).texts("SELECT id FROM runs").joined()
        #expect(stored != "0")
        #expect(
            result.errors.contains("no room to write")
                && result.errors.contains("\(stored) requests of run \(id) are safe: ttft report \(id)"),
            "\(result.errors)")
        #expect(!result.errors.contains("INSERT"))
        #expect(try Tool.run("report", "--db", database).status == 0)
    }

    @Test func `a tag moves to the run that is named last`() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("runs.sqlite").path
        let scenario = try folder.write(Self.short, to: "short.yaml")
        for _ in 0..<2 {
            try #require(try Tool.run("run", scenario, "--db", database, "--allow-client-limited").status == 0)
        }
        let ids = try StoredRows(path: database).texts("SELECT id FROM runs ORDER BY started_wall_clock_ns DESC")
        _ = try Tool.run("runs", "tag", "latest", "good", "--db", database)
        let moved = try Tool.run("runs", "tag", "latest~1", "good", "--db", database)
        #expect(moved.errors == "\(ids[1]) is now 'good', and \(ids[0]) no longer is\n")
        #expect(try Tool.run("runs", "delete", "good", "--db", database).status == 0)
        #expect(try StoredRows(path: database).texts("SELECT id FROM runs") == [ids[0]])
    }

    @Test func `escape sequences of a scenario do not reach the terminal`() throws {
        let scenario = Tool.root.path + "/Scenarios/quickstart.yaml"
        let dry = try Tool.run("run", scenario, "--dry-run", "--set", "name=\u{1b}[31mred")
        #expect(dry.status == 0)
        #expect(dry.output.hasPrefix("scenario \\x1b[31mred, seed"), "\(dry.output)")
        let refused = try Tool.run("report", "\u{1b}[31mred\u{7}", "--db", scenario)
        #expect(!refused.errors.contains("\u{1b}"))
    }

    @Test(arguments: [
        ("Output speed", ["output_speed"]), ("ttft P95", ["ttft"]), ("TTFT (scheduled)", ["ttft_sched"]),
        ("throughput", ["output_throughput", "request_throughput"]), ("speed p50", ["output_speed"]),
    ])
    func `explain takes what tables print`(title: String, names: [String]) throws {
        let result = try Tool.run("explain", title, "--json")
        #expect(result.status == 0)
        let json = try JSONValue(parsing: result.output)
        let metrics = json.arrayValue ?? json["metrics"]?.arrayValue ?? [json]
        #expect(metrics.compactMap { $0["name"]?.stringValue } == names, "\(result.output)")
    }

    @Test func `wrong counts and directories are refused in words`() throws {
        let folder = try TemporaryFolder()
        let scenario = try folder.write(Self.short, to: "short.yaml")
        let count = try Tool.run("run", scenario, "-c", "abc")
        #expect(count.status == 64 && count.errors.contains("it must be a whole number, such as 8"), "\(count.errors)")
        let database = folder.file("runs.sqlite").path
        try #require(try Tool.run("run", scenario, "--db", database, "--allow-client-limited").status == 0)
        let export = try Tool.run("export", "-o", "/dev/full/x", "--db", database)
        #expect(export.status == 1)
        #expect(
            export.errors == "ttft: /dev/full/x: cannot create the directory: Not a directory; give another --output\n")
    }
}
