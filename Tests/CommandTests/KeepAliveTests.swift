import Foundation
import Testing
import Timeline

/// Comments, event ids and reconnection times of a stream, stored and shown.
@Suite struct KeepAliveTests {
    @Test(arguments: ["openai-chat", "anthropic"])
    func `what a stream has for connections is stored and shown, and proves no token`(api: String) throws {
        let run = try MeasuredRun(
            """
            targets:
              - {name: kept, api: \(api), simulate: {ttft: 200ms, gap: 2ms, tokens: 9, comments: 45ms, event_ids: true,
                 reconnect_after: 2500ms}}
              - {name: silent, api: \(api), simulate: {ttft: 200ms, gap: 2ms, tokens: 9}}
            load: {closed: {concurrency: 1}, requests: 3}
            """)
        let rows = StoredRows(path: run.database)
        #expect(
            try rows.texts(
                "SELECT DISTINCT target || last_event_id || ' ' || reconnect_after_ns FROM requests WHERE target = 'kept'"
            )
                == ["kept1-9 2500000000", "kept2-9 2500000000", "kept3-9 2500000000"])
        #expect(
            try rows.texts("SELECT count(*) FROM requests WHERE target = 'silent' AND last_event_id IS NULL") == ["3"])
        let kept = try run.target("kept")["keep_alives"]
        // At 45, 90, 135 and 180 ms of each of the three.
        #expect(kept?["comments"] == 12 && kept?["streams_with_comments"] == 3)
        #expect(kept?["streams_with_ids"] == 3 && kept?["reconnect_after_ms"]?.doubleValue == 2500)
        #expect(try run.target("silent")["keep_alives"]?["comments"] == 0)
        #expect(abs(try run.figure("ttft", "p50", of: "kept") - 200) < 30)
        #expect(
            try run.rows("requests.csv").filter { $0["target"] == "kept" }.allSatisfy { $0["keep_alive_count"] == "4" })
        let report = try Tool.run("report", "latest", "--db", run.database).output
        #expect(report.contains("keep-alive  kept: 12 comments in 3 of 3 streams; event ids in 3"), "\(report)")
        #expect(!report.contains("silent: 0 comments"))
        let show = try Tool.run("show", "latest", "--request", "0", "--db", run.database).output
        #expect(show.contains("4 comments, last event id '1-9', come back after 2500.000 ms"), "\(show)")
    }
}
