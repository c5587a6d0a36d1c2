import Foundation
import Testing
import Timeline

/// What a run tells while it goes on, in a pseudo-terminal, in lines and as JSON.
@Suite(.serialized) struct LiveViewTests {
    private static let scenario = """
        name: long
        targets:
          - {name: server, simulate: {ttft: 60ms, gap: 4ms, tokens: 25, fault: http-429, fault_every: 6}}
        load: {closed: {concurrency: 4}, duration: 60s, warmup: {requests: 4}}
        max_error_rate: 0.5
        """

    /// Runs a check of `terminal_checks.py` on a scenario, and expects that it finds nothing wrong.
    private func check(_ name: String, scenario: String = scenario, _ more: String...) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(scenario, to: "live.yaml")
        let script = Tool.root.appendingPathComponent("Tests/CommandTests/terminal_checks.py").path
        let isNamed = ProcessInfo.processInfo.environment["TTFT_PYTHON"] != nil
        let result = try Tool.run(
            executable: Tool.python,
            (isNamed ? [] : ["python3"]) + [script, name, Tool.path, file, folder.file("live.sqlite").path] + more)
        #expect(
            result.status == 0 && result.output.isEmpty && result.errors.isEmpty, "\(result.output)\(result.errors)")
    }

    @Test func `the figures of the frames are those of the simulator's log`() throws {
        var script = try #require(StreamScript(profile: "gpt-4o-mini"))
        script.timeToFirstToken = .milliseconds(80)
        script.gap = .milliseconds(5)
        script.tokens = 40
        script.fault = "http-429"
        script.faultEvery = 7
        let server = try SimulatorServer(scripts: ["live": script])
        try check(
            "watch",
            scenario: """
                name: watched
                targets: [{name: server, api: openai-chat, model: live, base_url: "\(server.url(of: "live"))"}]
                load: {closed: {concurrency: 4}, requests: 160, warmup: {requests: 4}}
                max_error_rate: 0.5
                """, server.log.path)
    }

    @Test(arguments: ["q", "int", "term", "twice", "crash", "abort", "hangup", "quit", "stop"])
    func `the terminal is given back on every way out`(_ way: String) throws { try check("leave", way) }

    @Test func `no frame is wider or higher than the terminal, whatever its size becomes`() throws {
        try check("sizes")
    }

    @Test func `colour, ASCII and terminals that cannot draw are honoured`() throws { try check("locale") }

    @Test func `where no terminal is, a line every five seconds or JSON every second is told if asked for`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            name: lines
            targets:
              - {name: one, simulate: {ttft: 20ms, gap: 1ms, tokens: 10}}
              - {name: two, simulate: {ttft: 20ms, gap: 1ms, tokens: 10, fault: truncated, fault_every: 2}}
            load: {closed: {concurrency: 1}, duration: 6s}
            max_error_rate: 1
            """, to: "lines.yaml")
        let common = ["run", file, "--db", folder.file("lines.sqlite").path, "--allow-client-limited"]
        let plain = try Tool.run(executable: Tool.path, common + ["--progress", "plain"])
        let line = try #require(plain.errors.split(separator: "\n").first { $0.hasPrefix("t=5s ") })
        #expect(
            line.contains(" one: ttft_p50=2") && line.contains(" two: ttft_p50=2")
                && line.contains(" truncated/cut_short="))
        let unasked = try Tool.run(executable: Tool.path, common)
        #expect(!unasked.errors.contains("t=5s"))
        let json = try Tool.run(executable: Tool.path, common + ["--progress", "json", "--json"])
        let objects = try json.errors.split(separator: "\n").filter { $0.hasPrefix("{") }.map {
            try JSONValue(parsing: String($0))
        }
        #expect(objects.count >= 6)
        let last = try #require(objects.last)
        let summary = try JSONValue(parsing: json.output)
        for (live, final) in zip(last["targets"]?.arrayValue ?? [], summary["targets"]?.arrayValue ?? []) {
            #expect(live["name"] == final["name"])
            #expect(live["done"]?.integerValue == final["attempts"]?.integerValue)
            #expect(live["complete"]?.integerValue == final["complete"]?.integerValue)
            let metric = final["metrics"]?.arrayValue?.first { $0["name"] == "ttft" }
            let median = metric?["estimates"]?.arrayValue?.first { $0["stat"] == "p50" }?["value"]?.doubleValue
            let shown = try #require(live["ttft_ms"]?["p50"]?.doubleValue)
            #expect(abs(shown / (median ?? 0) - 1) < 0.0006)
        }
        #expect(last["in_flight"]?.integerValue == 0 && last["share"]?.doubleValue == 1)
        let refused = try Tool.run(executable: Tool.path, common + ["--progress", "live"])
        #expect(refused.status == 64 && refused.errors.contains("needs a terminal"))
    }
}
