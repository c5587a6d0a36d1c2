import Foundation
import Testing

/// `ttft ab`, from the command line to its exit status.
@Suite struct ABTests {
    private let folder: TemporaryFolder
    private let scenario: String
    private var database: String { folder.file("runs.sqlite").path }

    init() throws {
        folder = try TemporaryFolder()
        scenario = try folder.write(
            """
            name: gate
            targets:
              - {name: main, simulate: {ttft: 10ms, gap: 1ms, tokens: 15}}
              - {name: change, simulate: {ttft: 10ms, gap: 1ms, tokens: 15}}
              - {name: slow, simulate: {ttft: 10ms, gap: 2ms, tokens: 15}}
              - {name: broken, simulate: {ttft: 10ms, gap: 1ms, tokens: 15, fault: http-500, fault_every: 2}}
            prompts: [{text: Hello}]
            load: {closed: {concurrency: 1}, requests: 10}
            """, to: "gate.yaml")
    }

    private func ab(_ arguments: String...) throws -> Tool.Result {
        try Tool.run(
            executable: Tool.path, ["ab"] + arguments + ["--db", database, "--allow-client-limited"])
    }

    private func verdict(_ result: Tool.Result) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    @Test func `twice the time per token regresses with exit 3, and is judged the same ever after`() throws {
        let result = try ab(
            scenario, "--baseline", "main", "--candidate", "slow", "--pairs", "24", "--json")
        #expect(result.status == 3, "\(result.output)\(result.errors)")
        let verdict = try verdict(result)
        #expect(verdict["verdict"] as? String == "regressed")
        #expect(verdict["pairs"] as? Int == 24)
        let figures = try #require(verdict["figures"] as? [[String: Any]])
        #expect(figures.map { $0["metric"] as? String } == ["ttft", "tpot", "success"])
        #expect(figures[1]["verdict"] as? String == "regressed")
        let change = try #require(figures[1]["change"] as? Double)
        #expect((0.7...1.3).contains(change))
        for format in ["json", "table", "markdown", "junit", "github"] {
            let again = try ab("--rejudge", "latest", "--format", format)
            let third = try Tool.run(
                "check", "latest", "--db", database, "--allow-client-limited", "--format", format)
            #expect(again.status == 3 && third.status == 3)
            #expect(again.output == third.output)
            #expect(again.output.contains("regressed"))
            if format == "json" { #expect(again.output == result.output) }
        }
    }

    @Test func `a target against itself does not regress, under names of its own`() throws {
        let result = try ab(scenario, "--baseline", "main", "--same", "--pairs", "30", "--margin", "30%", "--json")
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let verdict = try verdict(result)
        #expect(verdict["baseline"] as? String == "main-baseline")
        #expect(verdict["candidate"] as? String == "main-candidate")
        #expect(verdict["verdict"] as? String != "regressed")
    }

    @Test func `one target with two settings is two sides`() throws {
        let result = try ab(
            scenario, "--baseline", "main", "--candidate-set", "simulate.gap=2ms", "--pairs", "24", "--metric", "tpot",
            "--json")
        #expect(result.status == 3, "\(result.output)\(result.errors)")
        let figures = try #require(verdict(result)["figures"] as? [[String: Any]])
        #expect(figures.map { $0["metric"] as? String } == ["tpot", "success"])
        let overrides = try StoredRows(path: database).texts("SELECT overrides FROM runs")
        #expect(overrides == [#"["targets.main.simulate.gap=2ms"]"#])
    }

    @Test func `pairs are stored with their order, on connections that are renewed`() throws {
        _ = try ab(
            scenario, "--baseline", "main", "--candidate", "change", "--pairs", "20", "--max-pairs", "20",
            "--pairs-per-connection", "5")
        let rows = StoredRows(path: database)
        let pairs = try rows.rows(
            """
            SELECT pair_index, count(*) AS requests, count(DISTINCT target) AS targets,
                max(request_index) - min(request_index) AS distance, count(DISTINCT prompt_id) AS prompts
            FROM requests WHERE phase = 'measured' GROUP BY pair_index
            """)
        #expect(pairs.count == 20)
        for pair in pairs {
            #expect(pair["requests"] as? Int == 2 && pair["targets"] as? Int == 2 && pair["distance"] as? Int == 1)
            #expect(pair["prompts"] as? Int == 2)
        }
        let first = try rows.texts(
            "SELECT count(*) FROM requests WHERE phase = 'measured' AND request_index % 2 = 0 AND target = 'main'")
        #expect((3...17).contains(Int(first[0]) ?? 0))
        // Both sides start on those of the warm-up and renew behind pairs 4, 9 and 14.
        let renewed = try rows.texts(
            """
            SELECT DISTINCT pair_index FROM requests WHERE phase = 'measured' AND is_new_connection
            ORDER BY pair_index
            """)
        #expect(renewed == ["5", "10", "15"])
        #expect(try rows.texts("SELECT looks, pairs_per_connection FROM paired_designs") == ["[20]|5"])
        // The same seed tosses the same coins.
        let order = "SELECT group_concat(target) FROM requests WHERE run_id = "
        _ = try ab(scenario, "--baseline", "main", "--candidate", "change", "--pairs", "20", "--max-pairs", "20")
        let orders = try ["min", "max"].map { try rows.texts("\(order)(SELECT \($0)(id) FROM runs)") }
        #expect(orders[0] == orders[1])
        let reused = try rows.texts(
            "SELECT count(*) FROM (SELECT prompt_id FROM requests GROUP BY 1 HAVING count(*) > 1)")
        #expect(reused == ["0"])
    }

    @Test func `blocks run one target after the other, and twice the time per token regresses in them too`() throws {
        let result = try ab(
            scenario, "--baseline", "main", "--candidate", "slow", "--requests-per-block", "3", "--pairs", "12",
            "--set", "load.closed.concurrency=2", "--json")
        #expect(result.status == 3, "\(result.output)\(result.errors)")
        let verdict = try verdict(result)
        #expect(verdict["pairs"] as? Int == 12 && verdict["requests_per_block"] as? Int == 3)
        let rows = StoredRows(path: database)
        #expect(try rows.texts("SELECT requests_per_block FROM paired_designs") == ["3"])
        let blocks = try rows.rows(
            """
            SELECT pair_index, target, count(*) AS requests, min(request_index) AS first, max(request_index) AS last,
                min(sent_ns) AS began, max(closed_ns) AS ended
            FROM requests WHERE phase = 'measured' GROUP BY pair_index, target ORDER BY first
            """)
        #expect(blocks.count == 24)
        var end = 0
        for block in blocks {
            #expect(block["requests"] as? Int == 3)
            #expect(try #require(block["last"] as? Int) - #require(block["first"] as? Int) == 2)
            #expect(try #require(block["began"] as? Int) >= end, "a block overlaps the one before it")
            end = try #require(block["ended"] as? Int)
        }
        #expect(try ab("--rejudge", "latest").output.contains("12 pairs of blocks of 3 requests"))
    }

    @Test func `what runs out is inconclusive, and exits with 5 where a decision was asked for`() throws {
        let result = try ab(
            scenario, "--baseline", "main", "--candidate", "change", "--pairs", "20", "--max-requests", "24", "--json")
        #expect(result.status == 0)
        let verdict = try verdict(result)
        #expect(verdict["verdict"] as? String == "inconclusive")
        #expect(verdict["ran_out"] as? Bool == true)
        #expect(verdict["pairs"] as? Int == 12)
        #expect((verdict["looks"] as? [Int])?.isEmpty == true && verdict["planned_looks"] as? [Int] == [20, 40])
        #expect((verdict["next"] as? String)?.hasPrefix("Time or requests ran out at 12 of 20 pairs") == true)
        // What is four times as slow is not judged by chance ends either.
        let slow = try ab(
            scenario, "--baseline", "main", "--candidate-set", "simulate.gap=4ms", "--pairs", "30", "--max-requests",
            "40")
        #expect(slow.status == 0 && slow.output.contains("inconclusive: only 20 of the 30 pairs"), "\(slow.output)")
        #expect(try ab("--rejudge", "latest", "--strict").status == 5)
        let timed = try ab(
            scenario, "--baseline", "main", "--candidate", "change", "--pairs", "2000", "--max-time", "500ms",
            "--strict")
        #expect(timed.status == 5)
        #expect(timed.output.contains("only "))
    }

    @Test func `a candidate whose requests fail regresses by its success alone`() throws {
        let result = try ab(
            scenario, "--baseline", "main", "--candidate", "broken", "--pairs", "40", "--max-pairs", "40", "--margin",
            "50%", "--json")
        #expect(result.status == 3, "\(result.output)")
        let figures = try #require(verdict(result)["figures"] as? [[String: Any]])
        #expect(figures[2]["verdict"] as? String == "regressed")
        #expect(figures[0]["pairs"] as? Int == 20)
        #expect(figures[0]["verdict"] as? String != "regressed")
    }

    @Test(arguments: [
        (["--baseline", "main"], "say --baseline NAME --candidate NAME"),
        (["--baseline", "main", "--candidate", "main"], "against itself says nothing"),
        (["--same", "--candidate", "slow"], "leave out --candidate"),
        (["--baseline", "main", "--candidate", "nobody"], "no such target"),
        (["--baseline", "main", "--candidate", "slow", "--pairs", "5"], "10 pairs are the fewest"),
        (["--baseline", "main", "--candidate", "slow", "--margin", "five"], "such as 5% or 0.05"),
        (["--baseline", "main", "--candidate", "slow", "--metric", "itl"], "cannot be judged in pairs"),
        (
            ["--baseline", "main", "--candidate", "slow", "--requests-per-block", "25", "--max-requests", "40"],
            "50 requests"
        ),
        (["--baseline", "main", "--candidate", "slow", "--set", "load.open.rate=5"], "load must be closed"),
    ])
    func `what can give no verdict is refused before anything is sent`(arguments: [String], words: String) throws {
        let result = try Tool.run(executable: Tool.path, ["ab", scenario, "--db", database] + arguments)
        #expect(result.status == 64 || result.status == 78)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: database))
    }

    @Test func `a run without pairs cannot be judged as one`() throws {
        _ = try Tool.run("run", scenario, "--target", "main", "--db", database, "--allow-client-limited")
        let result = try ab("--rejudge", "latest")
        #expect(result.status == 65)
        #expect(result.errors.contains("has no pairs to judge"))
    }
}
