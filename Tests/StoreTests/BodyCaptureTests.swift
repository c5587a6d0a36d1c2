import Testing
import Timeline

@testable import Store

/// How a stored body came: what redaction does to it, and files that know nothing of it.
@Suite struct BodyCaptureTests {
    private let directory: TemporaryDirectory
    private let path: String
    private let run = RunDescription.example()

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("runs.sqlite")
    }

    private func record(_ body: String, ends: [Int], end: TransportEnd = .clean) -> StreamRecord {
        let reads = ends.map {
            BodyCapture.Read(end: $0, arrival: run.started, reading: run.started, lateBound: .zero)
        }
        var record = StreamRecord(requestIndex: 0, target: "local", planned: run.started)
        record.rawBody = Array(body.utf8)
        record.bodyCapture = BodyCapture(reads: reads, end: end, expectsStream: true, keepsText: false)
        return record
    }

    private func stored(_ record: StreamRecord, secrets: [String]) throws -> StreamRecord {
        let writer = try RunWriter(path: path, secrets: secrets)
        try writer.begin(run)
        try writer.append([record])
        return try #require(try RunReader(path: path).records(of: run).first)
    }

    @Test func `the ends of reads move with what redaction takes out before them`() throws {
        // The secret stands at 3..<13 and at 15..<25: reads end before, inside, right behind and between the two.
        let body = "ab secret-key, secret-key!"
        let record = record(body, ends: [2, 3, 8, 13, 14, 24, 25, 26])
        let stored = try stored(record, secrets: ["secret-key"])
        #expect(stored.rawBody == Array("ab ***, ***!".utf8))
        #expect(stored.bodyCapture?.reads.map(\.end) == [2, 3, 6, 6, 7, 11, 11, 12])
    }

    @Test func `a secret that the end of the body cuts in two is taken out, and the last read ends with the mark`()
        throws
    {
        let stored = try stored(record("ab secret-k", ends: [5, 11]), secrets: ["secret-key"])
        #expect(stored.rawBody == Array("ab ***".utf8))
        #expect(stored.bodyCapture?.reads.map(\.end) == [6, 6])
    }

    @Test func `a secret in what the transport said is taken out`() throws {
        let record = record("", ends: [], end: .broken(message: "reset after secret-key"))
        #expect(try stored(record, secrets: ["secret-key"]).bodyCapture?.end == .broken(message: "reset after ***"))
    }

    @Test func `a file of version 1 is brought up to date, and its bodies tell nothing of their reads`() throws {
        let original = record("data: x", ends: [7])
        _ = try stored(original, secrets: [])
        let later = [
            "body_capture", "retry_wait_ns", "retry_due_ns", "retry_after_ns", "rate_limits", "upstream_provider",
            "pair_index", "cancelled_ns", "server_noticed_ns", "server_stopped_ns", "server_tokens_after",
            "answer_marks", "last_event_id", "reconnect_after_ns", "breaks", "counted_input", "counted_output",
        ]
        let drops = later.map { "ALTER TABLE requests DROP COLUMN \($0);" }.joined(separator: " ")
        let runs =
            " ALTER TABLE runs DROP COLUMN measuring_threads; ALTER TABLE runs DROP COLUMN reader;"
            + " ALTER TABLE runs DROP COLUMN imported_from; ALTER TABLE runs DROP COLUMN server_metrics;"
            + " DROP TABLE server_samples;"
            + " ALTER TABLE targets DROP COLUMN streams; ALTER TABLE targets DROP COLUMN whole_of;"
            + " ALTER TABLE targets DROP COLUMN relay_of; ALTER TABLE targets DROP COLUMN max_connections;"
            + " ALTER TABLE targets DROP COLUMN price; ALTER TABLE runs DROP COLUMN tokenizer;"
            + " ALTER TABLE runs DROP COLUMN max_cost; ALTER TABLE runs DROP COLUMN reached_max_cost;"
        _ = rows(of: drops + runs + " DROP TABLE paired_designs; PRAGMA user_version = 1", in: path)
        var expected = original
        expected.bodyCapture = nil
        #expect(try RunReader(path: path).records(of: run) == [expected])
        #expect(rows(of: "PRAGMA user_version", in: path) == [String(Migrations.all.list.count)])
    }

    @Test(arguments: ["7", "{}", #"{"end":"tired","stream":true,"text":true,"reads":[]}"#, #"{"reads":[[1,2]]}"#])
    func `what says nothing of how a body came is an error with its place`(_ text: String) throws {
        _ = try stored(record("data: x", ends: [7]), secrets: [])
        let escaped = text.replacing("\"", with: "\\\"")
        _ = rows(of: "UPDATE requests SET body_capture = '\(escaped)'", in: path)
        #expect {
            try RunReader(path: path).records(of: run)
        } throws: { error in "\(error)".contains("request 0, attempt 1, column body_capture: found '\(text)'") }
    }
}
