import Foundation
import Testing
import Timeline

/// Streams that break off and go on over a further connection.
@Suite struct ReconnectionTests {
    @Test(arguments: ["openai-chat", "anthropic", "openai-responses"])
    func `a stream that breaks off goes on where it stopped, and is one stream`(api: String) throws {
        let script = "{ttft: 80ms, gap: 4ms, tokens: 21, event_ids: true, reconnect_after: 300ms, %}"
        let broken = script.replacingOccurrences(of: "%", with: "fault: truncated, fault_every: 2")
        let run = try MeasuredRun(
            """
            targets:
              - {name: whole, api: \(api), simulate: \(script.replacingOccurrences(of: ", %", with: ""))}
              - {name: left, api: \(api), simulate: \(broken)}
              - {name: resumed, api: \(api), simulate: \(broken), reconnect: true}
            load: {closed: {concurrency: 1}, requests: 4}
            store: {text: true}
            max_error_rate: 1
            """, ["--set", "seed=5"])
        let rows = StoredRows(path: run.database)
        let outcomes =
            "SELECT target || ' ' || outcome || ' ' || count(*) FROM requests GROUP BY target, outcome ORDER BY 1"
        #expect(try rows.texts(outcomes) == ["left ok 2", "left truncated 2", "resumed ok 4", "whole ok 4"])
        let counts = "SELECT DISTINCT output_tokens FROM requests WHERE outcome = 'ok'"
        #expect(try rows.texts(counts) == ["21"])
        // Twenty-one tokens came once each: as many texts as in a stream that did not break, in both halves' own order.
        let contents =
            "SELECT target || ' ' || count(*) FROM events JOIN requests USING (run_id, request_index, attempt) WHERE kind = 'text' AND target <> 'left' GROUP BY target"
        #expect(try rows.texts(contents) == ["resumed 84", "whole 84"])
        let kept = try run.target("resumed")["keep_alives"]
        #expect(kept?["broken_streams"] == 2 && kept?["resumed_streams"] == 2)
        let length = try #require(kept?["break_ms"]?["p50"]?.doubleValue)
        #expect(length > 300 && length < 2300)
        // The break is a gap of the stream, and no retry.
        #expect(try run.figure("itl", "max", of: "resumed") >= length)
        #expect(try run.target("resumed")["retries"]?["attempts"] == 0)
        let cells = try run.rows("requests.csv").filter { $0["target"] == "resumed" }
        #expect(cells.map { $0["break_count"] } == ["0", "1", "0", "1"])
        #expect(cells.allSatisfy { ($0["break_ms"] ?? "").isEmpty == ($0["break_count"] == "0") })
    }

