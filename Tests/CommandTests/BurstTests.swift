import Foundation
import Testing
import Timeline

extension MeasurementTests {
    /// Events that come together have no known gap: neither zero nor the time that it takes to read them.
    @Suite struct BurstTests {
        private static let bursts = 6
        private static let events = 5
        private static let pause = 20.0

        @Test(arguments: ["kernel", "read"])
        func `no gap is made up within a burst`(stamps: String) throws {
            let server = try BurstServer(bursts: Self.bursts, events: Self.events, pauseMilliseconds: Self.pause)
            let run = try MeasuredRun(
                """
                targets: [{name: burst, api: openai-chat, base_url: "\(server.url)/v1", model: burst}]
                load: {closed: {concurrency: 2}, requests: 12, warmup: {requests: 2}}
                """, ["--stamps", stamps])
            server.stop()

            let content = try run.rows("events.csv").filter { $0["kind"] == "text" }
            #expect(content.count == 14 * Self.bursts * Self.events)
            for (key, rows) in Dictionary(grouping: content, by: { $0["request_index"] ?? "" }) {
                let reads = Dictionary(grouping: rows, by: { $0["read_index"] ?? "" })
                #expect(reads.count == Self.bursts, "request \(key)")
                #expect(
                    reads.values.allSatisfy { $0.count == Self.events && Set($0.map { $0["offset_ms"] }).count == 1 })
                let gaps = try rows.filter { $0["icl_ms"] != "" }.map { try $0.figure("icl_ms") }
                #expect(gaps.count == Self.bursts - 1 && gaps.allSatisfy { $0 > Self.pause * 0.7 }, "\(gaps)")
            }
            // Each of the tokens of a burst has its share of the pause: none has zero, none the whole.
            let perToken = Self.pause / Double(Self.events)
            let least = try run.figure("itl", "min", of: "burst")
            let median = try run.figure("itl", "p50", of: "burst")
            #expect(least > 0.7 * perToken && median > perToken && median < 1.5 * perToken)
            let warnings = try run.target("burst")["warnings"]?.arrayValue?.compactMap(\.stringValue)
            #expect(warnings?.contains { $0.hasPrefix("A read brought 5.0 content events") } == true)
            #expect(try Recomputation(run.export).differences == [])
        }
    }
}

/// `Tests/Reference/burst_server.py` as a process of its own.
private final class BurstServer {
    let url: String
    private let process = Process()
    private let input = Pipe()

    init(bursts: Int, events: Int, pauseMilliseconds: Double) throws {
        let output = Pipe()
        let script = Tool.root.appendingPathComponent("Tests/Reference/burst_server.py").path
        let isNamed = Tool.python != "/usr/bin/env"
        process.executableURL = URL(fileURLWithPath: Tool.python)
        process.arguments =
            (isNamed ? [] : ["python3"]) + [
                script, "--bursts", "\(bursts)", "--events", "\(events)", "--pause-ms", "\(pauseMilliseconds)",
            ]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
            line.append(byte)
        }
        url = String(decoding: line, as: UTF8.self)
    }

    func stop() {
        guard process.isRunning else { return }
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    deinit { stop() }
}
