import Foundation
import Glibc
import Testing
import Timeline

/// What is left of a run that does not come to its end: nothing that had ended is lost, and nobody is left running.
@Suite struct InterruptionTests {
    /// A run that would take minutes, against a simulator of its own.
    private final class LongRun {
        let folder: TemporaryFolder
        let database: String
        let model: String
        let process: RunningProcess
        private let started: Process
        private let finish: () -> Tool.Result

        init(model: String, target: String, concurrency: Int = 2, more: String = "") throws {
            folder = try TemporaryFolder()
            database = folder.file("runs.sqlite").path
            self.model = model
            let scenario = try folder.write(
                """
                name: long
                targets:
                  - {name: server, api: openai-chat, model: \(model), \(target)}
                load: {closed: {concurrency: \(concurrency)}, requests: 100000}
                \(more)
                """, to: "long.yaml")
            (started, finish) = try Tool.start(Tool.path, ["run", scenario, "--db", database])
            process = RunningProcess(identifier: started.processIdentifier)
        }

        /// Waits until the process is gone, and gives what it printed.
        func end() -> Tool.Result {
            if !eventually(within: 30, { !started.isRunning }) {
                Issue.record("the run does not end")
                process.send(SIGKILL)
            }
            started.waitUntilExit()
            return finish()
        }

        deinit { if started.isRunning { process.send(SIGKILL) } }
    }

    private func completed(_ entries: [[String: Any]], of model: String, before instant: Instant) -> Set<String> {
        Set(
            entries.compactMap { entry in
                guard entry["model"] as? String == model, entry["status"] as? String == "completed",
                    let ended = entry["ended_ns"] as? Int, Int64(ended) < instant.nanoseconds
                else { return nil }
                return entry["id"] as? String
            })
    }

