import Foundation
import Testing
import Timeline

/// Result files that other tools wrote, imported, beside the figures that those tools printed of them.
@Suite struct ImportTests {
    private static func file(_ name: String) -> String {
        Tool.root.appendingPathComponent("Tests/CommandTests/OtherTools/\(name)").path
    }

    private static func json(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: String(contentsOfFile: file(name), encoding: .utf8))
    }

    /// Imports a file into a database and gives the run's id.
    private static func imported(_ path: String, into database: String, _ further: String...) throws -> String {
        let result = try Tool.run(
            executable: Tool.path, ["import", path, "--json", "--db", database] + further)
        try #require(result.status == 0, "\(result.errors)")
        let runs = try JSONValue(parsing: result.output)["runs"]?.arrayValue ?? []
        return try #require(runs.first?["run_id"]?.stringValue)
    }

    /// The first target's figures by a tool's definitions.
    private static func figures(of run: String, _ dialect: String, in database: String) throws -> JSONValue {
        let result = try Tool.run("report", run, "--dialect", dialect, "--json", "--db", database)
        try #require(result.status == 0, "\(result.errors)")
        return try #require(JSONValue(parsing: result.output)["targets"]?.arrayValue?.first)
    }

    /// Whether a figure is the printed one, to a share that covers rounding to nanoseconds.
    private static func expect(
        _ figures: JSONValue, _ name: String, _ label: String, is printed: Double?, within share: Double = 1e-6
    ) throws {
        let value = try #require(figures["figures"]?[name]?[label]?.doubleValue, "\(name) \(label)")
        let printed = try #require(printed, "\(name) \(label)")
        #expect(abs(value - printed) <= share * max(1, abs(printed)), "\(name) \(label): \(value) is not \(printed)")
    }

    @Test func `a vLLM file gives the figures that vLLM printed`() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("runs.sqlite").path
        let run = try Self.imported(Self.file("vllm.json"), into: database)
        let figures = try Self.figures(of: run, "vllm", in: database)
        let printed = try Self.json("vllm.json")
        for (name, key) in [("TTFT (ms)", "ttft"), ("TPOT (ms)", "tpot"), ("ITL (ms)", "itl"), ("E2EL (ms)", "e2el")] {
            for (label, statistic) in [
                ("Mean", "mean"), ("Median", "median"), ("Std", "std"), ("P90", "p90"), ("P95", "p95"), ("P99", "p99"),
            ] {
                try Self.expect(figures, name, label, is: printed["\(statistic)_\(key)_ms"]?.doubleValue, within: 2e-6)
            }
        }
        for (name, key) in [
            ("Request throughput (req/s)", "request_throughput"), ("Total generated tokens", "total_output_tokens"),
            ("Output token throughput (tok/s)", "output_throughput"), ("Benchmark duration (s)", "duration"),
            ("Total token throughput (tok/s)", "total_token_throughput"), ("Successful requests", "completed"),
        ] {
            let value = try #require(figures["totals"]?[name]?.doubleValue)
            let expected = try #require(printed[key]?.doubleValue)
            #expect(abs(value - expected) <= 1e-6 * expected, "\(name): \(value) is not \(expected)")
        }
    }

    @Test func `an AIPerf file gives the figures that AIPerf printed`() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("runs.sqlite").path
        let run = try Self.imported(Self.file("aiperf.jsonl"), into: database)
        let figures = try Self.figures(of: run, "aiperf", in: database)
        let printed = try Self.json("aiperf-printed.json")
        for (name, key) in [
            ("Time to First Token (ms)", "time_to_first_token"), ("Time to Second Token (ms)", "time_to_second_token"),
            ("Request Latency (ms)", "request_latency"), ("Inter Token Latency (ms)", "inter_token_latency"),
            ("Inter Chunk Latency (ms)", "inter_chunk_latency"),
            ("Output Token Throughput Per User (tokens/sec/user)", "output_token_throughput_per_user"),
            ("Output Sequence Length (tokens)", "output_sequence_length"),
        ] {
            for label in ["avg", "min", "max", "p99", "p90", "p50", "std"] {
                try Self.expect(figures, name, label, is: printed[key]?[label]?.doubleValue)
            }
        }
        // AIPerf rates its tokens by the length of its own phase, which the records do not hold; its printed duration
        // is that of the requests.
        let duration = try #require(printed["benchmark_duration"]?["avg"]?.doubleValue)
        let throughput = try #require(figures["totals"]?["Output Token Throughput (tokens/sec)"]?.doubleValue)
        #expect(abs(throughput - 1440 / duration) < 1e-3)
    }

    @Test func `a GuideLLM file gives the figures that GuideLLM printed`() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("runs.sqlite").path
        let run = try Self.imported(Self.file("guidellm.json"), into: database)
        let figures = try Self.figures(of: run, "guidellm", in: database)
        let metrics = try #require(Self.json("guidellm.json")["benchmarks"]?.arrayValue?.first?["metrics"])
        for (name, key) in [
            ("Request Latency (s)", "request_latency"), ("TTFT (ms)", "time_to_first_token_ms"),
            ("TTFOT (ms)", "time_to_first_output_token_ms"), ("TPOT (ms)", "time_per_output_token_ms"),
            ("ITL (ms)", "inter_token_latency_ms"),
        ] {
            let printed = metrics[key]?["successful"]
            for (label, statistic) in [("Mean", "mean"), ("Mdn", "median"), ("Std", "std_dev")] {
                try Self.expect(figures, name, label, is: printed?[statistic]?.doubleValue, within: 1e-5)
            }
            for label in ["p95", "p99"] {
                try Self.expect(figures, name, label, is: printed?["percentiles"]?[label]?.doubleValue, within: 1e-5)
            }
        }
    }

    @Test func `every verb takes an imported run, and none states what its file does not tell`() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("runs.sqlite").path
        let guide = try Self.imported(Self.file("guidellm.json"), into: database)
        let other = try Self.imported(Self.file("vllm.json"), into: database, "--target", "main")
        for arguments in [
            ["report", guide, "--full"], ["report", guide, "--format", "markdown"], ["show", guide, "--slowest", "2"],
            ["compare", guide, other], ["compare", guide, other, "--rank"], ["runs"],
            ["export", guide, "--output", folder.file("export").path], ["runs", "tag", guide, "theirs"],
            ["report", guide, "--format", "html", "--output", folder.file("page.html").path],
        ] {
            let result = try Tool.run(executable: Tool.path, arguments + ["--db", database])
            #expect(result.status == 0, "\(arguments): \(result.errors)")
        }
        let report = try Tool.run("report", guide, "--db", database).output
        #expect(report.contains("measured by GuideLLM, imported"))
        #expect(report.contains("accuracy    not known: GuideLLM measured this run"), "\(report)")
        #expect(!report.contains("kernel stamps") && !report.contains("late ≤"))
        let json = try JSONValue(parsing: Tool.run("report", guide, "--json", "--db", database).output)
        let metrics = json["targets"]?.arrayValue?.first?["metrics"]?.arrayValue ?? []
        let gaps = metrics.first { $0["name"]?.stringValue == "itl" }?["estimates"]?.arrayValue ?? []
        // GuideLLM keeps no gap, and nobody knows how late its stamps were.
        #expect(!gaps.isEmpty && gaps.allSatisfy { $0["value"] == .null })
        let ranges = metrics.flatMap { $0["estimates"]?.arrayValue ?? [] }.compactMap { $0["measurement_low"] }
        #expect(!ranges.isEmpty && ranges.allSatisfy { $0 == .null })
        let targets = json["targets"]?.arrayValue?.first
        #expect(targets?["measurement_error"]?["late_bound_ms"] == .null)
        let exported = try Tool.run("compare", folder.file("export").path, other, "--db", database)
        #expect(exported.status == 0, "\(exported.errors)")
    }

    @Test func `a run written as vLLM's file and read again has the same figures`() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("runs.sqlite").path
        let scenario = try folder.write(
            """
            name: round
            targets:
              - {name: a, simulate: {ttft: 20ms, gap: 2ms, tokens: 12, jitter: 0.3}}
              - {name: b, simulate: {ttft: 10ms, gap: 1ms, tokens: 5, tokens_per_event: 2}}
            load: {closed: {concurrency: 2}, requests: 12}
            """, to: "round.yaml")
        try #require(try Tool.run("run", scenario, "--db", database, "--allow-client-limited").status == 0)
        let file = folder.file("vllm.json").path
        let unnamed = try Tool.run("export", "latest", "--format", "vllm", "--output", file, "--db", database)
        #expect(unnamed.status == 64 && unnamed.errors.contains("add --target with one of a, b"), "\(unnamed.errors)")
        let ours = try JSONValue(
            parsing: Tool.run("report", "latest", "--dialect", "vllm", "--json", "--db", database).output)
        for (index, name) in ["a", "b"].enumerated() {
            let written = try Tool.run(
                "export", "latest", "--format", "vllm", "--target", name, "--output", file, "--force", "--db", database)
            try #require(written.status == 0, "\(written.errors)")
            let other = folder.file("\(name).sqlite").path
            let run = try Self.imported(file, into: other)
            let theirs = try Self.figures(of: run, "vllm", in: other)
            let target = try #require(ours["targets"]?.arrayValue?[index])
            #expect(target["name"]?.stringValue == name)
            #expect(theirs["figures"] == target["figures"])
            #expect(theirs["totals"]?["Total generated tokens"] == target["totals"]?["Total generated tokens"])
            #expect(theirs["totals"]?["Benchmark duration (s)"] == target["totals"]?["Benchmark duration (s)"])
            #expect(theirs["figures"]?["ITL (ms)"]?["P99"] != .null)
        }
        let again = try Tool.run(
            "export", "latest", "--format", "vllm", "--target", "a", "--output", file, "--db", database)
        #expect(again.status != 0 && again.errors.contains("--force to overwrite"))
    }
}
