import Foundation
import Testing
import Timeline

/// `price:` and `max_cost:`, held against arithmetic and against the log of the server that was asked.
@Suite struct CostTests {
    private func priced(_ price: String, _ further: String = "") -> String {
        """
        targets: [{name: m, simulate: {ttft: 5ms, gap: 1ms, tokens: 20, cached_tokens: 4}, price: \(price)}]
        prompts: [{text: One two three four five six seven eight nine ten eleven twelve}]
        load: {closed: {concurrency: 1}, requests: 4, warmup: {requests: 1}}
        \(further)
        """
    }

    @Test(arguments: [
        ("{input: 2.5, cached_input: 1.25, output: 10}", [2.5, 1.25, 10]), ("{input: 3, output: 15}", [3, 3, 15]),
    ])
    func `a run costs what the server's counts say, the warm-up included`(price: String, each: [Double]) throws {
        let run = try MeasuredRun(priced(price))
        let told = try StoredRows(path: run.database).rows(
            "SELECT sum(input_tokens) AS i, sum(cached_tokens) AS c, sum(output_tokens) AS o FROM requests")[0]
        let input = try #require(told["i"] as? Double ?? (told["i"] as? Int).map(Double.init))
        let cached = try #require(told["c"] as? Double ?? (told["c"] as? Int).map(Double.init))
        #expect(told["o"] as? Int == 100 && cached == 20)
        let expected = ((input - cached) * each[0] + cached * each[1] + 100 * each[2]) / 1e6
        let cost = try run.target("m")["cost"]
        #expect(abs(try #require(cost?["total"]?.doubleValue) - expected) < 1e-6)
        // Four of the five answers are measured, all of them good, and all cost the same.
        #expect(abs(try #require(cost?["per_thousand_good"]?.doubleValue) - expected / 5 * 1000) < 1e-4)
        let rows = try run.rows("requests.csv")
        #expect(abs(try rows.reduce(0) { try $0 + $1.figure("cost") } - expected) < 1e-5)
        for arguments in [["report"], ["report", "--format", "markdown"], ["report", "--format", "html"]] {
            let text = try Tool.run(executable: Tool.path, arguments + ["--db", run.database]).output
            #expect(text.contains("per 1000 good answers"), "\(arguments)")
        }
        let summary = try Tool.run("report", "--format", "csv", "--db", run.database).output
        let row = try #require(summary.split(separator: "\n").first { $0.contains(",cost,currency,total,") })
        let value = try #require(Double(row.csvCells[6]))
        #expect(abs(value - expected) < 1e-6)
    }

    @Test func `without a price nothing is said of cost`() throws {
        let run = try MeasuredRun(
            priced("{input: 1, output: 1}").replacingOccurrences(of: ", price: {input: 1, output: 1}", with: ""))
        #expect(try run.target("m")["cost"] == .null)
    }