    @Test func `kill -9 at twenty random instants loses nothing that ended a second before`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of the kills: \(seed)")
        var generator = SeededGenerator(seed: seed)
        var checked = 0
        for batch in 0..<4 {
            let server = try SimulatorServer("--ttft-ms", "40", "--itl-ms", "1", "--tokens", "10")
            let runs = try (0..<5).map { try LongRun(model: "kill-\(batch)-\($0)", target: "base_url: \(server.url)") }
            var kills: [(run: LongRun, due: Instant)] = []
            for run in runs {
                let isUnderWay = try eventually(within: 20) {
                    try !completed(server.entries(), of: run.model, before: MonotonicClock.now()).isEmpty
                }
                try #require(isUnderWay, "nothing was measured; seed \(seed)")
                kills.append((run, MonotonicClock.now() + .seconds(2.5 * generator.unitInterval())))
            }
            for (run, due) in kills.sorted(by: { $0.due < $1.due }) {
                while MonotonicClock.now() < due { Thread.sleep(forTimeInterval: 0.0005) }
                #expect(run.process.isAlive, "the run ended by itself; seed \(seed)")
                let killed = MonotonicClock.now()
                run.process.send(SIGKILL)
                #expect(run.end().status == 128 + SIGKILL)
                let expected = completed(try server.entries(), of: run.model, before: killed - .seconds(1))
                checked += expected.count
                try checkRemains(of: run, expected: expected, seed: seed)
            }
        }
        // Without this the test would pass if every kill came too early to lose anything.
        #expect(checked > 100)
    }

    private func checkRemains(of run: LongRun, expected: Set<String>, seed: UInt64) throws {
        let rows = StoredRows(path: run.database)
        #expect(try rows.texts("PRAGMA integrity_check") == ["ok"])
        let stored = Set(try rows.texts("SELECT client_request_id FROM requests WHERE outcome = 'ok'"))
        #expect(expected.subtracting(stored).isEmpty, "lost; seed \(seed)")
        let list = try Tool.run("runs", "--json", "--db", run.database)
        #expect(list.status == 0 && list.output.contains("\"unfinished\""))
        let report = try Tool.run("report", "--db", run.database)
        #expect(report.status == 0)
        #expect(report.output.split(separator: "\n").first?.contains("unfinished") == true, "\(report.output)")
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `one signal drains what is in flight, saves it, prints the summary and sends no more`(_ signal: Int32) throws {
        let server = try SimulatorServer("--ttft-ms", "400", "--itl-ms", "10", "--tokens", "20")
        let run = try LongRun(model: "drained", target: "base_url: \(server.url)")
        #expect(try eventually(within: 20) { try !server.entries().isEmpty })
        let sent = MonotonicClock.now()
        run.process.send(signal)
        let result = run.end()
        #expect(result.status == 128 + signal)
        #expect(result.output.split(separator: "\n").first?.contains("interrupted") == true, "\(result.output)")
        let entries = try server.entries()
        // What was in flight ran on after the signal, to its own end.
        #expect(entries.contains { ($0["ended_ns"] as? Int ?? 0) > Int(sent.nanoseconds) })
        #expect(entries.allSatisfy { $0["status"] as? String == "completed" })
        #expect(entries.allSatisfy { ($0["head_ns"] as? Int ?? 0) < Int((sent + .milliseconds(350)).nanoseconds) })
        let rows = StoredRows(path: run.database)
        #expect(try rows.texts("SELECT status FROM runs") == ["interrupted"])
        let stored = Set(try rows.texts("SELECT client_request_id FROM requests WHERE outcome = 'ok'"))
        #expect(stored == Set(entries.compactMap { $0["id"] as? String }))
    }

    private static let stalling =
        "simulate: {ttft: 20ms, gap: 1ms, tokens: 10, fault: stall, fault_every: 10}"
    private static let patient = "timeouts: {stall: 60s}"

    @Test func `a second signal ends at once and leaves what was saved`() throws {
        let run = try LongRun(model: "stuck", target: Self.stalling, more: Self.patient)
        let rows = StoredRows(path: run.database)
        #expect(try eventually(within: 20) { try storedCount(rows) >= 9 })
        // Both streams hang by now or soon, so that the first signal alone would wait for a minute.
        Thread.sleep(forTimeInterval: 1)
        let simulators = run.process.children
        #expect(simulators.count == 1)
        run.process.send(SIGINT)
        Thread.sleep(forTimeInterval: 0.5)
        #expect(run.process.isAlive, "the first signal must wait for the streams in flight")
        let second = MonotonicClock.now()
        run.process.send(SIGINT)
        let result = run.end()
        #expect(result.status == 130)
        let id = try rows.texts("SELECT id FROM runs").joined()
        let line = "ttft: ended at once; run \(id) stays marked unfinished, and what had ended is saved: "
        #expect(result.errors.hasSuffix("\n\(line)ttft report \(id) --db \(run.database)\n"), "\(result.errors)")
        #expect(MonotonicClock.now() - second < .seconds(2))
        #expect(eventually(within: 5) { simulators.allSatisfy { !$0.isAlive } })
        #expect(try rows.texts("PRAGMA integrity_check") == ["ok"])
        #expect(try storedCount(rows) >= 9)
        #expect(try Tool.run("report", "--db", run.database).status == 0)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGKILL])
    func `the simulator goes with the run, however that ends`(_ signal: Int32) throws {
        let run = try LongRun(model: "parent", target: "simulate: {ttft: 20ms, gap: 1ms, tokens: 10}")
        let rows = StoredRows(path: run.database)
        #expect(try eventually(within: 20) { try storedCount(rows) > 0 })
        let simulators = run.process.children
        #expect(simulators.count == 1 && simulators.allSatisfy(\.isAlive))
        run.process.send(signal)
        #expect(run.end().status == 128 + signal)
        #expect(eventually(within: 5) { simulators.allSatisfy { !$0.isAlive } })
    }

    private func storedCount(_ rows: StoredRows) throws -> Int {
        guard FileManager.default.fileExists(atPath: rows.path) else { return 0 }
        // The tables come a moment after the file.
        return (try? rows.texts("SELECT count(*) FROM requests").first).flatMap { $0 }.flatMap { Int($0) } ?? 0
    }
}
