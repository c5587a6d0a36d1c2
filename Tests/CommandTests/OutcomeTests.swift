import Foundation
import Testing

/// How every fault that a server can have is counted: beside the successes, and never among their figures.
@Suite struct OutcomeTests {
    struct Expectation: Sendable {
        var fault: String
        var outcome: String
        var detail: String?
        /// Whether half of the tokens come first, so that there is a time to first token to keep out.
        var hasContent: Bool
        var status: Int
    }

    /// What each fault means, whatever the API: the class of a missing end is not that of an end without its marker.
    static let expectations = [
        Expectation(fault: "truncated", outcome: "truncated", detail: "cut_short", hasContent: true, status: 200),
        Expectation(
            fault: "truncated-mid-json", outcome: "truncated", detail: "unfinished_event", hasContent: true,
            status: 200),
        Expectation(
            fault: "reset", outcome: "transport_error", detail: "connection_lost", hasContent: true, status: 200),
        Expectation(fault: "error-event", outcome: "stream_error", detail: "server", hasContent: true, status: 200),
        Expectation(
            fault: "error-then-done", outcome: "stream_error", detail: "server", hasContent: true, status: 200),
        Expectation(fault: "no-done", outcome: "ok_sloppy_end", detail: nil, hasContent: true, status: 200),
        Expectation(fault: "http-401", outcome: "http_error", detail: "auth", hasContent: false, status: 401),
        Expectation(fault: "http-429", outcome: "http_error", detail: "rate_limited", hasContent: false, status: 429),
        Expectation(fault: "http-500", outcome: "http_error", detail: "server", hasContent: false, status: 500),
        Expectation(fault: "html", outcome: "protocol_error", detail: "content_type", hasContent: false, status: 200),
        Expectation(fault: "stall", outcome: "timeout_stall", detail: nil, hasContent: true, status: 200),
        Expectation(
            fault: "comments-forever", outcome: "timeout_first_token", detail: nil, hasContent: false, status: 200),
        Expectation(
            fault: "invalid-json", outcome: "protocol_error", detail: "invalid_json", hasContent: true, status: 200),
    ]
    static let interfaces = ["openai-chat", "openai-completions", "anthropic"]

    /// One run with a target for each fault, which strikes every second of four requests.
    private final class FaultyRun {
        let folder: TemporaryFolder
        let result: Tool.Result
        let rows: StoredRows
        let summary: [String: Any]

        init(api: String) throws {
            folder = try TemporaryFolder()
            let targets = OutcomeTests.expectations.map { expectation in
                """
                  - name: \(expectation.fault)
                    api: \(api)
                    simulate: {ttft: 20ms, gap: 2ms, tokens: 10, fault: \(expectation.fault), fault_every: 2}
                """
            }.joined(separator: "\n")
            let scenario = try folder.write(
                """
                name: faults
                targets:
                \(targets)
                load: {closed: {concurrency: 1}, requests: 4}
                timeouts: {first_token: 1s, stall: 1s}
                max_error_rate: 1
                store: {text: false}
                """, to: "faults.yaml")
            rows = StoredRows(path: folder.file("runs.sqlite").path)
            result = try Tool.run("run", scenario, "--db", rows.path, "--json", "--allow-client-limited")
            summary = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any] ?? [:]
        }

