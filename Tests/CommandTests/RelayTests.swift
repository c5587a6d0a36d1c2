import Foundation
import Testing
import Timeline

extension MeasurementTests {
    /// What the tool says of what stands between it and a simulator, where it is known what that does.
    @Suite struct RelayTests {
        private static let script = StreamScript(
            timeToFirstToken: .milliseconds(40), gap: .milliseconds(10), tokens: 30)

        /// Runs pairs of requests: to the simulator, and to it through what `relay` starts, given the simulator's URL.
        private func run(
            _ relay: (String) throws -> (url: String, keys: String, running: AnyObject), requests: Int = 12
        ) throws -> (run: MeasuredRun, relay: JSONValue, report: String) {
            let server = try SimulatorServer(scripts: ["served": Self.script])
            let relay = try relay(server.url)
            let run = try MeasuredRun(
                """
                targets:
                  - {name: direct, api: openai-chat, model: m, base_url: "\(server.url(of: "served"))"}
                  - {name: relayed, api: openai-chat, model: m, base_url: "\(relay.url)/served/v1", relay_of: direct,
                     \(relay.keys)}
                load: {closed: {concurrency: 2}, requests: \(requests), warmup: {requests: 2}}
                max_error_rate: 1
                """)
            withExtendedLifetime(relay.running) { server.stop() }
            let found = try #require(try run.target("relayed")["relay"])
            return (run, found, try Tool.run("report", "latest", "--db", run.database).output)
        }

        private func nginx(
            _ passing: String, keys: String = "connections: reuse"
        ) throws -> (
            run: MeasuredRun, relay: JSONValue, report: String
        ) {
            try run { upstream in
                let nginx = try NginxServer(upstream: upstream, passing: passing)
                return (nginx.url, "ca_file: \"\(nginx.authority)\", \(keys)", nginx)
            }
        }

        private func remedies(_ relay: JSONValue) -> String {
            (relay["remedies"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: "; ")
        }

        /// nginx buffers although the simulator says X-Accel-Buffering: no.
        private static let buffering = "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;"
        private static let large = "proxy_buffer_size 64k; proxy_buffers 4 64k; proxy_busy_buffers_size 128k;"

        @Test(arguments: ["proxy_buffering off;", "proxy_buffering on;"])
        func `nginx that does not buffer, or is told not to, passes chunks through`(passing: String) throws {
            let (run, relay, report) = try nginx(passing)
            #expect(relay["verdict"] == "passes_through", "\(relay)")
            #expect(relay["judged_pairs"] == 12 && relay["remedies"] == [])
            #expect(try abs(run.figure("relay_ttft", "p50", of: "relayed")) < 20)
            #expect(try abs(run.figure("relay_gap", "p50", of: "relayed")) < 2)
            #expect(report.contains("relay       relayed: passes chunks through (1"), "\(report)")
        }

        @Test func `nginx with buffers larger than an answer buffers it whole`() throws {
            let (run, relay, report) = try nginx(Self.buffering + Self.large)
            #expect(relay["verdict"] == "buffers_whole_answers", "\(relay)")
            #expect(relay["headers"]?["Server"]?.stringValue?.hasPrefix("nginx") == true, "\(relay)")
            #expect(remedies(relay).contains("proxy_buffering off"))
            // 29 gaps of 10 ms stand between the first token and the end.
            #expect((250...400).contains(try run.figure("relay_ttft", "p50", of: "relayed")))
            #expect(report.contains("buffers whole answers (12 of 12)"), "\(report)")
            #expect(report.contains("proxy_buffering off"), "\(report)")
            for format in ["markdown", "html"] {
                let text = try Tool.run("report", "latest", "--format", format, "--db", run.database).output
                #expect(text.contains("buffers whole answers (12 of 12)"), "\(format)")
            }
            let rows = try run.rows("summary.csv")
            #expect(rows.contains { $0["metric"] == "relay_ttft" && $0["target"] == "relayed" })
            #expect(try run.rows("runs.csv").map { $0["relay_of"] } == ["", "direct"])
        }

        @Test func `nginx with buffers smaller than an answer joins chunks`() throws {
            let (_, relay, _) = try nginx(
                Self.buffering
                    + "ssl_buffer_size 1k; proxy_buffer_size 1k; proxy_buffers 3 1k; proxy_busy_buffers_size 1k; proxy_max_temp_file_size 0;"
            )
            #expect(relay["verdict"] == "coalesces", "\(relay)")
        }

        @Test func `nginx that compresses what it buffers is told from one that only buffers`() throws {
            let (run, relay, report) = try nginx(
                Self.buffering + Self.large + "gzip on; gzip_min_length 1; gzip_types text/event-stream;",
                keys: "headers: {Accept-Encoding: gzip}")
            #expect(try run.target("relayed")["complete"] == 0)
            #expect(relay["verdict"] == "buffers_whole_answers", "\(relay)")
            #expect(relay["headers"]?["Content-Encoding"] == "gzip")
            let remedy = remedies(relay)
            #expect(remedy.contains("gzip off") && remedy.contains("proxy_buffering off"), "\(remedy)")
            #expect(report.contains("gzip off"), "\(report)")
        }

        @Test func `nginx that compresses each chunk compresses`() throws {
            let (_, relay, _) = try nginx(
                "proxy_buffering off; gzip on; gzip_min_length 1; gzip_types text/event-stream;",
                keys: "headers: {Accept-Encoding: gzip}")
            #expect(relay["verdict"] == "compresses", "\(relay)")
        }

        @Test(arguments: [
            ("pass", "passes_through", 0.0...8), ("delay", "passes_through", 15...35), ("join", "coalesces", 55...110),
            ("hold", "buffers_whole_answers", 250...400),
        ])
        func `a relay of our own is found out`(manner: String, verdict: String, added: ClosedRange<Double>) throws {
            let (run, relay, _) = try run { upstream in
                let server = try PythonServer("relay_server.py", manner, upstream)
                return ("http://127.0.0.1:\(server.place)", "connections: reuse", server)
            }
            #expect(relay["verdict"]?.stringValue == verdict, "\(relay)")
            #expect(relay["headers"]?["Via"] == "1.1 relay")
            let found = try run.figure("relay_ttft", "p50", of: "relayed")
            #expect(added.contains(found), "\(manner): \(found) ms")
        }

        @Test func `few requests give no verdict`() throws {
            let (_, relay, report) = try run(
                { upstream in
                    let server = try PythonServer("relay_server.py", "hold", upstream)
                    return ("http://127.0.0.1:\(server.place)", "connections: reuse", server)
                }, requests: 3)
            #expect(relay["verdict"] == "cannot_say" && relay["judged_pairs"] == 3)
            #expect(report.contains("cannot say what it does: 3 of 3 pairs of answers tell, 6 are needed"), "\(report)")
        }
    }
}
