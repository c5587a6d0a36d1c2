import Foundation
import Testing

/// Servers that no HTTP library would write: each ends in its class, bounded in time and memory, and harms no other.
@Suite struct HostileServerTests {
    struct Expectation: Sendable {
        var behaviour: String
        var outcome: String
        var detail: String?
        /// Part of what people are told.
        var message = ""

        init(_ behaviour: String, _ outcome: String, _ detail: String? = nil, _ message: String = "") {
            self.behaviour = behaviour
            self.outcome = outcome
            self.detail = detail
            self.message = message
        }
    }

    static let expectations = [
        Expectation("bad-chunk-size", "protocol_error", "malformed_http", "chunked"),
        Expectation("chunk-overflow", "protocol_error", "malformed_http", "chunked"),
        Expectation("chunk-without-end", "protocol_error", "malformed_http", "chunked"),
        Expectation("huge-header", "protocol_error", "malformed_http", "header"),
        Expectation("many-headers", "protocol_error", "malformed_http", "header"),
        Expectation("half-headers", "timeout_headers"),
        Expectation("reset-in-headers", "transport_error", "connection_lost"),
        Expectation("nothing-like-http", "protocol_error", "malformed_http"),
        Expectation("reset-unanswered", "transport_error", "connection_lost"),
        Expectation("closed-unanswered", "transport_error", "empty_reply"),
        Expectation("short-of-length", "truncated", "cut_short"),
        Expectation("beyond-length", "truncated", "no_terminal"),
        Expectation("empty", "truncated", "empty_body"),
        Expectation("no-content", "protocol_error", "no_content"),
        Expectation("json-error", "stream_error", "overloaded", "Overloaded, come back later"),
        Expectation("not-streamed", "protocol_error", "not_streamed"),
        Expectation("gzipped", "protocol_error", "content_encoding", "gzip"),
        Expectation("redirected", "http_error", "redirect"),
        Expectation("rate-limited", "http_error", "rate_limited", "Slow down"),
        Expectation("deep-json", "protocol_error", "invalid_json"),
        Expectation("early-hints", "ok"),
        Expectation("open-after-end", "ok"),
        Expectation("drip", "ok"),
        Expectation("burst", "ok"),
        Expectation("good", "ok"),
    ]

    /// One run with a target per behaviour, each request on a connection of its own unless said otherwise.
    private final class HostileRun {
        let server: HostileServer
        let folder: TemporaryFolder
        let result: Tool.Result
        let rows: StoredRows

        init(
            _ behaviours: [String], requests: Int = 1, load: String? = nil, connections: String = "fresh",
            more: String = ""
        ) throws {
            let server = try HostileServer()
            self.server = server
            folder = try TemporaryFolder()
            let targets = behaviours.map { behaviour in
                """
                  - {name: \(behaviour), api: openai-chat, model: m, connections: \(connections),
                     base_url: "\(server.url)/\(behaviour)/v1"}
                """
            }.joined(separator: "\n")
            let scenario = try folder.write(
                """
                name: hostile
                targets:
                \(targets)
                load: \(load ?? "{closed: {concurrency: 1}, requests: \(requests)}")
                max_error_rate: 1
                \(more)
                """, to: "hostile.yaml")
            rows = StoredRows(path: folder.file("runs.sqlite").path)
            result = try Tool.run("run", scenario, "--db", rows.path, "--full", "--allow-client-limited")
        }

