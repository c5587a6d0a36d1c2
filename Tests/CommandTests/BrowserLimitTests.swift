import Foundation
import Testing
import Timeline

extension MeasurementTests {
    /// Six connections of HTTP/1.1 beside one of HTTP/2, as the server counts them.
    @Suite struct BrowserLimitTests {
        private static let script = StreamScript(
            timeToFirstToken: .milliseconds(100), gap: .milliseconds(10), tokens: 31)

        @Test func `the seventh stream waits over HTTP/1.1, and none does over HTTP/2`() throws {
            let server = try SimulatorServer(scripts: ["served": Self.script])
            let nginx = try NginxServer(upstream: server.url)
            let served = "\(nginx.url)/served/v1"
            let path = Tool.root.appendingPathComponent("Scenarios/browser-limit.yaml").path
            let run = try MeasuredRun(
                String(contentsOfFile: path, encoding: .utf8),
                [
                    "--set", "targets.six.base_url=\(served)", "--set", "targets.six.model=m",
                    "--set", "targets.six.ca_file=\(nginx.authority)",
                    "--set",
                    "targets.shared.base_url=\(served.replacingOccurrences(of: "127.0.0.1", with: "localhost"))",
                    "--set", "targets.shared.model=m",
                    "--set", "targets.shared.ca_file=\(nginx.authority)", "--set", "targets.shared.http=2",
                ])
            server.stop()
            nginx.stop()
            let connections = Dictionary(grouping: try nginx.entries(), by: \.protocolName)
                .mapValues { Set($0.map(\.connection)).count }
            #expect(connections == ["HTTP/1.1": 6, "HTTP/2.0": 1])
            let rows = try run.rows("requests.csv").filter { $0["phase"] == "measured" }
            let failures = rows.filter { $0["status"] != "ok" }
            #expect(failures.isEmpty, "\(failures)")
            let waits = { (name: String) in
                try rows.filter { $0["target"] == name }.map { try $0.figure("queue_delay_ms") }.sorted()
            }
            // Of eight streams two wait for the end of another, which takes 400 ms; then they are six again.
            let six = try waits("six")
            #expect(six.count == 32 && six.count { $0 > 300 } >= 8, "\(six)")
            #expect(try waits("shared").allSatisfy { $0 < 100 })
            #expect(try atMostAtOnce(rows.filter { $0["target"] == "six" }) == 6)
            #expect(try atMostAtOnce(rows.filter { $0["target"] == "shared" }) > 6)
            let report = try Tool.run("report", "latest", "--db", run.database).output
            #expect(report.contains("connections six: at most 6, with a request each: requests waited"), "\(report)")
        }

        /// The largest number of requests that were under way at one time.
        private func atMostAtOnce(_ rows: [[String: String]]) throws -> Int {
            var steps: [(time: Double, change: Int)] = []
            for row in rows {
                let start = try row.figure("start_offset_ms")
                steps += [(start, 1), (start + (try row.figure("e2e_ms")), -1)]
            }
            var (count, most) = (0, 0)
            for step in steps.sorted(by: { ($0.time, $0.change) < ($1.time, $1.change) }) {
                count += step.change
                most = max(most, count)
            }
            return most
        }
    }
}
