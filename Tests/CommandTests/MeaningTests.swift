import Foundation
import Testing
import Timeline

/// What answers say of themselves, from the wire to the table; and figures that must not depend on their road.
@Suite struct MeaningTests {
    private let server: HostileServer
    private let folder: TemporaryFolder

    init() throws {
        server = try HostileServer()
        folder = try TemporaryFolder()
    }

    private var database: String { folder.file("runs.sqlite").path }

    private func run(_ behaviour: String, _ more: String = "", load: String) throws -> Tool.Result {
        let scenario = try folder.write(
            """
            targets: [{name: server, api: openai-chat, model: m, base_url: "\(server.url)/\(behaviour)/v1"}]
            load: \(load)
            \(more)
            """, to: "scenario.yaml")
        return try Tool.run("run", scenario, "--db", database, "--full", "--allow-client-limited")
    }

    private func flat(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    @Test func `two versions behind one name are two rows, and a warm cache is told`() throws {
        let output = try run("two-servers", load: "{closed: {concurrency: 1}, requests: 24}").output
        let rows = output.split(separator: "\n").map { $0.split(separator: " ") }
        for name in ["a", "b"] {
            #expect(
                rows.contains { $0.starts(with: ["m-\(name),", "fp-\(name)"]) && $0.last == "12/12" }, "\(output)")
        }
        #expect(flat(output).contains("2 models (m-a, m-b) and 2 system fingerprints (fp-a, fp-b) answered"))
        #expect(flat(output).contains("80 % of the input tokens came from the server's cache (24 of 24 streams)"))
        #expect(flat(output).contains("80 % of the input cached"))
        let json = try JSONValue(parsing: Tool.run("report", "latest", "--json", "--db", database).output)
        let target = json["targets"]?.arrayValue?.first
        #expect(target?["tokens"]?["cached_input_share"]?.doubleValue == 0.8)
        #expect(target?["served_parts"]?.arrayValue?.compactMap { $0["requests"]?.integerValue } == [12, 12])
    }

    @Test func `a server that claims more than the client saw is caught, and its residual shown`() throws {
        let output = try run("boasting", load: "{closed: {concurrency: 1}, requests: 12}").output
        #expect(flat(output).contains("In 12 of 12 streams the server claims more time than the client saw"))
        let json = try JSONValue(parsing: Tool.run("report", "latest", "--json", "--db", database).output)
        let metrics = json["targets"]?.arrayValue?.first?["metrics"]?.arrayValue ?? []
        func median(_ name: String) throws -> Double {
            let estimates = metrics.first { $0["name"]?.stringValue == name }?["estimates"]?.arrayValue
            return try #require(estimates?.first { $0["stat"]?.stringValue == "p50" }?["value"]?.doubleValue)
        }
        #expect(try median("server_ttft") == 1000)
        #expect(try median("server_e2e") == 1001)
        #expect(abs(try median("ttft_residual") - (try median("ttft") - 1000)) < 1e-6)
        #expect(try median("ttft_residual") < -900)
    }

    @Test func `a run compared with itself or with its export gives one interval, and says what it is`() throws {
        let scenario = try folder.write(
            """
            targets: [{simulate: {ttft: 5ms, gap: 2ms, tokens: 12, jitter: 0.3}, name: jittery}]
            load: {closed: {concurrency: 4}, requests: 30}
            seed: 99
            """, to: "jittery.yaml")
        let allowed: Set<Int32> = [0]
        #expect(allowed.contains(try Tool.run("run", scenario, "--db", database, "--allow-client-limited").status))
        let export = folder.file("out").path
        #expect(try Tool.run("export", "latest", "--output", export, "--db", database).status == 0)
        func compared(_ left: String, _ right: String) throws -> [[String]] {
            let result = try Tool.run("compare", left, right, "--format", "csv", "--db", database)
            try #require(result.status == 0, "\(result.errors)")
            // All but the labels of the two sides.
            return result.output.split(separator: "\n").map(\.csvCells).map { Array($0[..<3] + $0[5...]) }
        }
        let itself = try compared("latest", "latest")
        #expect(itself.count > 5)
        #expect(try compared("latest", export) == itself)
        #expect(try compared(export, export) == itself)
        let table = try Tool.run("compare", "latest", export, "--db", database).output
        #expect(flat(table).contains("All sides are the same run and target"))
        // The columns' own intervals agree too.
        let lines = table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        for heading in [["ITL", "p50,"], ["ITL", "p99,"]] {
            let place = try #require(lines.firstIndex { $0.starts(with: heading) }, "\(table)")
            // A row per side: its label, value and bounds, then the ratio.
            #expect(lines[place + 1][1...3] == lines[place + 2][1...3])
            #expect(lines[place + 1][2].hasPrefix("["))
        }
    }

    @Test func `a check says what was decided and how sure that is`() throws {
        let scenario = try folder.write(
            """
            targets: [{simulate: {ttft: 200ms, gap: 1ms, tokens: 5, jitter: 0.5}, name: wide}]
            load: {closed: {concurrency: 4}, requests: 12}
            budgets: {ttft.p50: 1s, ttft.p99: 1ms, ttft.p95: 1s, output_throughput: 1}
            """, to: "wide.yaml")
        let run = try Tool.run("run", scenario, "--db", database, "--check", "--allow-client-limited")
        #expect(run.status == 4, "\(run.errors)")
        let lines = run.output.split(separator: "\n").map(String.init)
        let sure = try #require(lines.first { $0.hasPrefix("met") && $0.contains("ttft.p50") })
        #expect(!sure.contains("by the value"))
        let broken = try #require(lines.first { $0.hasPrefix("BROKEN") })
        #expect(broken.contains("ttft.p99") && !broken.contains("decided"))
        let open = try #require(lines.first { $0.hasPrefix("open") })
        #expect(open.contains("ttft.p95") && open.contains("so few requests give no interval; it takes 72"))
        #expect(!run.output.contains("does not decide"))
    }
}
