import Foundation
import Testing
import Timeline

/// A scenario that was run to its end and exported, with what the tool said of it.
struct MeasuredRun {
    /// The summary as `ttft run --json` printed it.
    let summary: JSONValue
    let database: String
    /// Where `ttft export` wrote its files.
    let export: URL
    private let folder: TemporaryFolder

    /// Runs a scenario and exports it; client limits and failed requests are for the tests to judge.
    ///
    /// `meanwhile` is called once, right after the run was started.
    init(_ scenario: String, _ arguments: [String] = [], meanwhile: () throws -> Void = {}) throws {
        folder = try TemporaryFolder()
        let file = try folder.write(scenario, to: "scenario.yaml")
        database = folder.file("runs.sqlite").path
        export = folder.file("export")
        let common = ["run", file, "--db", database, "--json", "--quiet", "--allow-client-limited"]
        let (process, finish) = try Tool.start(Tool.path, common + arguments)
        defer { if process.isRunning { process.terminate() } }
        try meanwhile()
        process.waitUntilExit()
        let run = finish()
        try #require(run.status == 0, "\(run.errors)\n\(scenario)")
        summary = try JSONValue(parsing: run.output)
        let written = try Tool.run("export", "latest", "--all-events", "--output", export.path, "--db", database)
        try #require(written.status == 0, "\(written.errors)")
    }

    /// The summary of one target.
    func target(_ name: String) throws -> JSONValue {
        try #require(summary["targets"]?.arrayValue?.first { $0["name"]?.stringValue == name }, "no target \(name)")
    }

    /// One figure of a target, in the metric's unit.
    func figure(_ metric: String, _ statistic: String, of target: String) throws -> Double {
        let estimate = try estimate(metric, statistic, of: target)
        return try #require(estimate["value"]?.doubleValue, "no \(metric).\(statistic) of \(target)")
    }

    /// All that the summary says of one figure of a target.
    func estimate(_ metric: String, _ statistic: String, of target: String) throws -> JSONValue {
        let metrics = try self.target(target)["metrics"]?.arrayValue
        let estimates = metrics?.first { $0["name"]?.stringValue == metric }?["estimates"]?.arrayValue
        let estimate = estimates?.first { $0["stat"]?.stringValue == statistic }
        return try #require(estimate, "no \(metric).\(statistic) of \(target)")
    }

    /// The rows of an exported file, by column; made for files without line ends within a field.
    func rows(_ file: String) throws -> [[String: String]] {
        let text = try String(contentsOf: export.appendingPathComponent(file), encoding: .utf8)
        var lines = text.split(separator: "\n").map(\.csvCells)
        let header = lines.removeFirst()
        return lines.map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    }

    /// The number of rows of an exported file, its header not counted.
    func rowCount(_ file: String) throws -> Int {
        let text = try Data(contentsOf: export.appendingPathComponent(file))
        return text.count { $0 == UInt8(ascii: "\n") } - 1
    }
}

extension [String: String] {
    /// A cell as a number; the test fails where it holds none.
    func figure(_ column: String) throws -> Double {
        try #require(self[column].flatMap(Double.init), "\(column) is '\(self[column] ?? "missing")'")
    }
}
