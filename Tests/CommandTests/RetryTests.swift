import Foundation
import Glibc
import Testing
import Timeline

/// Retries against servers that count what they get.
@Suite struct RetryTests {
    private final class RetriedRun {
        let server: HostileServer
        let folder: TemporaryFolder
        let result: Tool.Result
        let rows: StoredRows

        init(_ behaviour: String, load: String, retries: Int, more: String = "") throws {
            server = try HostileServer()
            folder = try TemporaryFolder()
            let scenario = try folder.write(
                """
                targets: [{name: server, api: openai-chat, model: m, base_url: "\(server.url)/\(behaviour)/v1"}]
                load: \(load)
                retries: \(retries)
                max_error_rate: 1
                \(more)
                """, to: "retried.yaml")
            rows = StoredRows(path: folder.file("runs.sqlite").path)
            result = try Tool.run("run", scenario, "--db", rows.path, "--full", "--allow-client-limited")
        }

        /// The ids of the requests as the server saw them, without the run's.
        func seen() throws -> [String] {
            try server.requests().compactMap {
                ($0["x-request-id"] as? String)?.split(separator: "-").last.map(String.init)
            }
        }
    }

    @Test func `each attempt is a row, goes out under an id of its own, and waits as the server asks`() throws {
        let run = try RetriedRun("limited-once", load: "{closed: {concurrency: 1}, requests: 3}", retries: 2)
        #expect(run.result.status == 0, "\(run.result.errors)")
        #expect(try run.seen() == ["0", "0.2", "1", "1.2", "2", "2.2"])
        let attempts = try run.rows.texts(
            """
            SELECT request_index || '.' || attempt || ' ' || outcome || ' ' || coalesce(http_status, '') || ' '
                || coalesce(retry_after_ns, '-') || ' ' || coalesce(retry_wait_ns, '-')
            FROM requests ORDER BY request_index, attempt
            """)
        #expect(
            attempts
                == (0..<3).flatMap {
                    ["\($0).1 http_error 429 250000000 -", "\($0).2 ok 200 - 250000000"]
                })
        // The pause lies between the end of one attempt and the dispatch of the next, and in no latency.
        let rows = try run.rows.rows(
            """
            SELECT later.dispatched_ns - earlier.closed_ns AS pause, later.planned_ns - earlier.planned_ns AS moved,
                timings.ttft_ns AS ttft, timings.ttft_sched_ns AS scheduled
            FROM requests AS earlier JOIN requests AS later USING (run_id, request_index)
            JOIN stream_timings AS timings ON timings.request_index = later.request_index AND timings.attempt = 2
            WHERE earlier.attempt = 1 AND later.attempt = 2
            """)
        #expect(rows.count == 3)
        for row in rows {
            #expect(try #require(row["pause"] as? Int) >= 250_000_000)
            #expect(row["moved"] as? Int == 0)
            #expect(try #require(row["ttft"] as? Int) < 200_000_000)
            #expect(try #require(row["scheduled"] as? Int) >= 250_000_000)
        }
        let output = run.result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(output.contains("3 of 3 ok in 6 attempts"), "\(output)")
        #expect(output.contains("none failed after retries; 3 failed attempts: http_error rate_limited 3"), "\(output)")
        #expect(output.contains("3 of 3 requests, 3 of them complete in the end"), "\(output)")
        #expect(output.contains("asked to wait 250 ms; used up: 60 requests"), "\(output)")
    }

    @Test func `a closed loop keeps its place while it waits, an open loop goes on`() throws {
        let closed = try RetriedRun("overloaded-twice", load: "{closed: {concurrency: 1}, requests: 2}", retries: 2)
        #expect(try closed.seen() == ["0", "0.2", "0.3", "1", "1.2", "1.3"])
        let open = try RetriedRun(
            "limited-once", load: "{open: {rate: 20, arrivals: constant}, requests: 4}", retries: 1)
        // Four are due within 150 ms, and the first retry after 250 ms.
        #expect(try open.seen() == ["0", "1", "2", "3", "0.2", "1.2", "2.2", "3.2"])
    }

    @Test func `what the server forbids or the scenario does not allow is not tried again`() throws {
        let forbidden = try RetriedRun(
            "told-not-to-retry", load: "{closed: {concurrency: 1}, requests: 1}", retries: 3)
        #expect(try forbidden.seen() == ["0"])
        let once = try RetriedRun("overloaded-twice", load: "{closed: {concurrency: 1}, requests: 1}", retries: 1)
        #expect(try once.seen() == ["0", "0.2"])
        #expect(once.result.output.contains("1 failed after retries (100.0 %); 2 failed attempts"))
        // Content came before the stream broke.
        let broken = try RetriedRun("short-of-length", load: "{closed: {concurrency: 1}, requests: 1}", retries: 3)
        #expect(try broken.seen() == ["0"])
    }

    @Test func `a run for a duration begins no retry after its end`() throws {
        let run = try RetriedRun(
            "limited-for-a-minute", load: "{closed: {concurrency: 2}, duration: 1s}", retries: 5)
        let lasted = try run.rows.texts("SELECT (ended_ns / 1000000000) FROM runs")
        #expect(try #require(Int(lasted.first ?? "")) < 5)
        #expect(try run.rows.texts("SELECT count(*) FROM requests WHERE attempt > 1") == ["0"])
    }

    @Test func `Ctrl-C ends a pause at once`() throws {
        let server = try HostileServer()
        let folder = try TemporaryFolder()
        let scenario = try folder.write(
            """
            targets:
              - {name: server, api: openai-chat, model: m, base_url: "\(server.url)/limited-for-a-minute/v1"}
            load: {closed: {concurrency: 2}, requests: 2}
            retries: 3
            """, to: "waiting.yaml")
        let database = folder.file("runs.sqlite").path
        let (process, finish) = try Tool.start(Tool.path, ["run", scenario, "--db", database])
        defer { if process.isRunning { process.terminate() } }
        while try server.requests().count < 2 { usleep(20_000) }
        usleep(300_000)
        let interrupted = MonotonicClock.now()
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect((MonotonicClock.now() - interrupted).seconds < 10)
        let result = finish()
        #expect(result.status == 130)
        // Both requests are of one target, which is named once.
        let notices = result.errors.split(separator: "\n").filter { $0.contains("asks to wait 60") }
        #expect(notices.count == 1, "\(result.errors)")
        #expect(try StoredRows(path: database).texts("SELECT outcome FROM requests") == ["http_error", "http_error"])
    }

    @Test func `the simulator's log agrees with what was tried again`() throws {
        let simulator = try SimulatorServer(scripts: [
            "limited": StreamScript(
                timeToFirstToken: .milliseconds(20), gap: .milliseconds(1), tokens: 5, fault: "http-500", faultEvery: 3)
        ])
        let run = try MeasuredRun(
            """
            targets:
              - {name: limited, api: openai-chat, model: m, base_url: "\(simulator.url(of: "limited"))"}
            load: {closed: {concurrency: 1}, requests: 8}
            retries: 1
            """)
        simulator.stop()
        let target = try run.target("limited")
        #expect(target["requests"]?.integerValue == 8)
        #expect(target["complete"]?.integerValue == 8)
        #expect(try simulator.entries().count == target["attempts"]?.integerValue)
        #expect(target["retries"]?["requests"]?.integerValue == (target["attempts"]?.integerValue ?? 0) - 8)
        let waits = try run.rows("requests.csv").filter { $0["attempt"] == "2" }.map { try $0.figure("retry_wait_ms") }
        // A first backoff is half a second, less up to a quarter.
        #expect(!waits.isEmpty && waits.allSatisfy { 375...500 ~= $0 })
    }
}
