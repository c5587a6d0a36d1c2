import Foundation
import Testing
import Timeline

extension MeasurementTests {
    /// Gives back known tempos: those of the published table, and those that nobody knew before.
    @Suite struct SixModelTests {
        /// Time to first token in milliseconds and tokens per second, as published for each model.
        private static let published: [(name: String, timeToFirstToken: Double, speed: Double)] = [
            ("gpt-4o", 450, 145), ("gpt-4o-mini", 350, 200), ("claude-4.5-sonnet", 1240, 71),
            ("claude-sonnet-4.6", 850, 54), ("gemini-2.0-flash", 340, 300), ("llama-4-scout", 330, 2600),
        ]

        @Test func `measuring six models gives the published table back`() throws {
            let path = Tool.root.appendingPathComponent("Scenarios/six-models.yaml").path
            let run = try MeasuredRun(String(contentsOfFile: path, encoding: .utf8))
            #expect(
                run.summary["targets"]?.arrayValue?.compactMap { $0["name"]?.stringValue } == Self.published.map(\.name)
            )
            for model in Self.published {
                try expect(run, model.name, timeToFirstToken: model.timeToFirstToken, speed: model.speed)
            }
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
            let run = try MeasuredRun(
                """
                name: drawn-models
                targets:
                \(targets.joined(separator: "\n"))
                request: {max_output_tokens: 50}
                load:
                  closed: {concurrency: 3}
                  requests: 12
                  warmup: {requests: 3}
                """)
            for target in drawn.targets {
                let script = target.script
                try expect(
                    run, target.name, timeToFirstToken: script.timeToFirstToken.milliseconds,
                    speed: 1000 / script.gap.milliseconds)
            }
        }

        /// Both figures must be within 2 %: the simulator sends late by what its machine makes it wait.
        private func expect(_ run: MeasuredRun, _ name: String, timeToFirstToken: Double, speed: Double) throws {
            let measured = try run.figure("ttft", "p50", of: name)
            let measuredSpeed = try run.figure("output_speed", "p50", of: name)
            print("\(name): ttft \(measured) of \(timeToFirstToken) ms, speed \(measuredSpeed) of \(speed) tok/s")
            #expect(abs(measured / timeToFirstToken - 1) <= 0.02, "\(name): \(measured) ms")
            #expect(abs(measuredSpeed / speed - 1) <= 0.02, "\(name): \(measuredSpeed) tok/s")
        }
    }
}
