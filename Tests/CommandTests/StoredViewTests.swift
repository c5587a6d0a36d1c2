import Foundation
import Testing
import Timeline

extension MeasurementTests {
    /// What people read from the database with SQL is what the export says, to the nanosecond.
    @Suite struct StoredViewTests {
        @Test func `the views of the database agree with the exported rows`() throws {
            let run = try MeasuredRun(EveryKind.scenario(amount: "requests: 12"))
            let script = Tool.root.appendingPathComponent("Tests/Reference/stored_views.py").path
            let result = try Tool.python(script, run.database, run.export.path)
            try #require(result.status == 0, "\(result.errors)")
            let report = try JSONValue(parsing: result.output)
            for (view, file) in [("events", "events.csv"), ("stream_timings", "requests.csv")] {
                #expect(report[view]?["only_stored"] == [], "\(result.output)")
                #expect(report[view]?["only_exported"] == [], "\(result.output)")
                #expect(try report[view]?["rows"]?.integerValue == run.rowCount(file))
            }
            #expect(try run.rows("requests.csv").contains { $0["status"] == "ok_sloppy_end" && $0["e2e_ms"] != "" })
        }
    }
}
