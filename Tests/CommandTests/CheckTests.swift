import Foundation
import Testing

/// `ttft check` and `ttft baseline`, from the command line to their exit status.
@Suite struct CheckTests {
    private let folder: TemporaryFolder
    private var database: String { folder.file("runs.sqlite").path }
    private var history: String { folder.file("history.json").path }

    init() throws { folder = try TemporaryFolder() }

    /// Measures a server of some pace; returns nothing, as the run is the latest.
    private func measure(
        gap: String, budgets: String = "{}", requests: Int = 12, concurrency: Int = 2
    ) throws {
        let scenario = try folder.write(
            """
            name: check
            targets: [{name: t, simulate: {ttft: 200ms, gap: "${GAP}", tokens: 5}}]
            load: {closed: {concurrency: \(concurrency)}, requests: \(requests)}
            budgets: \(budgets)
            """, to: "check.yaml")
        // Two servers at one address would have one scenario: the gap is what got worse behind it.
        let result = try Tool.run(
            "run", scenario, "--db", database, "--allow-client-limited", environment: ["GAP": gap])
        #expect(result.status == 0, "\(result.errors)")
    }

    private func check(_ arguments: String...) throws -> Tool.Result {
        try Tool.run(
            executable: Tool.path, ["check", "latest", "--db", database, "--allow-client-limited"] + arguments)
    }

    @Test func `a budget is met, broken or open by its whole interval`() throws {
        try measure(gap: "2ms", budgets: "{e2e.p50: 5s, ttft.p50: 10ms}")
        let broken = try check()
        #expect(broken.status == 4)
        #expect(broken.output.contains("met     e2e.p50") && broken.output.contains("BROKEN  ttft.p50"))
        try measure(gap: "2ms", budgets: "{ttft.p50: 5s, ttft.p99: 5s, success: 0.99}")
        let open = try check()
        #expect(open.status == 0)
        #expect(open.output.contains("it takes 368"))
        #expect(open.output.contains("2 of 3 budgets"))
        #expect(try check("--strict").status == 5)
        let junit = try check("--format", "junit").output
        #expect(junit.contains("tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"2\""))
        #expect(try check("--format", "github").output.contains("::warning title=ttft.p99 undecided::t "))
        #expect(try check("--format", "markdown").output.contains("| t | ttft.p50 |"))
    }

    @Test func `a preset is the limits of its benchmark`() throws {
        try measure(gap: "2ms", requests: 12)
        let result = try check("--preset", "mlperf/llama2-70b-interactive", "--json")
        #expect(result.status == 0)
        #expect(result.output.contains("\"key\": \"ttft.p99\"") && result.output.contains("\"limit\": 450.0"))
        #expect(result.output.contains("\"key\": \"tpot.p99\"") && result.output.contains("\"limit\": 40.0"))
        let unknown = try check("--preset", "mlperf/none")
        #expect(unknown.status == 64 && unknown.errors.contains("mlperf/mixtral-8x7b"))
        #expect(try check().status == 78)
    }

    @Test func `a run is held against ten good earlier ones, from the database and from a file`() throws {
        var good = 0
        // A run that the machine limited is no example, and is measured again; long gaps make that rare on a busy one.
        for _ in 0..<40 where good < 11 {
            try measure(gap: "100ms", concurrency: 12)
            let added = try Tool.run("baseline", "add", history, "latest", "--db", database)
            #expect([0, 6].contains(added.status), "\(added.errors)")
            if added.status == 0 { good += 1 }
        }
        try #require(good == 11)
        let database = try check("--history", "40", "--json")
        let runs = database.output.components(separatedBy: "\"runs\": ")
        #expect(runs.count == 3)
        #expect(runs.dropFirst().allSatisfy { $0.hasPrefix("10") }, "\(database.output)")
        #expect(database.status == 0, "\(database.output)")
        // The same run's own line does not count, so that ten are left.
        let file = try check("--history-file", history, "--margin", "20%")
        #expect(file.status == 0, "\(file.output)")
        #expect(file.output.contains("from 10 runs around"))
        let text = try String(contentsOfFile: history, encoding: .utf8)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 11 && lines.allSatisfy { $0.utf8.count < 2048 })
        // What was typical is now three times as fast.
        let faster = text.replacing(/"(ttft|tpot).p50":([0-9.]+)/) { match in
            "\"\(match.output.1).p50\":\((Double(match.output.2) ?? 0) / 3)"
        }
        try faster.write(toFile: history, atomically: true, encoding: .utf8)
        let regressed = try check("--history-file", history)
        #expect(regressed.status == 3, "\(regressed.output)")
        #expect(regressed.output.contains("REGRESSED  ttft.p50"))
    }

    @Test func `fewer than ten runs decide nothing`() throws {
        try measure(gap: "2ms")
        let result = try check("--history", "20", "--strict")
        #expect(result.status == 5)
        #expect(result.output.contains("0 good earlier runs"))
        #expect(try check("--history", "5").status == 64)
    }

    @Test func `a file with a merge that is not finished is named by its line`() throws {
        try measure(gap: "2ms")
        try "<<<<<<< HEAD\n".write(toFile: history, atomically: true, encoding: .utf8)
        let result = try check("--history-file", history)
        #expect(result.status == 65)
        #expect(result.errors.contains("history.json:1:1"))
        // The first run of a project has none yet.
        let none = folder.file("perf/none.json").path
        let missing = try check("--history-file", none)
        #expect(missing.status == 0 && missing.output.contains("no history yet: ttft baseline add \(none) RUN"))
        #expect(try check("--history-file", none, "--strict").status == 5)
    }
}
