import Foundation
import Testing
import Timeline

/// Streamed and whole answers to the same prompts, and what a reader has, from a file to the report.
@Suite struct StreamingGainTests {
    @Test(arguments: ["openai-chat", "openai-completions", "anthropic", "ollama"])
    func `what streaming hides is measured against whole answers`(api: String) throws {
        let run = try MeasuredRun(
            """
            targets: [{name: served, api: \(api), simulate: {ttft: 100ms, gap: 5ms, tokens: 61}}]
            request: {stream: both}
            load: {closed: {concurrency: 2}, requests: 8}
            """)
        // 100 ms of 400 ms are left of the wait, and the end comes at the same time.
        #expect(abs(try run.figure("measured_gain", "p50", of: "served") - 0.75) < 0.05)
        #expect(abs(try run.figure("stream_overhead", "p50", of: "served")) < 0.05)
        let whole = try run.target("served-whole")
        #expect(whole["streams"] == false && whole["whole_of"] == "served")
        #expect(whole["complete"] == 8)
        #expect((390...500).contains(try run.figure("e2e", "p50", of: "served-whole")))
        let rows = try run.rows("requests.csv")
        #expect(rows.count { $0["target"] == "served-whole" && $0["content_reads"] == "1" } == 8)
        let warnings = whole["warnings"]?.arrayValue?.compactMap(\.stringValue).joined() ?? ""
        #expect(!warnings.contains("buffer"), "\(warnings)")
        let report = try Tool.run("report", "latest", "--db", run.database).output
        #expect(report.contains("streaming   served: hides 7"), "\(report)")
    }

    @Test func `a target of its own can be asked for whole answers`() throws {
        let server = try SimulatorServer(scripts: ["one": StreamScript(timeToFirstToken: .milliseconds(5), tokens: 5)])
        let run = try MeasuredRun(
            """
            targets:
              - {name: streamed, api: openai-chat, model: m, base_url: "\(server.url(of: "one"))"}
              - {name: whole, api: openai-chat, model: m, base_url: "\(server.url(of: "one"))", stream: false}
            load: {closed: {concurrency: 1}, requests: 3}
            """)
        server.stop()
        let asked = try server.entries().compactMap { $0["stream"] as? Bool }
        #expect(asked.count { $0 } == 3 && asked.count { !$0 } == 3)
        #expect(try run.target("whole")["complete"] == 3)
    }

    @Test func `a reader's marks are stored without the text, and are those of the text`() throws {
        let scenario = """
            targets: [{name: served, simulate: {ttft: 40ms, gap: 5ms, tokens: 80, tokens_per_event: 2}}]
            reader: {words: 7, tokens: 21, speed: 40}
            load: {closed: {concurrency: 1}, requests: 5}
            store: {text: TEXT, raw: all}
            """
        let kept = try MeasuredRun(scenario.replacingOccurrences(of: "TEXT", with: "true"))
        let rows = try StoredRows(path: kept.database).rows("SELECT answer_marks, event_texts FROM requests")
        for row in rows {
            let marks = try JSONValue(parsing: try #require(row["answer_marks"] as? String))
            let texts = try JSONValue(parsing: try #require(row["event_texts"] as? String)).arrayValue ?? []
            let first = try #require(marks["reading"]?["first_words"]?.integerValue)
            // By other means: the fewest events whose text has seven words, each followed by more.
            let joined = { (count: Int) in texts.prefix(count).compactMap(\.stringValue).joined() }
            let words = { (text: String) in text.split(whereSeparator: \.isWhitespace).count }
            #expect(words(joined(first + 1)) >= 7 && words(joined(first)) < 8)
        }
        let report = try Tool.run("report", "latest", "--recompute", "--db", kept.database)
        #expect(
            (report.output + report.errors).contains("none of them differently"), "\(report.errors)\(report.output)")
        #expect(report.output.contains("7 words "), "\(report.output)")
        let dropped = try MeasuredRun(scenario.replacingOccurrences(of: "TEXT", with: "false"))
        let stored = try StoredRows(path: dropped.database).rows("SELECT answer_marks, event_texts FROM requests")
        #expect(stored.count == 5)
        #expect(stored.allSatisfy { $0["event_texts"] == nil && $0["answer_marks"] != nil })
        // 21 tokens at two an event are eleven events: ten gaps of two tokens after the first.
        #expect(abs(try dropped.figure("time_to_tokens", "p50", of: "served") - 140) < 30)
        // 80 tokens at 40 a second from the first on.
        #expect(abs(try dropped.figure("reading_end", "p50", of: "served") - 2040) < 60)
        let again = try Tool.run("report", "latest", "--recompute", "--db", dropped.database)
        #expect((again.output + again.errors).contains("none of them differently"), "\(again.errors)\(again.output)")
    }
}
