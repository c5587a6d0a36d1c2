import Testing
import Timeline

@testable import Store

@Suite("Migrations")
struct MigrationTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func fileOfFirstVersion(of run: RunDescription) throws -> String {
        let path = directory.file("first.sqlite")
        let database = try Database(path: path, access: .create)
        try Migrations(list: Array(Migrations.all.list.prefix(1))).apply(to: database, access: .create)
        #expect(try database.integer("PRAGMA user_version") == 1)
        try database.execute(
            """
            INSERT INTO runs VALUES (
                '\(run.id)', 's', '', '[]', 'hash', '1', '0', '', 'host', '', '', 2, 'boot', 'kernel', NULL, 5000, 7,
                \(run.started.nanoseconds), NULL, 'finished', 1, NULL, NULL, 1, NULL, 0, 0.1, '[]', '[]', '[]', '{}');
            INSERT INTO targets VALUES
                ('\(run.id)', 'local', 0, 'openai-chat', 'm', 'http://h', '1.1', 'reuse', 0, NULL, NULL);
            INSERT INTO requests (
                run_id, request_index, attempt, target, phase, prompt_id, client_request_id, planned_ns,
                is_new_connection, name_lookup_ns, connect_ns, tls_ns, send_count, response_headers, read_count,
                bytes_received, has_usage, outcome, warnings, has_every_event, events)
            VALUES (
                '\(run.id)', 0, 1, 'local', 'measured', 'p', 'c', 5, 0, 0, 0, 0, 1, '[]', 0, 0, 0, 'ok', '[]', 1, '[]')
            """)
        return path
    }

    @Test func `a file of the first version gains what was added since, and loses nothing`() throws {
        let run = RunDescription.example()
        let path = try fileOfFirstVersion(of: run)
        let reader = try RunReader(path: path)
        let record = try #require(try reader.records(of: try reader.run(matching: run.id)).first)
        #expect(record.clientRequestID == "c")
        #expect(record.planned == run.started + Nanoseconds(5))
        #expect(record.retryWait == nil && record.rateLimits == nil && record.upstreamProvider == nil)
        #expect(
            try Database(path: path, access: .existing).integer("PRAGMA user_version") == Migrations.all.list.count)
    }
}
