import Foundation
import Metrics
import Runner
import Scenarios
import Testing
import Timeline

@testable import ttft

extension MeasurementTests {
    @Suite struct CalibrateTests {
        @Test func `a calibration measures its loads, and keeps what it found for its machine`() throws {
            let state = try TemporaryFolder()
            let environment = ["XDG_STATE_HOME": state.url.path]
            let result = try Tool.run(
                "calibrate", "--steps", "2,5", "--rate", "40", "--json", environment: environment)
            #expect(result.status == 0, "\(result.errors)")
            let value = try JSONValue(parsing: result.output)
            let steps = try #require(value["steps"]?.arrayValue)
            #expect(steps.compactMap { $0["streams"]?.integerValue } == [2, 5])
            for step in steps {
                #expect(step["unmatched"]?.integerValue == 0)
                let streams = try #require(step["streams"]?.integerValue)
                // 40 tokens in each of three answers a stream.
                #expect(step["requests"]?.integerValue == 3 * streams)
                #expect(step["events"]?.integerValue == 120 * streams)
                let p99 = try #require(step["event_error_ms"]?["p99"]?.doubleValue)
                let worst = try #require(step["event_error_ms"]?["max"]?.doubleValue)
                #expect(p99 > 0.0005 && p99 <= worst)
                #expect(try #require(step["cpu_us_per_chunk"]?.doubleValue) > 1)
            }
            #expect(value["limits"]?.arrayValue?.compactMap { $0["p99_ms"]?.doubleValue } == [0.1, 1, 5])

            let host = HostDescription.current()
            let file = try #require(CalibrationFile(of: host, environment: environment))
            let kept = try #require(file.load(for: host, toolVersion: TTFT.version))
            #expect(kept.steps.map(\.streams) == [2, 5])
            #expect(file.load(for: host, toolVersion: "another") == nil)
        }
    }
}

@Suite("Calibration in use")
struct CalibrationInUseTests {
    /// Says that this machine measures 20 streams of 50 chunks/s within 1 ms, and 40 less well.
    private func calibration() -> Calibration {
        func step(_ streams: Int, p99: Double) -> CalibrationStep {
            CalibrationStep(
                streams: streams, plannedChunksPerSecond: Double(streams) * 50,
                chunksPerSecond: Double(streams) * 50, requests: 1, unmatched: 0, events: 100,
                eventError: .init(p50: 0, p99: p99, p999: p99, max: p99), readingError: nil, firstTokenError: nil,
                processorTimePerChunk: 10, serverLateness: 0)
        }
        return Calibration(
            host: .current(), toolVersion: TTFT.version, clockSource: .kernel, measuredWallClock: 0,
            steps: [step(20, p99: 0.5), step(40, p99: 2)])
    }

    private func warning(_ text: String, _ calibration: Calibration) throws -> String? {
        let scenario = try Scenario(text: text, file: "s.yaml", environment: [:], vocabulary: .current)
        return LoadWarning(scenario: scenario, calibration: calibration).text
    }

    private static let real = "targets: [{name: a, api: openai-chat, base_url: \"http://127.0.0.1:1/v1\", model: m}]\n"

    @Test(arguments: [
        ("load: {closed: {concurrency: 20}, requests: 5}", false),
        ("load: {closed: {concurrency: 21}, requests: 5}", true),
        // How many streams an open loop has depends on the server, and nobody knows.
        ("load: {open: {rate: 900}, requests: 5}", false),
    ])
    func `a real server's load is its streams at a time`(load: String, isWarned: Bool) throws {
        let text = try warning(Self.real + load, calibration())
        #expect((text != nil) == isWarned)
        if let text { #expect(text.contains("21 streams") && text.contains("up to 20")) }
    }

    @Test(arguments: [
        // 100 streams of an event each 100 ms, of which an answer has 10 after 100 ms: 1,000 chunks/s.
        ("{ttft: 100ms, gap: 100ms, tokens: 10}", "{closed: {concurrency: 99}, requests: 5}", false),
        ("{ttft: 100ms, gap: 100ms, tokens: 10}", "{closed: {concurrency: 101}, requests: 5}", true),
        (
            "{ttft: 100ms, gap: 50ms, tokens: 20, tokens_per_event: 2}", "{closed: {concurrency: 99}, requests: 5}",
            false
        ),
        ("{ttft: 100ms, gap: 100ms, tokens: 10}", "{open: {rate: 99}, requests: 5}", false),
        ("{ttft: 100ms, gap: 100ms, tokens: 10}", "{open: {rate: 101}, requests: 5}", true),
    ])
    func `a simulated server's load is its chunks per second`(script: String, load: String, isWarned: Bool) throws {
        let text = try warning("targets: [{name: a, simulate: \(script)}]\nload: \(load)", calibration())
        #expect((text != nil) == isWarned, "\(text ?? "")")
        if let text { #expect(text.contains("up to 1000 chunks/s")) }
    }

    @Test func `two targets side by side are one load, and one after the other are not`() throws {
        let targets =
            "targets: [{name: a, api: openai-chat, base_url: \"http://127.0.0.1:1/v1\", model: m}, "
            + "{name: b, api: openai-chat, base_url: \"http://127.0.0.1:1/v1\", model: m}]\n"
        let load = "load: {closed: {concurrency: 15}, requests: 5}\n"
        #expect(try warning(targets + load, calibration())?.contains("30 streams") == true)
        #expect(try warning(targets + load + "order: sequential", calibration()) == nil)
    }

    @Test func `a machine that measures nothing within a millisecond is said to`() throws {
        var calibration = calibration()
        calibration.steps.removeFirst()
        let load = "load: {closed: {concurrency: 1}, requests: 5}"
        #expect(try warning(Self.real + load, calibration)?.contains("no load at all") == true)
    }

    @Test func `a run that asks for more than was calibrated says so in one line, and runs`() throws {
        let state = try TemporaryFolder()
        let environment = ["XDG_STATE_HOME": state.url.path]
        let file = try #require(CalibrationFile(of: .current(), environment: environment))
        try file.save(calibration())
        let scenario = try state.write(
            """
            targets: [{name: a, simulate: {ttft: 5ms, gap: 1ms, tokens: 20}}]
            load: {closed: {concurrency: 2}, requests: 4}
            """, to: "s.yaml")
        let arguments = ["run", scenario, "--db", state.file("r.sqlite").path, "--allow-client-limited"]
        let run = try Tool.run(executable: Tool.path, arguments, environment: environment)
        #expect(run.status == 0, "\(run.errors)")
        let lines = run.errors.split(separator: "\n").filter { $0.contains("calibrated") }
        #expect(lines.count == 1 && lines.first?.contains("1666 chunks/s") == true, "\(run.errors)")
        let other = try TemporaryFolder()
        let quiet = try Tool.run(
            executable: Tool.path, arguments, environment: ["XDG_STATE_HOME": other.url.path])
        #expect(!quiet.errors.contains("calibrated"))
    }

    @Test(arguments: [
        (["--steps", "10,5"], "must rise"), (["--steps", "ten"], "no number"), (["--rate", "0"], "between"),
        (["--steps", "10", "--max", "5"], "--max"),
    ])
    func `wrong loads are refused before anything is measured`(flags: [String], word: String) throws {
        let result = try Tool.run(executable: Tool.path, ["calibrate"] + flags)
        #expect(result.status == 64)
        #expect(result.errors.contains(word), "\(result.errors)")
    }
}
