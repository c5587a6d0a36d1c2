import Foundation
import Testing
import Timeline

extension MeasurementTests {
    /// Several targets in one run, seen from the side of the server that they share.
    @Suite struct MultiTargetTests {
        private static let names = ["left", "right"]

        /// The measured answers of a run over two targets, and the run.
        private func measure(order: String) throws -> (run: MeasuredRun, answers: [SentAnswer]) {
            let script = StreamScript(timeToFirstToken: .milliseconds(60), gap: .milliseconds(3), tokens: 20)
            let server = try SimulatorServer(scripts: Dictionary(uniqueKeysWithValues: Self.names.map { ($0, script) }))
            let targets = Self.names.map {
                "  - {name: \($0), api: openai-chat, base_url: \"\(server.url(of: $0))\", model: m}"
            }
            let run = try MeasuredRun(
                """
                targets:
                \(targets.joined(separator: "\n"))
                order: \(order)
                load: {closed: {concurrency: 2}, requests: 10, warmup: {requests: 2}}
                """)
            server.stop()
            return (run, try server.answers())
        }

        /// From a target's first request to the end of its last answer.
        private func span(of target: String, in answers: [SentAnswer]) throws -> ClosedRange<Instant> {
            let own = answers.filter { $0.target == target }
            #expect(own.count == 12)
            return try #require(own.map(\.asked).min())...(try #require(own.map(\.ended).max()))
        }

        @Test func `interleaved targets are measured over the same time`() throws {
            let (run, answers) = try measure(order: "interleaved")
            let left = try span(of: "left", in: answers)
            let right = try span(of: "right", in: answers)
            let shared = min(left.upperBound, right.upperBound) - max(left.lowerBound, right.lowerBound)
            let whole = max(left.upperBound, right.upperBound) - min(left.lowerBound, right.lowerBound)
            #expect(Double(shared.count) > 0.8 * Double(whole.count), "\(shared.milliseconds) ms")
            #expect(run.summary["run"]?["interleaved"] == true)
        }

        @Test func `sequential targets are measured one after the other`() throws {
            let (run, answers) = try measure(order: "sequential")
            let left = try span(of: "left", in: answers)
            let right = try span(of: "right", in: answers)
            #expect(left.upperBound < right.lowerBound)
            #expect(run.summary["run"]?["interleaved"] == false)
        }

        @Test func `warm-up requests are stored as a phase of their own, and enter no figure`() throws {
            let run = try MeasuredRun(
                """
                targets: [{name: one, simulate: {ttft: 40ms, gap: 2ms, tokens: 10, jitter: 0.5}}]
                load: {closed: {concurrency: 2}, requests: 11, warmup: {requests: 7}}
                """)
            let script =
                "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("
                + "'SELECT phase, count(*) FROM requests GROUP BY phase ORDER BY phase').fetchall())"
            let stored = try Tool.python("-c", script, run.database)
            #expect(stored.output == "[('measured', 11), ('warmup', 7)]\n")

            let target = try run.target("one")
            #expect(target["attempts"] == 11 && target["complete"] == 11 && target["warmup_attempts"] == 7)
            let rows = try run.rows("requests.csv")
            let measured = rows.filter { $0["phase"] == "measured" }
            let times = try measured.map { try $0.number("ttft_ms") }
            let all = try rows.map { try $0.number("ttft_ms") }
            let median = try run.figure("ttft", "p50", of: "one")
            #expect(abs(median - times.median) < 1e-6)
            #expect(abs(median - all.median) > 1e-6, "the figure cannot tell whether the warm-up is in it")
            let lastWarm = try rows.filter { $0["phase"] == "warmup" }.map { try $0.number("start_offset_ms") }.max()
            let firstMeasured = try measured.map { try $0.number("start_offset_ms") }.min()
            #expect(try #require(lastWarm) < #require(firstMeasured))
            #expect(try run.rows("runs.csv").first?.number("window_start_ms") == firstMeasured)
        }
    }
}
