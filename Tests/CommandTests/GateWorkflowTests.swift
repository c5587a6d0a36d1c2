import Foundation
import Testing
import Timeline

/// Gates as people come upon them: an empty folder, several databases, files of other tools, runs that are not valid.
@Suite struct GateWorkflowTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func measure(_ name: String, further: String = "", fault: String = "") throws -> Tool.Result {
        let scenario = try folder.write(
            """
            name: \(name)
            targets: [{name: \(name), simulate: {ttft: 100ms, gap: 20ms, tokens: 5\(fault)}}]
            load: {closed: {concurrency: 2}, requests: 24}
            \(further)
            """, to: "\(name).yaml")
        return try Tool.run(
            "run", scenario, "--db", "\(name).sqlite", "--allow-client-limited", "--check", in: folder.url)
    }

    private func tool(_ arguments: String...) throws -> Tool.Result {
        try Tool.run(executable: Tool.path, arguments, in: folder.url)
    }

    private func id(in database: String) throws -> String {
        try #require(try StoredRows(path: folder.file(database).path).texts("SELECT id FROM runs").last)
    }

    private var page: String {
        get throws {
            try String(
                contentsOf: Tool.root.appendingPathComponent(
                    "Sources/ttft/Documentation.docc/ContinuousIntegration.md"), encoding: .utf8)
        }
    }

    @Test func `the documented steps of budgets and history run as they are written, from an empty folder`() throws {
        let section = try #require(try page.components(separatedBy: "## Budgets and history").last)
        let commands = section.split(separator: "\n").filter { $0.contains(".build/release/ttft ") }.map { line in
            String(line[(line.range(of: ".build/release/ttft ")?.upperBound ?? line.startIndex)...])
                .split(separator: " ").map(String.init)
        }
        try #require(commands.map(\.first) == ["run", "check", "baseline"])
        try FileManager.default.copyItem(
            at: Tool.root.appendingPathComponent("Scenarios"), to: folder.file("Scenarios"))
        let isValid: (Tool.Result) -> Bool = { [0, 6].contains($0.status) }
        #expect(isValid(try Tool.run(executable: Tool.path, commands[0], in: folder.url)))
        let first = try Tool.run(executable: Tool.path, commands[1], in: folder.url)
        #expect(isValid(first) && first.output.contains("no history yet"), "\(first.output)\(first.errors)")
        let added = try Tool.run(executable: Tool.path, commands[2], in: folder.url)
        // A busy machine may have limited the run, which is no example then.
        guard added.status != 6 else { return #expect(added.errors.contains("this machine may have changed")) }
        #expect(added.status == 0, "\(added.errors)")
        #expect(try String(contentsOf: folder.file("perf/history.json"), encoding: .utf8).hasPrefix("{\"version\":1,"))
        let second = try Tool.run(executable: Tool.path, commands[1], in: folder.url)
        #expect(isValid(second) && second.output.contains("0 good earlier runs"), "\(second.output)")
    }

    @Test func `a run of another database is named by its file, as run prints it`() throws {
        #expect(try measure("one").status == 0)
        let second = try measure("two")
        let place = "two.sqlite#\(try id(in: "two.sqlite"))"
        #expect(second.output.contains("saved: \(place)"))
        let both = try tool("compare", "one.sqlite#latest", place)
        #expect(both.status == 0 && both.output.contains("one") && both.output.contains("two"), "\(both.errors)")
        for verb in [["report"], ["show"], ["check", "--preset", "mlperf/mixtral-8x7b", "--allow-client-limited"]] {
            let result = try Tool.run(executable: Tool.path, verb + [place], in: folder.url)
            #expect(result.status == 0, "\(verb) \(result.errors)")
        }
        let bare = try tool("compare", "one.sqlite", "two.sqlite")
        #expect(bare.status == 64 && bare.errors.contains("one.sqlite is a database: name one of its runs, such as"))
        #expect(try tool("report", "none.sqlite#latest").status == 66)
        #expect(try tool("report", "one.sqlite#nobody").status == 65)
    }

    @Test func `a file of another tool has no history, and comes into a database once`() throws {
        let file = Tool.root.appendingPathComponent("Tests/CommandTests/OtherTools/vllm.json").path
        #expect(try tool("import", file).status == 0)
        let again = try tool("import", file)
        let first = try id(in: "ttft.sqlite")
        #expect(
            again.status == 65 && again.errors.contains("in ttft.sqlite already, as run \(first)"), "\(again.errors)")
        #expect(try tool("import", file, "--target", "other").status == 0)
        let twice = try tool("import", file, file, "--db", "new.sqlite")
        #expect(twice.status == 65 && twice.errors.contains("given twice"))
        let added = try tool("baseline", "add", "perf/history.json", "latest")
        #expect(added.status == 65 && added.errors.contains("was imported"))
        let checked = try tool("check", "latest", "--history", "20")
        #expect(checked.output.contains("nothing to compare with: the files of vLLM name neither"), "\(checked.output)")
    }

    @Test func `a run that is not valid says why in every form, and shows its budgets`() throws {
        let run = try measure(
            "faulty", further: "budgets: {ttft.p50: 20s, success: 0.4}", fault: ", fault: http-500, fault_every: 2")
        #expect(run.status == 6)
        let reason = "50 % of the requests failed, and max_error_rate allows"
        #expect(run.output.contains("invalid: \(reason)") && run.output.contains("met   ttft.p50"), "\(run.output)")
        for (format, words) in [
            ("table", "invalid: \(reason)"), ("markdown", "**invalid: \(reason.replacing("_", with: "\\_"))"),
            ("github", "is not valid::50 %25 of the requests failed"), ("json", "\"verdict\": \"invalid\""),
            ("json", reason), ("junit", "errors=\"1\""), ("junit", reason),
        ] {
            let check = try tool("check", "--db", "faulty.sqlite", "--allow-client-limited", "--format", format)
            #expect(check.status == 6 && check.output.contains(words), "\(format): \(check.output)")
        }
    }
}