        func row(_ behaviour: String) throws -> [String: Any] {
            try #require(
                try rows.rows(
                    "SELECT outcome, outcome_detail, outcome_message, send_count, response_headers, read_count, "
                        + "bytes_received, events, length(raw_body) AS raw_length FROM requests "
                        + "WHERE target = '\(behaviour)'"
                )
                .first)
        }
    }

    private static let shortTimeouts = "timeouts: {headers: 2s, first_token: 2s, stall: 2s, total: 20s}"

    @Test func `every behaviour ends in its class`() throws {
        let run = try HostileRun(Self.expectations.map(\.behaviour), more: Self.shortTimeouts)
        #expect(run.result.status == 0, "\(run.result.errors)")
        for expectation in Self.expectations {
            let place = Comment(rawValue: expectation.behaviour)
            let row = try run.row(expectation.behaviour)
            #expect(row["outcome"] as? String == expectation.outcome, place)
            #expect(row["outcome_detail"] as? String == expectation.detail, place)
            #expect(row["send_count"] as? Int == 1, place)
            if !expectation.message.isEmpty {
                let message = try #require(row["outcome_message"] as? String, place)
                #expect(message.lowercased().contains(expectation.message.lowercased()), "\(message)")
            }
        }
        try checkFacts(of: run)
    }

    private func checkFacts(of run: HostileRun) throws {
        // A redirect is not followed: the other address was asked once, by its own target.
        #expect(try run.server.requests().filter { $0["behaviour"] as? String == "good" }.count == 1)
        let headers = try #require(try run.row("rate-limited")["response_headers"] as? String)
        #expect(headers.lowercased().contains("\"retry-after\",\"17\""))
        // What came before the damage is kept.
        #expect(try run.row("chunk-overflow")["events"] as? String != "[]")
        // A stream of three tokens in as many pieces as a busy machine could keep apart.
        #expect(try run.row("drip")["read_count"] as? Int ?? 0 > 20)
        let tokens = try run.rows.texts(
            "SELECT count(*) FROM events JOIN requests USING (run_id, request_index, attempt) "
                + "WHERE target = 'burst' AND kind = 'text'")
        #expect(tokens == ["50000"])
        // The stream was over when its end marker came, not when the tool gave up waiting for the connection's end.
        let open = try run.rows.texts(
            "SELECT (terminal_ns - sent_ns) / 1000000 FROM requests WHERE target = 'open-after-end'")
        #expect(open.first.flatMap { Int($0) }.map { $0 < 1500 } == true, "\(open)")
    }

    @Test func `answers without end are cut off, and what is stored of them is bounded`() throws {
        let run = try HostileRun(["line-without-end", "endless-body"], more: "timeouts: {total: 110s, stall: 100s}")
        for (behaviour, detail) in [("line-without-end", "event_too_large"), ("endless-body", "response_too_large")] {
            let row = try run.row(behaviour)
            #expect(row["outcome"] as? String == "protocol_error")
            #expect(row["outcome_detail"] as? String == detail)
            #expect(row["bytes_received"] as? Int ?? .max <= 64 << 20)
            #expect(row["raw_length"] as? Int == 16 << 20)
        }
    }

    @Test func `a server that stops reading runs into a timeout`() throws {
        let server = try HostileServer()
        let folder = try TemporaryFolder()
        // More than the sockets of both sides take.
        let prompt = String(repeating: "long words ", count: 2 << 20)
        _ = try folder.write("{\"prompt\": \"\(prompt)\"}\n", to: "long.jsonl")
        let scenario = try folder.write(
            """
            name: unread
            targets: [{name: unread, api: openai-chat, model: m, base_url: "\(server.url)/never-reads/v1"}]
            prompts: [{file: long.jsonl}]
            load: {closed: {concurrency: 1}, requests: 1}
            timeouts: {headers: 1s}
            """, to: "unread.yaml")
        let rows = StoredRows(path: folder.file("runs.sqlite").path)
        #expect(try Tool.run("run", scenario, "--db", rows.path).status == 6)
        #expect(
            try rows.texts("SELECT outcome, (closed_ns - sent_ns) / 1000000000 FROM requests") == ["timeout_headers|1"])
    }

    @Test func `a request that was sent again says so, in the database and in the report`() throws {
        let run = try HostileRun(["closed-on-reuse"], requests: 2, connections: "reuse")
        let counts = try run.rows.texts("SELECT outcome, send_count FROM requests ORDER BY request_index")
        #expect(counts == ["ok|1", "ok|2"])
        // The server agrees: it saw one request more than was planned.
        let seen = try run.server.requests().map { "\($0["connection"] ?? 0).\($0["ordinal"] ?? 0)" }
        #expect(Set(seen).count == 3 && seen.count == 3)
        #expect(run.result.output.contains("1 request was sent more than once"), "\(run.result.output)")
        let detail = try Tool.run("show", "latest", "--request", "1", "--db", run.rows.path)
        #expect(detail.output.contains("2 times"), "\(detail.output)")
    }

    @Test func `what a server says unasked on an idle connection is the answer to no request`() throws {
        let run = try HostileRun(
            ["speaks-unasked"], load: "{open: {rate: 5, arrivals: constant}, requests: 4}", connections: "reuse")
        let rows = try run.rows.texts("SELECT outcome, http_status, send_count FROM requests ORDER BY request_index")
        #expect(rows == Array(repeating: "ok|200|1", count: 4))
        // The server saw each request once, and each on a connection of its own.
        let seen = try run.server.requests().map { "\($0["connection"] ?? 0).\($0["ordinal"] ?? 0)" }
        #expect(Set(seen).count == 4 && seen.allSatisfy { $0.hasSuffix(".1") }, "\(seen)")
    }

    @Test func `a request that finds only dead connections goes out over a new one, however many they are`() throws {
        let run = try HostileRun(
            ["speaks-at-once"], load: "{closed: {concurrency: 16}, requests: 320}", connections: "reuse")
        let counts = try run.rows.texts("SELECT outcome, send_count, count(*) FROM requests GROUP BY 1, 2")
        #expect(counts == ["ok|1|320"])
    }

    @Test func `a request that was sent again counts its first token from the send that was answered`() throws {
        let run = try HostileRun(["closed-late-on-reuse"], requests: 2, connections: "reuse")
        let row = try #require(
            try run.rows.rows(
                """
                SELECT send_count, outcome, ttft_ns, ttft_sched_ns FROM stream_timings
                JOIN requests USING (run_id, request_index, attempt, outcome) WHERE request_index = 1
                """
            ).first)
        #expect(row["send_count"] as? Int == 2)
        #expect(row["outcome"] as? String == "ok")
        // The server kept the first send for 600 ms, and answers at once.
        #expect(try #require(row["ttft_ns"] as? Int) < 500_000_000)
        #expect(try #require(row["ttft_sched_ns"] as? Int) >= 600_000_000)
        #expect(run.result.output.contains("TTFT counts from the send that was answered"), "\(run.result.output)")
    }

    struct Limit: Sendable {
        var behaviour: String
        var timeouts: String
        var outcome: String
        /// The SQL of the instant from which the limit counts.
        var start: String
        var seconds: Double
    }

    static let limits = [
        Limit(
            behaviour: "silent", timeouts: "headers: 1.5s", outcome: "timeout_headers", start: "sent_ns", seconds: 1.5),
        Limit(
            behaviour: "comments-forever", timeouts: "first_token: 1s", outcome: "timeout_first_token",
            start: "sent_ns", seconds: 1),
        Limit(
            behaviour: "stalls", timeouts: "stall: 1s", outcome: "timeout_stall",
            start: "(SELECT max(arrival_ns) FROM events WHERE kind = 'text')", seconds: 1),
        Limit(
            behaviour: "endless-tokens", timeouts: "total: 2s", outcome: "timeout_total", start: "dispatched_ns",
            seconds: 2),
    ]

    @Test(arguments: limits) func `a timeout ends a request at its limit`(_ limit: Limit) throws {
        let run = try HostileRun([limit.behaviour], more: "timeouts: {\(limit.timeouts)}")
        try check(limit, in: run.rows)
    }

    @Test func `a connection that never comes about ends at its limit`() throws {
        // A queue for one connection, which the tool's own look before the start fills: every later one is ignored.
        let listener = try FullListener()
        let folder = try TemporaryFolder()
        let scenario = try folder.write(
            """
            name: full
            targets: [{name: full, api: openai-chat, model: m, base_url: "\(listener.url)"}]
            load: {closed: {concurrency: 1}, requests: 1}
            timeouts: {connect: 1s}
            """, to: "full.yaml")
        let rows = StoredRows(path: folder.file("runs.sqlite").path)
        #expect(try Tool.run("run", scenario, "--db", rows.path).status == 6)
        try check(
            Limit(
                behaviour: "full", timeouts: "", outcome: "timeout_connect", start: "dispatched_ns", seconds: 1),
            in: rows)
    }

    /// Judges by the record's own clock: never before the limit, and not long after it.
    private func check(_ limit: Limit, in rows: StoredRows) throws {
        let found = try rows.rows("SELECT outcome, closed_ns - \(limit.start) AS lasted FROM requests")
        #expect(found.count == 1)
        let row = try #require(found.first)
        #expect(row["outcome"] as? String == limit.outcome)
        let seconds = Double(try #require(row["lasted"] as? Int)) / 1e9
        #expect(seconds >= limit.seconds && seconds < limit.seconds + 1.5, "\(seconds) s")
    }
}
