import Foundation
import Testing
import Timeline

extension MeasurementTests {
    /// Gives back known tempos: those of the published table, and those that nobody knew before.
    @Suite struct SixModelTests {
        /// A tempo to give back: milliseconds, and tokens per second.
        private struct Tempo {
            var name: String
            var timeToFirstToken: Double
            var speed: Double
        }

        private static let published = [
            Tempo(name: "gpt-4o", timeToFirstToken: 450, speed: 145),
            Tempo(name: "gpt-4o-mini", timeToFirstToken: 350, speed: 200),
            Tempo(name: "claude-4.5-sonnet", timeToFirstToken: 1240, speed: 71),
            Tempo(name: "claude-sonnet-4.6", timeToFirstToken: 850, speed: 54),
            Tempo(name: "gemini-2.0-flash", timeToFirstToken: 340, speed: 300),
            Tempo(name: "llama-4-scout", timeToFirstToken: 330, speed: 2600),
        ]
        private static let tolerance = 0.02
        /// 2 % of the fastest answer are 0.3 ms, and what a busy machine makes the simulator wait is in its tempo: a
        /// tempo that does not come back is measured again, so many times in all.
        private static let attempts = 5

        @Test func `measuring six models gives the published table back`() throws {
            let path = Tool.root.appendingPathComponent("Scenarios/six-models.yaml").path
            try expect(Self.published, from: String(contentsOfFile: path, encoding: .utf8))
        }

        @Test func `six tempos that were drawn for this run come back`() throws {
            let drawn = DrawnTargets(count: 6, purpose: "six models") { script, generator in
                script.timeToFirstToken = .drawn(milliseconds: 150...900, using: &generator)
                script.gap = .drawn(milliseconds: 1...15, using: &generator)
            }
            print(drawn)
            let targets = drawn.targets.map { target in
                "  - {name: \(target.name), simulate: "
                    + "{ttft: \(target.script.timeToFirstToken.count / 1000)us, gap: \(target.script.gap.count / 1000)us}}"
            }
            let tempos = drawn.targets.map { target in
                Tempo(
                    name: target.name, timeToFirstToken: target.script.timeToFirstToken.milliseconds,
                    speed: 1000 / target.script.gap.milliseconds)
            }
            try expect(
                tempos,
                from: """
                    name: drawn-models
                    targets:
                    \(targets.joined(separator: "\n"))
                    request: {max_output_tokens: 50}
                    load:
                      closed: {concurrency: 3}
                      requests: 12
                      warmup: {requests: 3}
                    """)
        }

        /// Measures all targets of a scenario, then again those that are off.
        private func expect(_ tempos: [Tempo], from scenario: String) throws {
            var missing = tempos
            for attempt in 1...Self.attempts where !missing.isEmpty {
                let run = try MeasuredRun(scenario, missing.flatMap { ["--target", $0.name] })
                let names = run.summary["targets"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
                #expect(names == missing.map(\.name))
                missing = try missing.filter { try !comesBack($0, in: run, attempt: attempt) }
            }
            #expect(missing.map(\.name) == [], "off by more than 2 % in each of \(Self.attempts) measurements")
        }

        private func comesBack(_ tempo: Tempo, in run: MeasuredRun, attempt: Int) throws -> Bool {
            let time = try run.figure("ttft", "p50", of: tempo.name)
            let speed = try run.figure("output_speed", "p50", of: tempo.name)
            print(
                "attempt \(attempt), \(tempo.name): ttft \(time) of \(tempo.timeToFirstToken) ms, "
                    + "speed \(speed) of \(tempo.speed) tok/s")
            return abs(time / tempo.timeToFirstToken - 1) <= Self.tolerance
                && abs(speed / tempo.speed - 1) <= Self.tolerance
        }
    }
}
