import Foundation
import Testing
import Timeline

/// `tokenizer:` and `--normalize-tokens`, counted by a vocabulary in which every byte is a token.
@Suite struct TokenizerTests {
    private let folder: TemporaryFolder
    private let bytes: String

    init() throws {
        folder = try TemporaryFolder()
        bytes = try folder.write(RankFile.text(), to: "bytes.tiktoken")
    }

    private func scenario(_ tokenizer: String, store: String = "{text: false, raw: none}") -> String {
        """
        targets:
          - {name: told, simulate: {ttft: 20ms, gap: 3ms, tokens: 20}}
          - {name: silent, simulate: {ttft: 20ms, gap: 3ms, tokens: 20, fault: no-usage}}
        prompts: [{text: Eleven byte}]
        load: {closed: {concurrency: 1}, requests: 3}
        store: \(store)
        \(tokenizer)
        """
    }

    private var keyed: String { "tokenizer: {file: \(bytes), pattern: cl100k_base}" }

    @Test func `answers are counted though no text is stored, and stand in where the server gives no usage`() throws {
        let run = try MeasuredRun(scenario(keyed))
        let contents = Dictionary(
            grouping: try run.rows("events.csv").filter { $0["kind"] == "text" }, by: { $0["request_index"] ?? "" })
        let rows = try run.rows("requests.csv")
        #expect(rows.count == 6)
        for row in rows {
            let size = try (contents[row["request_index"] ?? ""] ?? []).reduce(0) { try $0 + $1.figure("bytes") }
            #expect(size > 20)
            #expect(try row.figure("tokenizer_output_tokens") == size)
            #expect(try row.figure("tokenizer_input_tokens") == 11)
            let isSilent = row["target"] == "silent"
            #expect(row["token_source"] == (isSilent ? "tokenizer" : "server_usage"))
            #expect(try row.figure("streamed_tokens") == (isSilent ? size : 20))
        }
        let texts = "SELECT count(*) FROM requests WHERE event_texts IS NOT NULL"
        #expect(try StoredRows(path: run.database).texts(texts) == ["0"])
        #expect(run.summary["run"]?["tokenizer"]?.stringValue?.hasSuffix("bytes.tiktoken (cl100k_base)") == true)
        let report = try Tool.run("report", "latest", "--full", "--db", run.database).output
        #expect(report.contains("tokenizer") && report.contains("(cl100k_base)"), "\(report)")
    }

    @Test func `without the key a server's silence leaves an estimate`() throws {
        let run = try MeasuredRun(scenario(""))
        let rows = try run.rows("requests.csv").filter { $0["target"] == "silent" }
        #expect(rows.allSatisfy { $0["token_source"] == "events" && $0["tokenizer_output_tokens"] == "" })
        let refused = try Tool.run("report", "latest", "--normalize-tokens", "--db", run.database)
        #expect(refused.status == 65)
        #expect(refused.errors.contains("no tokenizer counted the tokens of run"), "\(refused.errors)")
    }

    @Test func `normalized figures are by the tokenizer for every target`() throws {
        let run = try MeasuredRun(scenario(keyed))
        let common = ["--json", "--db", run.database]
        for arguments in [["report", "latest", "--normalize-tokens"], ["compare", "latest", "--normalize-tokens"]] {
            let result = try Tool.run(executable: Tool.path, arguments + common)
            #expect(result.status == 0, "\(result.errors)")
        }
        for (arguments, said) in [
            (["report", "latest"], "Figures use the server's counts"),
            (["report", "latest", "--normalize-tokens"], "Figures use the tokenizer's counts"),
        ] {
            let output = try Tool.run(executable: Tool.path, arguments + ["--full", "--db", run.database]).output
            #expect(output.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(said), "\(output)")
        }
        let text = try Tool.run("report", "latest", "--normalize-tokens", "--json", "--db", run.database).output
        let targets = try #require(try JSONValue(parsing: text)["targets"]?.arrayValue)
        for (target, source) in zip(targets, ["server_usage", "tokenizer"]) {
            let name = try #require(target["name"]?.stringValue)
            #expect(target["tokens"]?["sources"] == .object([JSONValue.Member("tokenizer", 3)]), "\(target)")
            // The stream is as long as before; what it is divided by is bytes, and 20 tokens are more bytes than that.
            let metrics = target["metrics"]?.arrayValue?.first { $0["name"]?.stringValue == "tpot" }
            let median = metrics?["estimates"]?.arrayValue?.first { $0["stat"]?.stringValue == "p50" }
            let normalized = try #require(median?["value"]?.doubleValue)
            let plain = try run.figure("tpot", "p50", of: name)
            if source == "tokenizer" { #expect(normalized == plain) } else { #expect(normalized < plain / 2) }
        }
    }

    @Test(arguments: [("cl100k_base", 8), ("o200k_base", 9)])
    func `the pattern decides what may be merged`(pattern: String, count: Double) throws {
        // One pattern keeps the word whole and so merges across the capital; the other cuts before it.
        let file = try folder.write(RankFile.text(adding: ["lC"]), to: "merge.tiktoken")
        let run = try MeasuredRun(
            """
            targets: [{name: m, simulate: {ttft: 5ms, gap: 1ms, tokens: 3}}]
            prompts: [{text: camelCase}]
            load: {closed: {concurrency: 1}, requests: 1}
            tokenizer: {file: \(file), pattern: \(pattern)}
            """)
        #expect(try run.rows("requests.csv")[0].figure("tokenizer_input_tokens") == count)
    }

    @Test func `a tokenizer that cannot be used is refused with its place, before the first request`() throws {
        let garbled = try folder.write(RankFile.text() + "*A== 256\n", to: "garbled.tiktoken")
        let cases = [
            ("tokenizer: missing.tiktoken", "s.yaml:7:12: tokenizer: 'missing.tiktoken' cannot be read"),
            ("tokenizer: \(garbled)", "garbled.tiktoken:257: "),
            ("tokenizer: {file: \(bytes), pattern: p50k}", "allowed: cl100k_base, o200k_base"),
            ("tokenizer: \(bytes)", "its pattern is not known; write tokenizer: {file:"),
        ]
        for (key, said) in cases {
            let file = try folder.write(scenario(key), to: "s.yaml")
            let result = try Tool.run("run", file, "--db", folder.file("none.sqlite").path)
            #expect(result.status == 78, "\(key)")
            #expect(result.errors.contains(said), "\(key): \(result.errors)")
        }
    }
}
