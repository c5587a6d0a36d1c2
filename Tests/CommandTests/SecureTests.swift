import Foundation
import Testing

@Suite("TLS and HTTP/2", .serialized)
struct SecureTests {
    private let folder: TemporaryFolder
    private let simulator: SimulatorServer

    init() throws {
        folder = try TemporaryFolder()
        simulator = try SimulatorServer("--ttft-ms", "30", "--itl-ms", "4", "--tokens", "25")
    }

    private var database: String { folder.file("runs.sqlite").path }

    private func target(_ name: String, _ url: String, http: String, authority: String?) -> String {
        """
          - name: \(name)
            api: openai-chat
            base_url: \(url)/v1
            model: simulated
            http: "\(http)"
            \(authority.map { "ca_file: \($0)" } ?? "connections: reuse")

        """
    }

    private func run(_ targets: String..., concurrency: Int = 8, requests: Int = 40) throws -> Tool.Result {
        let scenario = """
            name: secure
            targets:
            \(targets.joined())
            prompts: [{text: hello}]
            request: {max_output_tokens: 25}
            load: {closed: {concurrency: \(concurrency)}, requests: \(requests), warmup: {requests: 8}}
            max_error_rate: 1
            """
        let file = try folder.write(scenario, to: "secure.yaml")
        return try Tool.run("run", file, "--db", database, "--quiet", "--allow-client-limited")
    }

