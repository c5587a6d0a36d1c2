import Foundation
import Testing

/// The HTML page of real runs, held against their exports, and opened in a browser.
@Suite(.serialized) struct PageTests {
    private static let scenario = """
        name: two
        max_error_rate: 0.5
        targets:
          - {name: steady, simulate: {ttft: 30ms, gap: 1ms, tokens: 20}}
          - {name: broken, simulate: {ttft: 40ms, gap: 2ms, tokens: 20, fault: truncated, fault_every: 4}}
        order: interleaved
        load: {closed: {concurrency: 2}, requests: 24, warmup: {requests: 3}}
        slo: {ttft: 100ms}
        """

    /// Runs a check of `page_checks.py`, and expects that it finds nothing wrong.
    private func check(_ arguments: String...) throws {
        let script = Tool.root.appendingPathComponent("Tests/CommandTests/page_checks.py").path
        let isNamed = ProcessInfo.processInfo.environment["TTFT_PYTHON"] != nil
        let result = try Tool.run(
            executable: Tool.python, (isNamed ? [] : ["python3"]) + [script] + arguments)
        #expect(
            result.status == 0 && result.output.isEmpty && result.errors.isEmpty, "\(result.output)\(result.errors)")
    }

    /// Writes the page of a database's runs, and returns its path.
    private func page(_ runs: [String] = ["latest"], of database: String, in folder: TemporaryFolder) throws -> String {
        let page = folder.file("page-\(UUID().uuidString).html").path
        let result = try Tool.run(
            executable: Tool.path, ["report"] + runs + ["--db", database, "--format", "html", "--output", page])
        try #require(result.status == 0, "\(result.errors)")
        #expect(result.output.isEmpty && result.errors.contains(page))
        return page
    }

    @Test func `the numbers behind each chart are those of the export`() throws {
        let run = try MeasuredRun(Self.scenario)
        let folder = try TemporaryFolder()
        try check("tables", page(of: run.database, in: folder), run.export.path)
    }

    @Test func `an event that is altered moves one mark of the timeline, and no other`() throws {
        let run = try MeasuredRun(Self.scenario)
        let folder = try TemporaryFolder()
        let before = try Self.marks(page(of: run.database, in: folder))
        let alter = """
            import json, sqlite3, sys
            database = sqlite3.connect(sys.argv[1])
            row, events = database.execute("SELECT rowid, events FROM requests WHERE target = 'steady' AND phase = 'measured' LIMIT 1 OFFSET 5").fetchone()
            events = json.loads(events)
            next(event for event in events if event[5] == 0)[2] -= 10_000_000
            database.execute("UPDATE requests SET events = ? WHERE rowid = ?", [json.dumps(events, separators=(',', ':')), row])
            database.commit()
            """
        let result = try Tool.python("-c", alter, run.database)
        #expect(result.status == 0, "\(result.errors)")
        let after = try Self.marks(page(of: run.database, in: folder))
        #expect(before.count == after.count && before.count > 20)
        let moved = zip(before, after).filter { $0 != $1 }
        #expect(moved.count == 1)
        // A shorter TTFT lies lower; y counts downwards.
        #expect(try #require(moved.first).1.y > #require(moved.first).0.y + 5)
        #expect(moved.first?.0.x == moved.first?.1.x)
    }

    private struct Mark: Equatable {
        var x: Double
        var y: Double
    }

    /// The circles of the first series, by where their outlines begin.
    private static func marks(_ page: String) throws -> [Mark] {
        let text = try String(contentsOfFile: page, encoding: .utf8)
        let path = try #require(text.firstMatch(of: /class="mark dots s0 circle" d="([^"]*)"/)).output.1
        return path.matches(of: /M([\d.]+) ([\d.]+)/).compactMap { match in
            Double(match.output.1).flatMap { x in Double(match.output.2).map { Mark(x: x, y: $0) } }
        }
    }

    @Test func `a browser opens the page without a message, a request or a bar to scroll it sideways`() throws {
        let run = try MeasuredRun(Self.scenario)
        let folder = try TemporaryFolder()
        try check("look", page(of: run.database, in: folder), "10")
    }

    @Test func `thoughts are told from the answer behind them`() throws {
        let run = try MeasuredRun(
            """
            name: thoughts
            targets:
              - {name: thinking, simulate: {ttft: 100ms, gap: 20ms, tokens: 60, reasoning_tokens: 40}}
              - {name: answering, simulate: {ttft: 100ms, gap: 20ms, tokens: 60}}
            load: {closed: {concurrency: 1}, requests: 2}
            """)
        let folder = try TemporaryFolder()
        try check("thoughts", page(of: run.database, in: folder), "thinking", "answering")
    }

    @Test func `a stream with a stall and a burst is played to the frame, at every speed and after scrubbing`() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("runs.sqlite").path
        let scenario = try folder.write(
            """
            name: planted
            targets:
              - {name: planted, simulate: {ttft: 10ms, gap: 0.1ms, tokens: 130}}
              - {name: other, simulate: {ttft: 10ms, gap: 0.1ms, tokens: 130}}
            load: {closed: {concurrency: 1}, requests: 1}
            """, to: "planted.yaml")
        let measured = try Tool.run("run", scenario, "--db", database, "--allow-client-limited")
        try #require(measured.status == 0, "\(measured.errors)")
        try check("plant", database, "planted")
        let export = folder.file("export").path
        _ = try Tool.run("export", "--db", database, "--output", export)
        try check("replay", page(of: database, in: folder), export, "planted")
    }

    @Test func `markup, marks of direction and a line of 1 MB in an answer stay text`() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("runs.sqlite").path
        let scenario = try folder.write(
            """
            name: hostile
            targets: [{name: hostile, simulate: {ttft: 5ms, gap: 1ms, tokens: 5}}]
            load: {closed: {concurrency: 1}, requests: 2}
            """, to: "hostile.yaml")
        _ = try Tool.run("run", scenario, "--db", database, "--allow-client-limited")
        let text = "</script><img src=x onerror=\"owned=1\"><!--\u{202e}gnp\u{2066}&lt;\u{feff}"
        let plant = """
            import json, sqlite3, sys
            database = sqlite3.connect(sys.argv[1])
            for row, texts in database.execute('SELECT rowid, event_texts FROM requests').fetchall():
                texts = json.loads(texts)
                texts = [sys.argv[2] if text else text for text in texts]
                texts[[position for position, text in enumerate(texts) if text][1]] = 'x' * (1 << 20)
                database.execute('UPDATE requests SET event_texts = ? WHERE rowid = ?', [json.dumps(texts), row])
            for column in ['finish_reason', 'served_model', 'outcome_message']:
                database.execute(f'UPDATE requests SET {column} = ?', [sys.argv[2]])
            database.execute("UPDATE runs SET scenario_name = ?, host_name = ?", [sys.argv[2], sys.argv[2]])
            database.commit()
            """
        let planted = try Tool.python("-c", plant, database, text)
        #expect(planted.status == 0, "\(planted.errors)")
        let page = try page(of: database, in: folder)
        let source = try String(contentsOfFile: page, encoding: .utf8)
        #expect(source.utf8.count < 300_000)
        #expect(!source.contains("<img") && !source.contains("\u{202e}") && !source.contains("\u{2066}"))
        try check("hostile", page, "hostile", text)
    }

    @Test func `several runs are laid over each other, and at several loads have curves`() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("runs.sqlite").path
        let scenario = try folder.write(Self.scenario, to: "two.yaml")
        for concurrency in [1, 2, 4] {
            _ = try Tool.run(
                "run", scenario, "--db", database, "--allow-client-limited", "--set",
                "load.closed.concurrency=\(concurrency)")
        }
        let source = try String(
            contentsOfFile: page(["latest~2", "latest~1", "latest"], of: database, in: folder), encoding: .utf8)
        for label in ["steady (1 at a time)", "steady (4 at a time)", "broken (2 at a time)"] {
            #expect(source.contains("data-label=\"\(label)\""))
        }
        for id in ["load-latency", "load-throughput", "frontier"] { #expect(source.contains("id=\"\(id)\"")) }
        #expect(source.contains("Two runs cannot tell a regression from drift"))
    }

    @Test func `a page is not made where only figures are at hand, and several runs take no other form`() throws {
        let run = try Tool.run("run", "Scenarios/quickstart.yaml", "--format", "html")
        #expect(run.status == 64 && run.errors.contains("ttft report latest --format html"))
        let compare = try Tool.run("compare", "a", "b", "--format", "html")
        #expect(compare.status == 64 && compare.errors.contains("ttft report RUN RUN --format html"))
        let table = try Tool.run("report", "a", "b")
        #expect(table.status == 64 && table.errors.contains("add --format html or --format csv"))
        let folder = try TemporaryFolder()
        let measured = try MeasuredRun(Self.scenario)
        let unwritable = try Tool.run(
            "report", "--db", measured.database, "--output", folder.url.path, "--format", "html")
        #expect(unwritable.status == 1 && unwritable.errors.contains("cannot be written"))
    }
}
