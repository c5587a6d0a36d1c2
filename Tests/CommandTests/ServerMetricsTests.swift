import Foundation
import Testing
import Timeline

extension MeasurementTests {
    /// A server's own metrics beside its client's figures, held against the server's own log of when it let go.
    @Suite struct ServerMetricsTests {
        private struct Measured {
            let run: MeasuredRun
            /// What the server wrote of each request that its client left.
            let freed: [(instant: Int, made: [Int])]
            /// When the client left each, by the same clock.
            let cancelled: [Int]
            let releases: [JSONValue]
        }

        /// Cancels requests that come one after the other, with pauses in which the server has nothing else to do.
        private func measure(_ source: String, linger: Double = 0.3) throws -> Measured {
            let folder = try TemporaryFolder()
            let log = folder.file("freed.jsonl")
            let server = try PythonServer("slow_to_let_go.py", "\(linger)", log.path)
            let url = "http://127.0.0.1:\(server.place)"
            let run = try MeasuredRun(
                """
                targets: [{name: served, api: openai-chat, model: m, base_url: "\(url)/v1"}]
                load: {open: {rate: 0.8}, requests: 5}
                request: {max_output_tokens: 400}
                cancel: {after: {tokens: 10}}
                server_metrics: {url: "\(url)\(source)
                """)
            let freed = try String(contentsOf: log, encoding: .utf8).split(separator: "\n").map { line in
                let entry = try JSONValue(parsing: String(line))
                return (
                    try #require(entry["freed_ns"]?.integerValue),
                    try #require(entry["made_ns"]?.arrayValue).compactMap(\.integerValue)
                )
            }
            let rows = try StoredRows(path: run.database).rows(
                """
                SELECT cancelled_ns + runs.started_monotonic_ns AS cancelled FROM requests JOIN runs ON runs.id = run_id
                WHERE cancelled_ns IS NOT NULL ORDER BY cancelled_ns
                """)
            let releases = try #require(run.summary["server"]?["releases"]?.arrayValue)
            return Measured(
                run: run, freed: freed, cancelled: rows.compactMap { $0["cancelled"] as? Int }, releases: releases)
        }

        @Test(arguments: [
            "/slots\", interval: 20ms}", "/metrics\", gauge: [running, generated_total], interval: 20ms}",
        ])
        func `the slot was free when the report says so`(source: String) throws {
            let measured = try measure(source)
            #expect(measured.cancelled.count == 5 && measured.freed.count == 5 && measured.releases.count == 5)
            for ((cancelled, freed), release) in zip(zip(measured.cancelled, measured.freed), measured.releases) {
                let truth = Double(freed.instant - cancelled) / 1e6
                let low = try #require(release["free_after_ms_low"]?.doubleValue)
                let high = try #require(release["free_after_ms_high"]?.doubleValue)
                // The log is written just after the slot was free.
                #expect(low <= truth && truth <= high + 20, "\(low) to \(high), in truth \(truth)")
                #expect(low > 150 && high - low < 250, "\(low) to \(high)")
                // A slot's last tokens, one each 20 ms, are told by nobody where it was let go of between two answers.
                let unheard = 1 + (high - low) / 20
                let least = try #require(release["tokens_low"]?.doubleValue)
                let most = try #require(release["tokens_high"]?.doubleValue)
                let made = Double(freed.made.count { $0 > cancelled })
                #expect(least <= made && made <= most + unheard, "\(least) to \(most), in truth \(made)")
                #expect(release["overlapped"] == false)
            }
            let server = try #require(measured.run.summary["server"])
            #expect(server["base"]?.doubleValue == 0 && server["most"]?.doubleValue == 1, "\(server)")
            #expect(server["failures"] == 0, "\(server)")
            let report = try Tool.run("report", "latest", "--db", measured.run.database).output
            #expect(report.contains("after a cancellation (median of 5)"), "\(report)")
            #expect(report.contains("after the last one"), "\(report)")
            let page = try Tool.run("report", "latest", "--format", "html", "--db", measured.run.database).output
            #expect(page.contains("own metrics") && page.contains("asked_offset_ms"))
        }

