import Foundation
import Testing

/// Databases and CSV files that are none, and runs that do not keep what was asked of them.
@Suite struct BadFileTests {
    private func expectFailure(
        _ arguments: [String], _ status: Int32, _ text: String, in folder: TemporaryFolder,
        location: SourceLocation = #_sourceLocation
    ) throws {
        let result = try Tool.run(executable: Tool.path, arguments, in: folder.url)
        let place = Comment(rawValue: "\(arguments): \(result.output)\(result.errors)")
        #expect(result.status == status, place, sourceLocation: location)
        #expect(result.errors.contains(text), place, sourceLocation: location)
        #expect(result.output.isEmpty, place, sourceLocation: location)
    }

    private func sql(_ statements: String, _ file: URL) throws {
        let result = try Tool.run(executable: "/usr/bin/env", ["sqlite3", file.path, statements])
        try #require(result.status == 0, "\(result.errors)")
    }

    @Test func `a database that is missing, none, another program's or newer`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(
            "no database, though long enough to be taken for one at first sight: "
                + String(
                    repeating: "x", count: 4096), to: "text.sqlite")
        _ = try folder.write("", to: "empty.sqlite")
        try sql("CREATE TABLE a (b)", folder.file("other.sqlite"))
        let identifier = 0x7474_6674
        try sql(
            "CREATE TABLE a (b); PRAGMA application_id = \(identifier); PRAGMA user_version = 99",
            folder.file("newer.sqlite"))
        let reading = [["report"], ["check"], ["show"], ["runs"], ["export", "-o", "out"], ["compare", "latest"]]
        for verb in reading {
            for (file, status, text) in [
                ("missing.sqlite", Int32(66), "missing.sqlite: no such file"),
                ("text.sqlite", 65, "not a ttft database"), ("empty.sqlite", 65, "the file is empty"),
                ("other.sqlite", 65, "another program"), ("newer.sqlite", 65, "schema version 99"),
            ] {
                try expectFailure(verb + ["--db", file], status, text, in: folder)
            }
        }
        #expect(!FileManager.default.fileExists(atPath: folder.file("missing.sqlite").path))
        #expect(!FileManager.default.fileExists(atPath: folder.file("out").path))
    }

    @Test func `a database that a run cannot write to is refused before anything is sent`() throws {
        let folder = try TemporaryFolder()
        try sql("CREATE TABLE a (b)", folder.file("other.sqlite"))
        let server = try SimulatorServer("--ttft-ms", "5", "--tokens", "5")
        let scenario = try folder.write(
            """
            targets: [{name: server, api: openai-chat, model: m, base_url: "\(server.url)"}]
            load: {closed: {concurrency: 1}, requests: 2}
            """, to: "small.yaml")
        try expectFailure(["run", scenario, "--db", "other.sqlite"], 65, "another program", in: folder)
        try expectFailure(["run", scenario, "--db", "none/runs.sqlite"], 66, "none/runs.sqlite", in: folder)
        #expect(try server.entries().isEmpty)
    }

    /// A database with one small run.
    private func measured(
        _ folder: TemporaryFolder, requests: Int = 4, budgets: String = "", fault: String = ""
    ) throws -> Tool.Result {
        let scenario = try folder.write(
            """
            name: small
            targets: [{name: a, simulate: {ttft: 30ms, gap: 1ms, tokens: 5\(fault)}}]
            load: {closed: {concurrency: 1}, requests: \(requests)}
            \(budgets)
            """, to: "small.yaml")
        return try Tool.run("run", scenario, "--allow-client-limited", "--check", in: folder.url)
    }

    @Test func `a run that does not exist is answered with those that do`() throws {
        let folder = try TemporaryFolder()
        #expect(try measured(folder).status == 0)
        let id = try #require(try StoredRows(path: folder.file("ttft.sqlite").path).texts("SELECT id FROM runs").first)
        for name in ["nobody", "latest~7", "latest~x"] {
            try expectFailure(["report", name], 65, "no run '\(name)' in ttft.sqlite", in: folder)
            try expectFailure(["report", name], 65, id, in: folder)
        }
        try expectFailure(["show", "latest", "--request", "99"], 65, "there are 0 to 3", in: folder)
        try expectFailure(["runs", "tag", "latest", "no blanks"], 65, "tag 'no blanks' is not allowed", in: folder)
        try expectFailure(["compare", "latest"], 64, "one target only; give a second run or file", in: folder)
        try expectFailure(["check"], 78, "has no budgets", in: folder)
    }

    @Test func `a CSV file that is damaged is refused with line and column`() throws {
        let folder = try TemporaryFolder()
        #expect(try measured(folder).status == 0)
        #expect(try Tool.run("export", "latest", "--output", "out", in: folder.url).status == 0)
        let lines = try String(contentsOf: folder.file("out/requests.csv"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
        // Columns count in characters; the id is 12 of them and a comma.
        let cell = lines[2].replacing(",1,1,measured", with: ",x,1,measured")
        let phase = lines[1].replacing("measured", with: "mesured")
        for (name, text, message) in [
            ("cell.csv", [lines[0], lines[1], cell], "cell.csv:3:14 (request_index): found 'x'"),
            ("phase.csv", [lines[0], phase], "phase.csv:2:18 (phase): found 'mesured'; allowed are warmup, measured"),
            ("row.csv", [lines[0], lines[1], "1,2"], "row.csv:3:1: found 2 cells in this row"),
            ("quote.csv", ["run_id,\"a"], "quote.csv:1:8: the quotation mark that opens here is never closed"),
            ("header.csv", ["a,b", "1,2"], "header.csv:1:1: the header lacks run_id"),
            ("empty.csv", [], "empty.csv:1:1: the file is empty"),
        ] {
            let path = try folder.write(text.map { "\($0)\n" }.joined(), to: name)
            try expectFailure(["compare", path, "latest"], 65, message, in: folder)
        }
        try Data([0x61, 0xff, 0x0a]).write(to: folder.file("bytes.csv"))
        try expectFailure(["compare", "bytes.csv", "latest"], 65, "bytes.csv:1:2: found a byte", in: folder)
        try expectFailure(["compare", "none.csv", "latest"], 66, "none.csv: no such file", in: folder)
        try expectFailure(["compare", ".", "latest"], 66, "requests.csv: no such file", in: folder)
        let again = try Tool.run("export", "latest", "--output", "out", in: folder.url)
        #expect(again.status == 1 && again.errors.contains("--force"))
    }

    @Test func `budgets decide the status: broken 4, met 0, and no verdict on too many failures`() throws {
        for (budgets, fault, status, text) in [
            ("budgets: {ttft.p50: 1ms, success: 0.5}", "", Int32(4), "1 of 2 budgets"),
            ("budgets: {ttft.p50: 20s, success: 0.5}", "", 0, "met"),
            ("budgets: {ttft.p50: 20s, success: 0.5}", ", fault: http-500, fault_every: 2", 6, "met"),
        ] {
            let folder = try TemporaryFolder()
            let run = try measured(folder, requests: 24, budgets: budgets, fault: fault)
            #expect(run.status == status, "\(run.output)\(run.errors)")
            let check = try Tool.run("check", "--allow-client-limited", in: folder.url)
            #expect(check.status == status && check.output.contains(text), "\(check.output)")
            let json = try Tool.run("check", "--json", "--allow-client-limited", in: folder.url)
            #expect(json.status == status)
            #expect(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) is [String: Any])
        }
    }
}