    @Test func `the server is told the last event, and the two halves are the uninterrupted text`() throws {
        var script = StreamScript(
            timeToFirstToken: .milliseconds(50), gap: .milliseconds(4), tokens: 12, sendsEventIDs: true,
            reconnectAfter: .milliseconds(200))
        let whole = try told(by: script)
        script.fault = "reset"
        let broken = try told(by: script)
        #expect(whole.entries.count == 1 && broken.entries.count == 2)
        #expect(broken.entries.map { $0["last_event_id"] as? String } == [nil, "1-6"])
        #expect(broken.texts.joined() == whole.texts.joined() && broken.texts.count == 12)
        // No earlier than the server had asked for, and within the two instants that its log has for the break.
        let ended = try #require(broken.entries[0]["ended_ns"] as? Int)
        let asked = try #require(broken.entries[1]["body_ns"] as? Int)
        #expect(asked - ended > 190_000_000)
        let gap = try #require(broken.gap)
        let sends = try broken.entries.map { try #require($0["sends_ns"] as? [Int]) }
        let silence = try #require(sends[1].first) - (try #require(sends[0].last))
        #expect(abs(gap - silence) < 50_000_000, "\(gap) \(silence)")
    }

    /// What came of one stream of a script with `reconnect: true`, and what the server's log says of it.
    private func told(by script: StreamScript) throws -> (entries: [[String: Any]], texts: [String], gap: Int?) {
        let server = try SimulatorServer(scripts: ["m": script])
        let folder = try TemporaryFolder()
        let scenario = try folder.write(
            """
            targets: [{name: m, api: openai-chat, base_url: "\(server.url(of: "m"))", model: m, reconnect: true}]
            load: {closed: {concurrency: 1}, requests: 1}
            store: {text: true}
            """, to: "s.yaml")
        let rows = StoredRows(path: folder.file("runs.sqlite").path)
        let result = try Tool.run("run", scenario, "--db", rows.path, "--allow-client-limited")
        #expect(result.status == 0, "\(result.errors)")
        server.stop()
        let texts = try rows.texts("SELECT value FROM requests, json_each(event_texts) WHERE value <> ''")
        let gap = try rows.texts(
            "SELECT max(gap) FROM (SELECT arrival_ns - lag(arrival_ns) OVER (ORDER BY arrival_ns) AS gap FROM events WHERE kind = 'text')"
        )
        return (try server.entries(), texts, gap.first.flatMap { Int($0) })
    }

    /// What a server of the given behaviour was asked, and how the request's row ended.
    private func asked(
        _ behaviour: String, _ key: String = "reconnect: true"
    ) throws -> (ids: [String?], row: String, show: String, contents: Int) {
        let server = try HostileServer()
        let folder = try TemporaryFolder()
        let scenario = try folder.write(
            """
            targets: [{name: server, api: openai-chat, model: m, base_url: "\(server.url)/\(behaviour)/v1", \(key)}]
            load: {closed: {concurrency: 1}, requests: 1}
            max_error_rate: 1
            """, to: "s.yaml")
        let rows = StoredRows(path: folder.file("runs.sqlite").path)
        let result = try Tool.run("run", scenario, "--db", rows.path, "--allow-client-limited")
        #expect(result.status == 0, "\(result.errors)")
        let row = try rows.texts("SELECT outcome || ' ' || coalesce(json_array_length(breaks), 0) FROM requests")
        let show = try Tool.run("show", "latest", "--request", "0", "--db", rows.path).output
        let contents = try rows.texts("SELECT count(*) FROM events WHERE kind IN ('text', 'reasoning')").first
        return (
            try server.requests().map { $0["last-event-id"] as? String }, row.joined(separator: ", "), show,
            contents.flatMap { Int($0) } ?? -1
        )
    }

    @Test func `without the key nothing is asked again`() throws {
        let found = try asked("breaks-off", "reconnect: false")
        #expect(found.ids == [nil] && found.row == "truncated 0")
    }

    @Test func `a stream that breaks without end is given up after five further connections`() throws {
        let found = try asked("breaks-off")
        #expect(found.ids == [nil, "1", "2", "3", "4", "5"] && found.row == "truncated 5")
    }

    @Test func `an event that was cut is asked for again`() throws {
        let found = try asked("breaks-inside-event")
        #expect(found.ids == [nil, "1"] && found.row == "ok 1")
        #expect(found.show.contains("broke off after event '1', went on"), "\(found.show)")
    }

    @Test(arguments: ["tokens: 30", "seconds: 0.7"])
    func `a stream is cancelled by all that came of it, before the break and after it`(after: String) throws {
        // 50 tokens from 50 ms on, one each 10 ms; the break after 25 of them takes 300 ms.
        let script = StreamScript(
            timeToFirstToken: .milliseconds(50), gap: .milliseconds(10), tokens: 50, fault: "reset",
            sendsEventIDs: true,
            reconnectAfter: .milliseconds(300))
        let server = try SimulatorServer(scripts: ["m": script])
        let run = try MeasuredRun(
            """
            targets: [{name: m, api: openai-chat, base_url: "\(server.url(of: "m"))", model: m, reconnect: true}]
            load: {closed: {concurrency: 1}, requests: 1}
            cancel: {after: {\(after)}}
            """)
        server.stop()
        #expect(try run.target("m")["cancelled"] == 1)
        let entries = try server.entries()
        #expect(entries.count == 2)
        let sends = try entries.flatMap { try #require($0["sends_ns"] as? [Int]) }
        let row = try #require(
            try StoredRows(path: run.database).rows(
                """
                SELECT requests.*, runs.started_monotonic_ns AS started FROM requests JOIN runs ON runs.id = run_id
                """
            ).first)
        let cancelled = try #require(row["started"] as? Int) + (try #require(row["cancelled_ns"] as? Int))
        if after.hasPrefix("tokens") {
            let tokens = try entries.flatMap { try #require($0["tokens"] as? [Int]) }
            let before = zip(sends, tokens).reduce(0) { $0 + ($1.0 < cancelled ? $1.1 : 0) }
            // A busy machine may be some tokens late; it never is early.
            #expect((30...40).contains(before), "\(before) tokens before the cancellation")
        } else {
            let asked = try #require(entries[0]["body_ns"] as? Int)
            #expect((690_000_000...850_000_000).contains(cancelled - asked), "\(cancelled - asked)")
        }
    }

    @Test func `events that are sent again count once`() throws {
        let found = try asked("breaks-and-repeats")
        #expect(found.ids == [nil, "3"] && found.row == "ok 1")
        #expect(found.show.contains("with 2 events that had come before"), "\(found.show)")
        // Three before the break; after it one without an id, one with a new one, and one with an old id that says else.
        #expect(found.contents == 6)
    }

    @Test(arguments: ["breaks-without-id", "breaks-after-done"])
    func `nothing is asked again where there is no id, or no rest`(behaviour: String) throws {
        let found = try asked(behaviour)
        #expect(found.ids == [nil])
        #expect(found.row == (behaviour == "breaks-after-done" ? "ok 0" : "truncated 0"))
    }

    @Test(arguments: [
        ("breaks-for-good", "HTTP 204 came in place of its rest"),
        ("breaks-then-fails", "HTTP 503 came in place of its rest"),
        ("breaks-into-html", "what came in place of its rest is no event stream"),
        ("breaks-then-begins-anew", "the server began anew in place of going on: not taken"),
    ])
    func `what a server gives in place of the rest ends the stream as it broke off`(
        behaviour: String, says: String
    ) throws {
        let found = try asked(behaviour)
        #expect(found.ids == [nil, "1"] && found.row == "truncated 1")
        #expect(found.show.contains(says), "\(found.show)")
    }
}