    @Test(arguments: ["1.1", "2"])
    func `instants are true through TLS`(http: String) throws {
        let nginx = try NginxServer(upstream: simulator.url)
        let result = try run(target("secure", nginx.url, http: http, authority: nginx.authority))
        #expect(result.status == 0, "\(result.errors)")
        let exported = try ExportedRun(database: database)
        simulator.stop()
        nginx.stop()
        let (lateness, lag) = try check(exported, http: http)
        print("HTTP/\(http) through nginx, µs: arrival - send \(spread(lateness)); reading - arrival \(spread(lag))")
        #expect(exported.run["clock_source"] == "kernel")
        #expect(exported.measured.count == 40)
        // Generous: two processes more stand between the send and the arrival.
        #expect(lateness[lateness.count / 2] < 5000)
        let entries = try nginx.entries()
        #expect(entries.count == 48)
        #expect(entries.allSatisfy { $0.status == 200 && $0.protocolName == (http == "2" ? "HTTP/2.0" : "HTTP/1.1") })
        let connections = Set(entries.map(\.connection))
        if http == "2" { #expect(connections.count == 1) } else { #expect(2...8 ~= connections.count) }
    }

    /// Holds every request and every event of a run against the simulator's log; returns, sorted and in microseconds,
    /// the times from the events' sends to their arrivals and from those to their readings.
    private func check(_ exported: ExportedRun, http: String) throws -> (lateness: [Double], lag: [Double]) {
        let sends = Dictionary(grouping: try simulator.entries()) { $0["id"] as? String ?? "" }
        var lateness: [Double] = []
        var lag: [Double] = []
        for row in exported.requests {
            #expect(row["status"] == "ok", "\(row["error_message"] ?? "")")
            #expect(row["http_version"] == http)
            let entries = sends[row["client_request_id"] ?? ""] ?? []
            #expect(entries.count == 1)
            let entry = try #require(entries.first)
            checkSent(row, entry: entry, in: exported)
            let contentSends = zip(entry["sends_ns"] as? [Double] ?? [], entry["tokens"] as? [Int] ?? [])
                .filter { $0.1 > 0 }.map(\.0)
            let events = exported.events[row["request_index"] ?? ""] ?? []
            #expect(events.count == contentSends.count)
            for (event, send) in zip(events, contentSends) {
                let arrival = exported.instant(row.number("start_offset_ms") + event.number("offset_ms"))
                lateness.append((arrival - send) / 1e3)
                lag.append((event.number("read_offset_ms") - event.number("offset_ms")) * 1e3)
            }
        }
        lateness.sort()
        lag.sort()
        #expect(lateness.count == exported.requests.count * 25)
        #expect(lateness[0] >= -1)
        #expect(lag[0] >= 0)
        return (lateness, lag)
    }

    /// Sent is before the server has the request, and after the connection was ready.
    private func checkSent(_ row: ExportedRun.Row, entry: [String: Any], in exported: ExportedRun) {
        let sent = row.number("start_offset_ms")
        #expect(exported.instant(sent) <= entry["body_ns"] as? Double ?? 0)
        let connecting = row.number("dns_ms") + row.number("connect_ms") + row.number("tls_ms")
        // libcurl counts its phases in microseconds.
        #expect(sent >= row.number("dispatch_offset_ms") + connecting - 0.003)
        if row["conn_reused"] == "false" { #expect(row.number("tls_ms") > 0) }
    }

    private func spread(_ sorted: [Double]) -> String {
        [0, 0.5, 0.9, 0.99, 1].map { share in
            "\(Int(sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]))"
        }.joined(separator: " / ")
    }

    @Test func `instants are true where there are more streams than a connection takes`() throws {
        let nginx = try NginxServer(upstream: simulator.url)
        let result = try run(
            target("secure", nginx.url, http: "2", authority: nginx.authority), concurrency: 200, requests: 200)
        #expect(result.status == 0, "\(result.errors)")
        let exported = try ExportedRun(database: database)
        simulator.stop()
        nginx.stop()
        _ = try check(exported, http: "2")
        // nginx takes 128 streams a connection; libcurl opens one more for each stream beyond.
        #expect(Set(try nginx.entries().map(\.connection)).count > 1)
    }

    @Test func `a certificate that nobody vouches for stops the run before anything is sent`() throws {
        let nginx = try NginxServer(upstream: simulator.url)
        let result = try run(target("secure", nginx.url, http: "1.1", authority: nil))
        #expect(result.status == 69)
        #expect(result.errors.contains("certificate"))
        #expect(result.errors.contains("'secure'"))
        #expect(result.errors.contains("nothing was measured"))
        #expect(!FileManager.default.fileExists(atPath: database))
        nginx.stop()
        #expect(try nginx.entries().isEmpty)
    }

    @Test func `among several targets the one that cannot be verified is counted as failed`() throws {
        let nginx = try NginxServer(upstream: simulator.url)
        let result = try run(
            target("trusted", nginx.url, http: "2", authority: nginx.authority),
            target("untrusted", nginx.url, http: "2", authority: nil))
        #expect(result.errors.contains("'untrusted'"))
        let exported = try ExportedRun(database: database)
        let rows = { (name: String) in exported.measured.filter { $0["target"] == name } }
        #expect(rows("trusted").count == 40 && rows("trusted").allSatisfy { $0["status"] == "ok" })
        #expect(rows("untrusted").count == 40)
        for row in rows("untrusted") {
            #expect(row["status"] == "transport_error" && row["error_kind"] == "tls")
            #expect(row["error_message"]?.contains("certificate") == true)
            #expect(row.number("start_offset_ms").isNaN)
        }
    }

    @Test func `a server that speaks HTTP/1.1 alone is measured with it, and the report says so`() throws {
        let nginx = try NginxServer(upstream: simulator.url, allowsHTTP2: false)
        let result = try run(target("secure", nginx.url, http: "2", authority: nginx.authority))
        #expect(result.status == 0, "\(result.errors)")
        let exported = try ExportedRun(database: database)
        #expect(exported.measured.allSatisfy { $0["status"] == "ok" && $0["http_version"] == "1.1" })
        #expect(result.output.contains("HTTP/1.1"), "\(result.output)")
    }

    @Test func `HTTP/2 in the clear against a server that knows only HTTP/1.1 fails with a reason`() throws {
        let result = try run(target("plain", simulator.url, http: "2", authority: nil), requests: 10)
        let exported = try ExportedRun(database: database)
        #expect(exported.measured.count == 10)
        for row in exported.measured {
            #expect(row["status"] != "ok")
            #expect(row["error_message"]?.isEmpty == false)
        }
        #expect(result.output.contains("http:"), "\(result.output)")
    }
}
