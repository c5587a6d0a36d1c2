import Foundation

/// A run as `ttft export` wrote it: each file as rows of cells by column name.
struct ExportedRun {
    typealias Row = [String: String]

    let run: Row
    let requests: [Row]
    /// The content events of each request, by its index.
    let events: [String: [Row]]

    /// Exports the latest run of a database.
    init(database: String) throws {
        let folder = try TemporaryFolder()
        let result = try Tool.run("export", "--db", database, "--output", folder.file("csv").path)
        guard result.status == 0 else { throw CocoaError(.fileReadUnknown) }
        let rows = { (name: String) in
            try Self.rows(String(contentsOf: folder.file("csv/\(name).csv"), encoding: .utf8))
        }
        run = try rows("runs").first ?? [:]
        requests = try rows("requests")
        events = try Dictionary(grouping: rows("events")) { $0["request_index"] ?? "" }
    }

    var measured: [Row] { requests.filter { $0["phase"] == "measured" } }

    /// An instant of CLOCK_MONOTONIC in nanoseconds, from milliseconds since the run's start.
    func instant(_ offset: Double) -> Double { (Double(run["started_monotonic_ns"] ?? "") ?? .nan) + offset * 1e6 }

    private static func rows(_ text: String) -> [Row] {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.csvCells }
        guard let header = lines.first else { return [] }
        return lines.dropFirst().map { Dictionary(zip(header, $0)) { first, _ in first } }
    }
}

extension [String: String] {
    /// A cell as a number; not a number where it is empty.
    func number(_ column: String) -> Double { Double(self[column] ?? "") ?? .nan }
}