    /// How many requests the server saw, and what was said, where a token of an answer costs 1 and one of a prompt nothing.
    private func asked(
        _ limit: String, tokens: Int, fault: String? = nil, retries: Int = 0,
        load: String = "closed: {concurrency: 4}"
    ) throws -> (count: Int, result: Tool.Result, database: String, folder: TemporaryFolder) {
        let server = try SimulatorServer(scripts: [
            "m": StreamScript(
                timeToFirstToken: .milliseconds(5), gap: .milliseconds(1), tokens: tokens, fault: fault)
        ])
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            targets:
              - {name: m, api: openai-chat, base_url: "\(server.url(of: "m"))", model: m, price: {input: 0, output: 1000000}}
            request: {max_output_tokens: 10}
            load: {\(load), requests: 60}
            retries: \(retries)
            max_error_rate: 1
            \(limit)
            """, to: "s.yaml")
        let database = folder.file("runs.sqlite").path
        let result = try Tool.run("run", file, "--db", database, "--allow-client-limited")
        server.stop()
        return (try server.entries().count, result, database, folder)
    }

    @Test func `a run ends before a request that could cost more than is left`() throws {
        // An answer costs up to 10, and each is that long: nine cost 90, and a tenth could make it 100.
        let bounded = try asked("max_cost: 95", tokens: 20)
        #expect(bounded.count == 9)
        #expect(bounded.result.status == 0, "\(bounded.result.errors)")
        #expect(bounded.result.output.contains("stopped before max_cost 95  "), "\(bounded.result.output)")
        let rows = StoredRows(path: bounded.database)
        #expect(try rows.texts("SELECT count(*) || ' ' || sum(output_tokens) FROM requests") == ["9 90"])
        #expect(try rows.texts("SELECT status || ' ' || reached_max_cost FROM runs") == ["interrupted 1"])
        let free = try asked("", tokens: 20)
        #expect(free.count == 60)
        #expect(!free.result.output.contains("max_cost"))
    }

    @Test func `what an answer did not cost is there for further requests`() throws {
        // Answers of 5 leave half of what was set aside, and still no request goes out that could pass the limit.
        let found = try asked("max_cost: 95", tokens: 5)
        #expect(found.count > 9 && found.count * 5 <= 95, "\(found.count)")
    }

    @Test(arguments: ["no-usage", "usage-zero", "truncated", "stall-before-headers", "reset-before-headers"])
    func `what nobody told stays booked at its most`(fault: String) throws {
        // Whether a server that broke off went on, and what it will charge, cannot be seen from here.
        // The tokenizer counts less than ten in some of what came, which is no reason to release the rest.
        let folder = try TemporaryFolder()
        let bytes = try folder.write(RankFile.text(), to: "bytes.tiktoken")
        let keys = "timeouts: {headers: 300ms}\ntokenizer: {file: \(bytes), pattern: o200k_base}"
        let found = try asked("max_cost: 95\n\(keys)", tokens: 2, fault: fault)
        let counted = "SELECT count(*) FROM requests WHERE counted_output BETWEEN 1 AND 9"
        let isAnswered = !fault.hasSuffix("headers")
        #expect(try (StoredRows(path: found.database).texts(counted) != ["0"]) == isAnswered)
        #expect(found.count == 9, "\(found.result.errors)")
    }

    @Test func `answers that cost more than was set aside are counted, and expected again`() throws {
        // Each answer is said to have 21 tokens where 10 were allowed: four cost 84, and a fifth would make it 105.
        let found = try asked(
            "max_cost: 95", tokens: 10, fault: "usage-wrong", load: "open: {rate: 10, arrivals: constant}")
        #expect(found.count == 4, "\(found.result.errors)")
        let told = try StoredRows(path: found.database).texts("SELECT sum(output_tokens) FROM requests")
        #expect(told == ["84"])
        #expect(found.result.output.contains("stopped before max_cost 95  "), "\(found.result.output)")
    }

    @Test func `a refusal costs nothing, and a retry is bounded like any request`() throws {
        // Sixty at their most would be 600; slowly, so that each answer is read before many more go out.
        let slow = "open: {rate: 50, arrivals: constant}"
        #expect(try asked("max_cost: 295", tokens: 20, fault: "http-500", load: slow).count == 60)
        #expect(try asked("max_cost: 95", tokens: 20, fault: "truncated", retries: 2).count == 9)
    }

    @Test func `a comparison of pairs spends one budget over all its looks`() throws {
        let server = try SimulatorServer(scripts: [
            "a": StreamScript(timeToFirstToken: .milliseconds(8), gap: .milliseconds(1), tokens: 10, jitter: 1),
            "b": StreamScript(timeToFirstToken: .milliseconds(8), gap: .milliseconds(1), tokens: 10, jitter: 1),
        ])
        let folder = try TemporaryFolder()
        let targets = ["a", "b"].map {
            "  - {name: \($0), api: openai-chat, base_url: \"\(server.url(of: $0))\", model: m, "
                + "price: {input: 0, output: 1000000}}"
        }
        let file = try folder.write(
            """
            targets:
            \(targets.joined(separator: "\n"))
            request: {max_output_tokens: 10}
            load: {closed: {concurrency: 1}, requests: 400}
            max_cost: 355
            """, to: "s.yaml")
        // Twelve pairs and the warm-up are 28 requests and, so unsteady, decide nothing; the second look has seven left, not 35 more.
        let arguments = ["ab", file, "--db", folder.file("runs.sqlite").path, "--allow-client-limited"]
        let result = try Tool.run(
            executable: Tool.path, arguments + ["--pairs", "12", "--max-pairs", "100"])
        #expect([0, 5].contains(result.status), "\(result.errors)")
        server.stop()
        let count = try server.entries().count
        #expect(count == 35, "\(result.output)")
        #expect(result.output.contains("stopped before max_cost"), "\(result.output)")
    }

    @Test func `a cache that costs more than input is set aside for`() throws {
        let server = try SimulatorServer(scripts: [
            "m": StreamScript(timeToFirstToken: .milliseconds(5), gap: .milliseconds(1), tokens: 10)
        ])
        let folder = try TemporaryFolder()
        // A prompt's tokens are far fewer than the body's bytes, at which each could come from the cache.
        let file = try folder.write(
            """
            targets:
              - {name: m, api: openai-chat, base_url: "\(server.url(of: "m"))", model: m,
                 price: {input: 0, cached_input: 1000000, output: 0}}
            prompts: [{text: One.}]
            request: {max_output_tokens: 10}
            load: {closed: {concurrency: 8}, requests: 60}
            max_cost: 250
            max_error_rate: 1
            """, to: "s.yaml")
        let result = try Tool.run(
            "run", file, "--db", folder.file("runs.sqlite").path, "--allow-client-limited")
        server.stop()
        #expect(result.status == 0, "\(result.errors)")
        // The body has more than 125 bytes, so two at once could pass the bound.
        let bodies = try server.entries().count
        #expect(bodies >= 1)
        let atOnce = try StoredRows(path: folder.file("runs.sqlite").path).texts(
            "SELECT count(*) FROM requests a JOIN requests b ON b.sent_ns > a.sent_ns AND b.sent_ns < a.closed_ns")
        #expect(atOnce == ["0"], "\(result.output)")
    }

    @Test func `what nobody counted costs nothing that is known`() throws {
        let run = try MeasuredRun(
            priced("{input: 1, output: 1}").replacingOccurrences(
                of: "tokens: 20,", with: "tokens: 20, fault: no-usage,"))
        let cost = try run.target("m")["cost"]
        #expect(cost?["total"] == .null && cost?["per_thousand_good"] == .null)
        #expect(cost?["unknown_attempts"]?.doubleValue == 5)
        let summary = try Tool.run("report", "--format", "csv", "--db", run.database).output
        let rows = summary.split(separator: "\n").map(\.csvCells).filter { $0[3] == "cost" }
        #expect(
            rows.map { Array($0[4...6]) } == [
                ["currency", "total", ""], ["currency", "per_thousand_good", ""],
                ["count", "estimated_attempts", "0.000000"],
                ["count", "unknown_attempts", "5.000000"],
            ])
        #expect(try run.rows("requests.csv").allSatisfy { $0["cost"] == "" && $0["cost_estimated"] == "" })
        let table = try Tool.run("report", "--full", "--db", run.database).output
        #expect(table.contains("unknown"), "\(table)")
    }

    @Test func `a bound that pays for no request is refused, and nothing is asked`() throws {
        let server = try SimulatorServer(scripts: [
            "m": StreamScript(timeToFirstToken: .milliseconds(5), gap: .milliseconds(1), tokens: 10)
        ])
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            targets:
              - {name: m, api: openai-chat, base_url: "\(server.url(of: "m"))", model: m, price: {input: 0, output: 1000000}}
            request: {max_output_tokens: 10}
            load: {closed: {concurrency: 1}, requests: 5}
            max_cost: 9.5
            """, to: "s.yaml")
        for arguments in [["run", file, "--db", folder.file("runs.sqlite").path], ["probe", file]] {
            let result = try Tool.run(executable: Tool.path, arguments)
            #expect(result.status == 78, "\(result.output)")
            #expect(
                result.errors.contains("max_cost 9.5 pays for no request to 'm', which could cost 10"),
                "\(result.errors)")
        }
        server.stop()
        #expect(try server.entries().isEmpty)
    }

    @Test(arguments: [
        ("max_cost: 1", "has none; write price:"),
        ("max_cost: -1", "max_cost must be"),
    ])
    func `a bound that cannot hold is refused`(key: String, said: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "targets: [{simulate: gpt-4o, name: m}]\nrequest: {max_output_tokens: 5}\n"
                + "load: {closed: {concurrency: 1}, requests: 1}\n\(key)\n", to: "s.yaml")
        let result = try Tool.run("run", file, "--dry-run")
        #expect(result.status == 78)
        #expect(result.errors.contains(said), "\(result.errors)")
    }
}
