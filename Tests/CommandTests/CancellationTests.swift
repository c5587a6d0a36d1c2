import Foundation
import Testing
import Timeline

/// Requests that are cancelled on purpose, held against the log of the server that served them.
@Suite struct CancellationTests {
    /// A run against a simulator of its own, with the log's entries by the requests' ids.
    private struct Measured {
        let run: MeasuredRun
        let rows: [[String: Any]]
        let entries: [String: [String: Any]]

        init(_ cancel: String, script: StreamScript, requests: Int = 20) throws {
            let server = try SimulatorServer(scripts: ["served": script])
            run = try MeasuredRun(
                """
                targets: [{name: served, api: openai-chat, model: m, base_url: "\(server.url(of: "served"))"}]
                load: {closed: {concurrency: 2}, requests: \(requests)}
                cancel: \(cancel)
                """)
            server.stop()
            rows = try StoredRows(path: run.database).rows(
                """
                SELECT requests.*, runs.started_monotonic_ns AS started FROM requests JOIN runs ON runs.id = run_id
                WHERE cancelled_ns IS NOT NULL
                """)
            entries = Dictionary(
                uniqueKeysWithValues: try server.entries().compactMap { entry in
                    (entry["id"] as? String).map { ($0, entry) }
                })
        }

        /// Of each cancelled request: when it was cancelled, by the clock of the log, and what the log says of it.
        var pairs: [(cancelled: Int, entry: [String: Any])] {
            get throws {
                try rows.map { row in
                    let started = try #require(row["started"] as? Int)
                    let cancelled = try #require(row["cancelled_ns"] as? Int)
                    let identifier = try #require(row["client_request_id"] as? String)
                    return (started + cancelled, try #require(entries[identifier]))
                }
            }
        }
    }

    private static let script = StreamScript(
        timeToFirstToken: .milliseconds(30), gap: .milliseconds(10), tokens: 100)

    @Test func `a share is cancelled after so many tokens, and the server sees it at once`() throws {
        let measured = try Measured("{share: 0.25, after: {tokens: 7}}", script: Self.script)
        #expect(measured.rows.count == 5)
        for (cancelled, entry) in try measured.pairs {
            let sends = try #require(entry["sends_ns"] as? [Int])
            let tokens = try #require(entry["tokens"] as? [Int])
            let before = zip(sends, tokens).reduce(0) { $0 + ($1.0 < cancelled ? $1.1 : 0) }
            // A busy machine may be a token late; it never is early.
            #expect((7...9).contains(before), "\(before) tokens before the cancellation")
            let noticed = try #require(entry["noticed_ns"] as? Int)
            #expect(noticed > cancelled && noticed - cancelled < 100_000_000)
            #expect(entry["status"] as? String == "disconnected")
            let output = try #require(entry["output_tokens"] as? Int)
            #expect(output < 20)
        }
        let target = try measured.run.target("served")
        #expect(target["cancelled"] == 5)
        #expect(target["requests"] == 15)
        #expect(target["failed"] == 0)
        #expect(try measured.run.figure("success", "value", of: "served") == 1)
        #expect(try measured.run.figure("cancel_tokens", "p50", of: "served") == 7)
        // 30 ms and six gaps.
        #expect((85...200).contains(try measured.run.figure("cancel_time", "p50", of: "served")))
        let text = try Tool.run("report", "latest", "--db", measured.run.database).output
        #expect(text.contains("5 of 20 requests after 7 tokens (one per event), "), "\(text)")
        let statuses = try measured.run.rows("requests.csv").map { $0["status"] }
        #expect(statuses.count { $0 == "cancelled" } == 5)
        #expect(statuses.count { $0 == "ok" } == 15)
    }

    @Test func `another number of tokens is another instant, and all are cancelled where no share is said`() throws {
        let measured = try Measured("{after: {tokens: 20}}", script: Self.script, requests: 4)
        #expect(measured.rows.count == 4)
        #expect(try measured.run.figure("cancel_tokens", "min", of: "served") >= 20)
        #expect((215...350).contains(try measured.run.figure("cancel_time", "p50", of: "served")))
    }

    @Test func `a time counts from when the request was sent, before its first token too`() throws {
        var slow = Self.script
        slow.timeToFirstToken = .milliseconds(400)
        let measured = try Measured("{share: 0.5, after: {seconds: 0.15}}", script: slow, requests: 4)
        #expect(measured.rows.count == 2)
        for row in measured.rows {
            let cancelled = try #require(row["cancelled_ns"] as? Int)
            let length = cancelled - (try #require(row["sent_ns"] as? Int))
            #expect(length >= 150_000_000 && length < 200_000_000)
            #expect(row["outcome"] as? String == "cancelled")
        }
        for (_, entry) in try measured.pairs { #expect(entry["output_tokens"] as? Int == 0) }
    }

    @Test func `a stream that ends before its cancellation is complete`() throws {
        var short = Self.script
        short.tokens = 5
        let measured = try Measured("{after: {tokens: 50}}", script: short, requests: 3)
        #expect(measured.rows.isEmpty)
        #expect(try measured.run.target("served")["complete"] == 3)
    }

    @Test func `the report says how long a simulated server went on`() throws {
        let run = try MeasuredRun(
            """
            targets:
              - {name: attentive, simulate: {ttft: 20ms, gap: 10ms, tokens: 100}}
              - {name: careless, simulate: {ttft: 20ms, gap: 10ms, tokens: 100, disconnect_delay: 300ms}}
              - {name: ending, simulate: {ttft: 20ms, gap: 10ms, tokens: 10, disconnect_delay: 300ms}}
            load: {closed: {concurrency: 1}, requests: 6}
            cancel: {share: 0.5, after: {tokens: 5}}
            """)
        #expect(try run.figure("server_overrun", "p50", of: "attentive") < 100)
        #expect(try run.figure("overrun_tokens", "max", of: "attentive") <= 10)
        let overrun = try run.figure("server_overrun", "p50", of: "careless")
        let notice = try run.figure("server_notice", "p50", of: "careless")
        #expect((300...400).contains(overrun) && abs(overrun - notice - 300) < 1)
        // One token each 10 ms of the 300 ms.
        #expect((29...40).contains(try run.figure("overrun_tokens", "p50", of: "careless")))
        // An answer that would have ended by itself is not gone on with.
        #expect(try run.figure("server_overrun", "p50", of: "ending") < 100)
        let report = try Tool.run("report", "latest", "--db", run.database)
        #expect(report.output.contains("careless: 3 of 6 requests after 5 tokens"), "\(report.output)")
        #expect(report.output.contains("the server went on for 30"), "\(report.output)")
    }

    @Test func `pairs refuse it`() throws {
        let folder = try TemporaryFolder()
        let scenario = try folder.write(
            """
            targets: [{name: a, simulate: gpt-4o}, {name: b, simulate: gpt-4o}]
            load: {closed: {concurrency: 1}, requests: 2}
            cancel: {after: {tokens: 5}}
            """, to: "pairs.yaml")
        let result = try Tool.run("ab", scenario, "--db", folder.file("runs.sqlite").path)
        #expect(result.status == 78)
        #expect(result.errors.contains("nothing is cancelled in them; leave out cancel"))
    }
}