        @Test func `every answer is exported with the run's clock`() throws {
            let measured = try measure("/slots\", interval: 20ms}", linger: 0.05)
            let rows = try measured.run.rows("server_metrics.csv")
            let busy = rows.filter { $0["gauge"] == "busy_slots" }
            #expect(busy.count == rows.count / 2 && busy.count > 50)
            let times = try busy.map { try $0.figure("asked_offset_ms") }
            #expect(times == times.sorted())
            for row in busy { #expect(try row.figure("answered_offset_ms") > row.figure("asked_offset_ms")) }
            // Nothing is at work before the first request and after the last.
            #expect(busy.first?["value"] == "0.000000" && busy.last?["value"] == "0.000000")
            #expect(busy.contains { $0["value"] == "1.000000" })
            let package = try String(
                contentsOf: measured.run.export.appendingPathComponent("datapackage.json"), encoding: .utf8)
            #expect(package.contains("server_metrics.csv"))
        }

        @Test func `a gauge of something else tells nothing of when a slot was free`() throws {
            let measured = try measure("/metrics\", gauge: 'running{engine=\"1\"}', interval: 20ms}", linger: 0.05)
            #expect(measured.releases.count == 5)
            for release in measured.releases {
                #expect(release["shown"] == false && release["free_after_ms_high"] == .null, "\(release)")
            }
            let report = try Tool.run("report", "latest", "--db", measured.run.database).output
            #expect(report.contains("did not count 5 of 5 cancelled requests"), "\(report)")
        }

        @Test func `metrics that never come do not hold a run up, and the run says so`() throws {
            let log = try TemporaryFolder()
            let server = try PythonServer("slow_to_let_go.py", "0.05", log.file("freed.jsonl").path)
            let url = "http://127.0.0.1:\(server.place)"
            let file = try log.write(
                """
                targets: [{name: served, api: openai-chat, model: m, base_url: "\(url)/v1"}]
                load: {closed: {concurrency: 1}, requests: 2}
                request: {max_output_tokens: 400}
                cancel: {after: {tokens: 3}}
                server_metrics: {url: "\(url)/never", gauge: running, interval: 20ms}
                """, to: "s.yaml")
            let run = try Tool.run(
                "run", file, "--db", log.file("a.sqlite").path, "--json", "--quiet", "--allow-client-limited")
            #expect(run.errors.contains("/never gives no answer"), "\(run.errors)")
            let found = try #require(try JSONValue(parsing: run.output)["server"])
            // Each takes two seconds: of ten seconds of waiting there would be five more.
            #expect((1...3).contains(found["failures"]?.integerValue ?? 0), "\(found)")
        }

        @Test func `a server that asks for a key is asked for its metrics with the target's`() throws {
            let folder = try TemporaryFolder()
            let server = try PythonServer("slow_to_let_go.py", "0", folder.file("freed.jsonl").path, "metrics-canary")
            let url = "http://127.0.0.1:\(server.place)"
            _ = try folder.write("metrics-canary", to: "key")
            let run = try MeasuredRun(
                """
                targets: [{name: served, api: openai-chat, model: m, base_url: "\(url)/v1", api_key_file: "\(folder.file("key").path)"}]
                load: {closed: {concurrency: 1}, requests: 2}
                request: {max_output_tokens: 20}
                server_metrics: {url: "\(url)/slots", interval: 20ms}
                """)
            let found = try #require(run.summary["server"])
            #expect(found["failures"] == 0 && found["most"]?.doubleValue == 1, "\(found)")
            let stored = try Data(contentsOf: URL(fileURLWithPath: run.database))
            #expect(stored.range(of: Data("metrics-canary".utf8)) == nil)
        }

        @Test(arguments: ["/nowhere", ":1/metrics"])
        func `a server that does not tell fails no run`(place: String) throws {
            let server = try SimulatorServer("--ttft-ms", "20", "--itl-ms", "5", "--tokens", "10")
            let url = place.hasPrefix(":") ? "http://127.0.0.1\(place)" : server.url + place
            let run = try MeasuredRun(
                """
                targets: [{name: served, api: openai-chat, model: m, base_url: "\(server.url)/v1"}]
                load: {closed: {concurrency: 1}, requests: 4}
                server_metrics: {url: "\(url)", gauge: running, interval: 20ms}
                """)
            server.stop()
            let found = try #require(run.summary["server"])
            #expect(try run.target("served")["complete"] == 4)
            #expect(found["answers"] == 0 && (found["failures"]?.integerValue ?? 0) > 3, "\(found)")
            let reason = place.hasPrefix(":") ? "no answer" : "HTTP 404"
            #expect(found["failure"]?.stringValue == reason)
            let report = try Tool.run("report", "latest", "--db", run.database).output
            #expect(report.contains("without (\(reason))"), "\(report)")
        }
    }
}
