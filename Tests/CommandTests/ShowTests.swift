import Foundation
import Testing
import Timeline

/// `ttft show`: which requests, and what a support ticket needs of one.
@Suite struct ShowTests {
    /// Two targets: one is slow to begin, the other is slow to go on.
    private static let scenario = """
        targets:
          - {name: late, simulate: {ttft: 80ms, gap: 1ms, tokens: 5}}
          - {name: halting, simulate: {ttft: 5ms, gap: 60ms, tokens: 5}}
          - {name: limited, simulate: {ttft: 5ms, fault: http-429}}
        load: {closed: {concurrency: 1}, requests: 2}
        max_error_rate: 1
        """

    private func targets(_ run: MeasuredRun, _ arguments: String...) throws -> [String] {
        let result = try Tool.run(
            executable: Tool.path, ["show", "--db", run.database, "--json"] + arguments)
        #expect(result.status == 0, "\(result.errors)")
        return try (JSONValue(parsing: result.output)["requests"]?.arrayValue ?? []).compactMap {
            $0["target"]?.stringValue
        }
    }

    @Test func `the slowest are those that the metric says`() throws {
        let run = try MeasuredRun(Self.scenario)
        #expect(try targets(run, "--slowest", "2") == ["late", "late"])
        for metric in ["e2e", "tpot", "itl"] {
            #expect(try targets(run, "--slowest", "2", "--by", metric) == ["halting", "halting"], "\(metric)")
        }
        // Those that have no such figure come last.
        #expect(try Set(targets(run, "--slowest", "6").suffix(2)) == ["limited"])
        #expect(try targets(run, "--failed") == ["limited", "limited"])
    }

    @Test func `one request tells its ids, its time, its server and its limits`() throws {
        let run = try MeasuredRun(Self.scenario)
        let before = Date()
        let index = 2
        let text = try Tool.run("show", "--db", run.database, "--request", "\(index)").output
        let rows = try run.rows("requests.csv")
        let row = try #require(rows.first { $0["request_index"] == "\(index)" })
        let identifier = try #require(row["client_request_id"])
        for part in [
            "request id", identifier, "x-ratelimit-limit-requests: 500", "retry-after: 1", "rate_limited", "127.0.0.1:",
            "limited, by openai-chat",
        ] { #expect(text.contains(part), "\(part) is missing in\n\(text)") }
        let json = try JSONValue(
            parsing: try Tool.run("show", "--db", run.database, "--request", "\(index)", "--json").output)
        let request = try #require(json["requests"]?.arrayValue?.first)
        let sentAt = try #require(request["sent_at"]?.stringValue)
        #expect(text.contains(sentAt))
        let parser = ISO8601DateFormatter()
        parser.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        let age = try before.timeIntervalSince(#require(parser.date(from: sentAt)))
        #expect((-1...60).contains(age))
        let limit = request["rate_limits"]?.arrayValue?.first { $0["name"]?.stringValue == "requests" }
        #expect(limit?["limit"]?.integerValue == 500 && row["limit_requests"] == "500")
        let names = request["response_headers"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        #expect(names.contains("x-request-id") && request["run_id"]?.stringValue == row["run_id"])
    }

    @Test(
        arguments: [
            (["--by", "e2e"], 64), (["--attempt", "1"], 64), (["--slowest", "0"], 64),
            (["--slowest", "1", "--by", "x"], 64),
            (["--request", "99"], 65), (["--request", "0", "--attempt", "2"], 65),
        ] as [([String], Int32)])
    func `what cannot be shown is refused`(_ arguments: [String], _ status: Int32) throws {
        let run = try MeasuredRun(
            """
            targets: [{name: a, simulate: {ttft: 5ms, gap: 1ms, tokens: 5}}]
            load: {closed: {concurrency: 1}, requests: 1}
            """)
        let result = try Tool.run(executable: Tool.path, ["show", "--db", run.database] + arguments)
        #expect(result.status == status && result.output.isEmpty, "\(result.errors)")
    }
}
