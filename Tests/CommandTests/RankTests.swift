import Foundation
import Testing
import Timeline

/// Targets and sessions in the order of their latency.
@Suite struct RankTests {
    private static let scenario = """
        name: two
        targets:
          - {name: slow, simulate: {ttft: 60ms, gap: 2ms, tokens: 8}}
          - {name: fast, simulate: {ttft: 20ms, gap: 1ms, tokens: 8}}
        load: {closed: {concurrency: 1}, requests: 10}
        """

    @Test func `rank and since order targets, and the run is the unit of sessions`() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("runs.sqlite").path
        let scenario = try folder.write(Self.scenario, to: "two.yaml")
        for _ in 0..<2 {
            try #require(try Tool.run("run", scenario, "--db", database, "--allow-client-limited").status == 0)
        }
        let ranked = try Tool.run("compare", "latest", "--rank", "--json", "--db", database)
        #expect(ranked.status == 0, "\(ranked.errors)")
        let rows = try JSONValue(parsing: ranked.output)["targets"]?.arrayValue ?? []
        #expect(rows.compactMap { $0["target"]?.stringValue } == ["fast", "slow"])
        #expect(rows.map { $0["pareto"] } == [.bool(true), .bool(false)])
        #expect(rows.first?["figures"]?.arrayValue?.first?["best"] == .bool(true))

        let since = try Tool.run("compare", "--since", "72h", "two", "--db", database)
        #expect(since.status == 0, "\(since.errors)")
        #expect(since.output.hasPrefix("runs of the last 72 h\n") && since.output.contains("the run as the unit"))
        let lines = since.output.split(separator: "\n").filter { $0.hasPrefix("fast") || $0.hasPrefix("slow") }
        #expect(lines.map { $0.split(separator: " ")[1] } == ["2", "2"], "\(since.output)")

        let other = try Tool.run("compare", "--since", "72h", "three", "--db", database)
        #expect(other.status == 65 && other.errors.contains("no run of a scenario named 'three'"))
        let none = try Tool.run("compare", "--since", "1ns", "--db", database)
        #expect(none.status == 65 && none.errors.contains("no run of the last"), "\(none.errors)")
    }

    @Test func `two runs are different or not, unless the noise is known`() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("runs.sqlite").path
        let scenario = try folder.write(Self.scenario, to: "two.yaml")
        for factor in ["20ms", "60ms"] {
            let run = try Tool.run(
                "run", scenario, "--target", "fast", "--set", "targets.fast.simulate.ttft=\(factor)", "--db", database,
                "--allow-client-limited")
            try #require(run.status == 0, "\(run.errors)")
        }
        func note(_ further: String...) throws -> String {
            let result = try Tool.run(
                executable: Tool.path, ["compare", "latest~1", "latest", "--json", "--db", database] + further)
            return try #require(JSONValue(parsing: result.output)["note"]?.stringValue, "\(result.errors)")
        }
        #expect(try note().contains("Different in these two runs (TTFT p50, "))
        #expect(try note().contains("two runs cannot tell a regression from drift"))
        #expect(try note("--noise-floor", "3%").hasPrefix("With 3 % from run to run, what is beyond drift and chance"))
        let wrong = try Tool.run("compare", "latest", "--rank", "--noise-floor", "3%")
        #expect(wrong.status == 64)
    }
}
