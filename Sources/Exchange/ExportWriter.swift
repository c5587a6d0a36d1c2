import FoundationEssentials
import Glibc
package import Timeline

/// Writes runs as a directory of tidy CSV files with a description of every column.
package struct ExportWriter {
    /// The files of every export; where a server was asked for its metrics, `serverFileName` is one more.
    package static let fileNames = ["requests.csv", "events.csv", "runs.csv", "summary.csv", "datapackage.json"]

    package static let serverFileName = "server_metrics.csv"

    package struct Options: Sendable {
        /// Puts an apostrophe before text cells that a spreadsheet would run as formulas.
        package var isSpreadsheetSafe: Bool
        /// Writes the events that carry no content too.
        package var includesEveryEvent: Bool
        /// Replaces files that exist.
        package var overwrites: Bool

        package init(isSpreadsheetSafe: Bool = false, includesEveryEvent: Bool = false, overwrites: Bool = false) {
            self.isSpreadsheetSafe = isSpreadsheetSafe
            self.includesEveryEvent = includesEveryEvent
            self.overwrites = overwrites
        }
    }

    private let metricColumns: [MetricColumn]
    private let options: Options
    private var requests: CSVBuilder
    private var events: CSVBuilder
    private var runs: CSVBuilder
    private var server: CSVBuilder?

    /// Creates a writer whose requests.csv has the given computed columns besides the facts.
    ///
    /// A computed column with the name of a fact, such as `output_tokens`, is left out: the fact stands.
    package init(metricColumns: [MetricColumn], options: Options = Options()) {
        self.metricColumns = metricColumns
        self.options = options
        requests = CSVBuilder(isSpreadsheetSafe: options.isSpreadsheetSafe)
        events = CSVBuilder(isSpreadsheetSafe: options.isSpreadsheetSafe)
        runs = CSVBuilder(isSpreadsheetSafe: options.isSpreadsheetSafe)
        requests.header(RequestColumns.all(metrics: metricColumns))
        events.header(EventColumns.all)
        runs.header(RunColumns.all)
    }

    /// Adds a run; windows go by the target's name, and the closure is asked once for each record.
    package mutating func add(
        _ run: RunDescription, records: [StreamRecord], windows: [String: ExportedWindow],
        metrics: (StreamRecord) -> RecordMetrics
    ) {
        let columns = RequestColumns.all(metrics: metricColumns)
        let targets = Dictionary(run.targets.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for record in records {
            let metrics = metrics(record)
            let target = targets[record.target]
            requests.row(RequestRow(run: run, target: target, record: record, metrics: metrics), columns)
            addEvents(of: record, runID: run.id, metrics: metrics)
        }
        for target in run.targets {
            runs.row(RunRow(run: run, target: target, window: windows[target.name]), RunColumns.all)
        }
    }

    /// Adds what a server told of itself during a run: a row for each gauge of each answer.
    package mutating func add(_ samples: [ServerSample], of run: RunDescription) {
        guard let plan = run.serverMetrics else { return }
        var builder = server ?? CSVBuilder(isSpreadsheetSafe: options.isSpreadsheetSafe)
        if server == nil { builder.header(ServerColumns.all) }
        for sample in samples {
            for (gauge, value) in zip(plan.gauges, sample.values) {
                builder.row(ServerRow(run: run, sample: sample, gauge: gauge, value: value), ServerColumns.all)
            }
        }
        server = builder
    }

    private mutating func addEvents(of record: StreamRecord, runID: String, metrics: RecordMetrics) {
        for (index, event) in record.events.enumerated() where options.includesEveryEvent || event.kind.isContent {
            let row = EventRow(
                runID: runID, requestIndex: record.requestIndex, attempt: record.attempt, sent: record.sent,
                event: event,
                tokens: index < metrics.eventTokens.count ? metrics.eventTokens[index] : nil,
                gap: index < metrics.eventGaps.count ? metrics.eventGaps[index] : nil)
            events.row(row, EventColumns.all)
        }
    }

    /// Writes all files into the directory, which is created where it is missing; each file appears whole or not at all.
    package func write(toDirectory directory: String, summary: String) throws(ExchangeError) {
        var contents: [[UInt8]] = [
            requests.bytes, events.bytes, runs.bytes,
            Array((options.isSpreadsheetSafe ? CSVBuilder.withoutControls(summary) : summary).utf8),
            Array(DataPackage.text(metrics: metricColumns, hasServerMetrics: server != nil).utf8),
        ]
        if let server { contents.append(server.bytes) }
        let paths = (Self.fileNames + (server == nil ? [] : [Self.serverFileName])).map { "\(directory)/\($0)" }
        let existing = paths.filter { access($0, F_OK) == 0 }
        guard options.overwrites || existing.isEmpty else { throw .filesExist(paths: existing) }
        var isDirectory = false
        guard !FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory) || isDirectory else {
            throw .failed(path: directory, message: "exists and is not a directory; give another --output")
        }
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw .failed(
                path: directory,
                message: "cannot create the directory: \(Self.reason(against: directory)); give another --output")
        }
        let temporaryPaths = paths.map { "\($0).\(getpid()).tmp" }
        defer { for path in temporaryPaths { unlink(path) } }
        // All are written before the first is renamed, so that a full disk leaves an older export as it was.
        for (path, bytes) in zip(temporaryPaths, contents) { try Self.write(bytes, to: path) }
        for (temporary, path) in zip(temporaryPaths, paths) where rename(temporary, path) != 0 {
            throw .failed(path: path, message: String(cString: strerror(errno)))
        }
    }

    /// What the system says against making a directory, or a missing one of those that it is in.
    private static func reason(against directory: String) -> String {
        var directory = directory
        while mkdir(directory, 0o777) != 0 {
            guard errno == ENOENT, let slash = directory.lastIndex(of: "/"), slash != directory.startIndex else {
                return String(cString: strerror(errno))
            }
            directory = String(directory[..<slash])
        }
        rmdir(directory)
        return "the reason is gone by now, try again"
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(ExchangeError) {
        guard let file = fopen(path, "wb") else {
            throw .failed(path: path, message: String(cString: strerror(errno)))
        }
        let written = fwrite(bytes, 1, bytes.count, file)
        let closing = fclose(file)
        guard written == bytes.count, closing == 0 else {
            throw .failed(path: path, message: String(cString: strerror(errno)))
        }
    }
}