        func target(_ name: String) -> [String: Any]? {
            (summary["targets"] as? [[String: Any]])?.first { $0["name"] as? String == name }
        }
    }

    @Test(arguments: interfaces)
    func `every fault has its class, is counted beside the successes and stays out of the percentiles`(
        _ api: String
    ) throws {
        let run = try FaultyRun(api: api)
        #expect(run.result.status == 0, "\(run.result.errors)")
        for expectation in Self.expectations {
            let place = Comment(rawValue: "\(api), \(expectation.fault)")
            let rows = try run.rows.rows(
                "SELECT outcome, outcome_detail, http_status, request_index, outcome_message FROM requests "
                    + "WHERE target = '\(expectation.fault)' ORDER BY request_index")
            let outcomes = rows.compactMap { $0["outcome"] as? String }
            #expect(outcomes.filter { $0 == "ok" }.count == 2, place)
            let faulty = rows.filter { $0["outcome"] as? String != "ok" }
            #expect(faulty.count == 2, place)
            for row in faulty {
                #expect(row["outcome"] as? String == expectation.outcome, place)
                #expect(row["outcome_detail"] as? String == expectation.detail, place)
                #expect(row["http_status"] as? Int == expectation.status, place)
                try checkContent(of: row, expectation, in: run, place)
            }
            try checkSummary(of: run, expectation, place)
        }
    }

    private func checkContent(
        of row: [String: Any], _ expectation: Expectation, in run: FaultyRun, _ place: Comment
    ) throws {
        let index = try #require(row["request_index"] as? Int)
        let contents = try run.rows.texts(
            "SELECT count(*) FROM events WHERE request_index = \(index) AND kind = 'text'")
        #expect((contents != ["0"]) == expectation.hasContent, place)
        guard expectation.outcome != "ok_sloppy_end" else { return }
        let detail = try Tool.run("show", "latest", "--request", "\(index)", "--db", run.rows.path)
        #expect(detail.status == 0)
        let reason = [expectation.outcome, expectation.detail].compactMap(\.self).joined(separator: ": ")
        #expect(detail.output.contains(reason), "\(detail.output)")
    }

    /// The percentiles of a target are of its complete streams: two, or four where the fault leaves a stream complete.
    private func checkSummary(of run: FaultyRun, _ expectation: Expectation, _ place: Comment) throws {
        let target = try #require(run.target(expectation.fault), place)
        let complete = expectation.outcome.hasPrefix("ok") ? 4 : 2
        #expect(target["attempts"] as? Int == 4, place)
        #expect(target["complete"] as? Int == complete, place)
        let metrics = try #require(target["metrics"] as? [[String: Any]], place)
        for name in ["ttft", "e2e", "tpot"] {
            let metric = try #require(metrics.first { ($0["name"] ?? $0["metric"]) as? String == name }, place)
            let counts = Self.counts(in: metric)
            #expect(!counts.isEmpty && counts.allSatisfy { $0 == complete }, place)
        }
    }

    /// Every `n` or `count` inside a JSON value.
    private static func counts(in value: Any) -> [Int] {
        if let array = value as? [Any] { return array.flatMap(counts) }
        guard let object = value as? [String: Any] else { return [] }
        return object.flatMap { name, value -> [Int] in
            if ["n", "count"].contains(name), let count = value as? Int { return [count] }
            return counts(in: value)
        }
    }

    @Test func `what a refusing server asks for is kept`() throws {
        let run = try FaultyRun(api: "openai-chat")
        let headers = try run.rows.texts("SELECT response_headers FROM requests WHERE http_status = 429")
        #expect(headers.count == 2)
        #expect(headers.allSatisfy { $0.lowercased().contains("\"retry-after\",\"1\"") })
    }

    @Test func `more failures than the scenario allows exit with 6`() throws {
        let folder = try TemporaryFolder()
        let scenario = try folder.write(
            """
            name: failing
            targets: [{name: a, simulate: {ttft: 5ms, gap: 1ms, tokens: 5, fault: http-500, fault_every: 4}}]
            load: {closed: {concurrency: 1}, requests: 8}
            """, to: "failing.yaml")
        for (allowed, status) in [("0.1", Int32(6)), ("0.25", 0)] {
            let result = try Tool.run(
                "run", scenario, "--set", "max_error_rate=\(allowed)", "--db", folder.file("a.sqlite").path,
                "--allow-client-limited")
            #expect(result.status == status)
            #expect(result.output.contains("2 failed (25.0 %): http_error server 2"), "\(result.output)")
            let check = try Tool.run("check", "--db", folder.file("a.sqlite").path, "--allow-client-limited")
            #expect(check.status == 78, "no budgets are no verdict")
        }
    }
}
