import Foundation
import Testing

/// `ttft report --recompute`: the same facts, decoded again.
@Suite struct RecomputeTests {
    private static let faults = [
        "truncated", "truncated-mid-json", "reset", "error-event", "error-then-done", "no-done", "http-429", "html",
        "invalid-json", "stall",
    ]

    private func scenario(raw: String) -> String {
        let good = ["openai-chat", "openai-completions", "anthropic"].map {
            "  - {name: \($0), api: \($0), simulate: {ttft: 5ms, gap: 1ms, tokens: 12, tokens_per_event: 3}}"
        }
        let bad = Self.faults.enumerated().map { index, fault in
            let api = ["openai-chat", "anthropic"][index % 2]
            return "  - {name: \(fault), api: \(api), simulate: {ttft: 5ms, gap: 1ms, tokens: 12, fault: \(fault)}}"
        }
        return """
            targets:
            \((good + bad).joined(separator: "\n"))
            load: {closed: {concurrency: 2}, requests: 2}
            timeouts: {stall: 300ms, first_token: 300ms}
            max_error_rate: 1
            store: {raw: \(raw)}
            """
    }

    private func report(_ run: MeasuredRun, _ arguments: String...) throws -> Tool.Result {
        try Tool.run(executable: Tool.path, ["report", "--db", run.database, "--json"] + arguments)
    }

    @Test func `every stored body gives the record that was measured, for every dialect and fault`() throws {
        let run = try MeasuredRun(scenario(raw: "all"))
        let again = try report(run, "--recompute")
        #expect(again.status == 0)
        #expect(again.errors == "recomputed: 26 of 26 requests decoded again, none of them differently\n")
        #expect(try again.output == report(run).output)
    }

    @Test func `requests without raw bytes are counted, and keep their events`() throws {
        let run = try MeasuredRun(scenario(raw: "failed"))
        let again = try report(run, "--recompute")
        #expect(again.errors.contains("recomputed: 18 of 26 requests decoded again, none of them differently; 8 lack"))
        #expect(try again.output == report(run).output)
        let none = try MeasuredRun(scenario(raw: "none"))
        #expect(try report(none, "--recompute").errors.contains("0 of 26 requests decoded again"))
    }

    @Test func `nobody is told to store bodies that never came`() throws {
        let run = try MeasuredRun(
            """
            targets:
              - {name: a, simulate: {ttft: 5ms, gap: 1ms, tokens: 12}}
              - {name: closed, api: openai-chat, base_url: "http://127.0.0.1:1/v1", model: m}
            load: {closed: {concurrency: 1}, requests: 2}
            max_error_rate: 1
            store: {raw: all}
            """)
        let again = try report(run, "--recompute")
        #expect(
            again.errors
                == "recomputed: 2 of 4 requests decoded again, none of them differently; 2 got no body\n")
    }

    @Test func `a body that is longer than what is kept of one is no body with a key`() throws {
        let server = try HostileServer()
        let run = try MeasuredRun(
            """
            targets: [{name: a, api: openai-chat, base_url: "\(server.url)/long-answer", model: m}]
            load: {closed: {concurrency: 1}, requests: 1}
            store: {raw: all}
            """)
        #expect(
            try report(run, "--recompute").errors
                == "recomputed: 0 of 1 requests decoded again, none of them differently; "
                + "1 had a body of more than the 16 MiB that are kept\n")
    }

    @Test func `where a key was masked, that is told beside what reads differently`() throws {
        let server = try HostileServer()
        let folder = try TemporaryFolder()
        let key = try folder.write("sk-canary-0123456789", to: "canary.key")
        let run = try MeasuredRun(
            """
            targets: [{name: a, api: openai-chat, base_url: "\(server.url)/echo-stream", model: m, api_key_file: "\(key)"}]
            load: {closed: {concurrency: 1}, requests: 2}
            store: {raw: all}
            """)
        #expect(
            try report(run, "--recompute").errors
                == "recomputed: 2 of 2 requests decoded again, 2 of them differently "
                + "(2 with ***, which may stand for a masked key)\n")
    }

    @Test func `what is recomputed comes from the bytes, and the database stays as it is`() throws {
        let run = try MeasuredRun(
            """
            targets: [{name: a, simulate: {ttft: 5ms, gap: 1ms, tokens: 12}}]
            load: {closed: {concurrency: 1}, requests: 2}
            store: {raw: all}
            """)
        let program = """
            import sqlite3, sys
            database = sqlite3.connect(sys.argv[1])
            row, body = database.execute("SELECT rowid, raw_body FROM requests").fetchone()
            database.execute("UPDATE requests SET raw_body = ? WHERE rowid = ?", (body.replace(b"[DONE]", b"[GONE]"), row))
            database.commit()
            """
        #expect(try Tool.python("-c", program, run.database).status == 0)
        let before = try report(run).output
        let again = try report(run, "--recompute")
        #expect(again.errors == "recomputed: 2 of 2 requests decoded again, 1 of them differently\n")
        #expect(again.output.contains("\"protocol_error\"") && !before.contains("\"protocol_error\""))
        #expect(try report(run).output == before)
    }
}
