import Metrics
import Store
import Timeline

/// A run in a database, by any of the names that people use for it.
struct StoredRun {
    let run: RunDescription
    private let reader: RunReader

    init(_ name: String, database: String) throws {
        reader = try RunReader(path: database)
        run = try reader.run(matching: name)
    }

    init(_ run: RunDescription, reader: RunReader) { (self.run, self.reader) = (run, reader) }

    func records() throws -> [StreamRecord] { try reader.records(of: run) }

    func forEachRecord(_ body: (StreamRecord) -> Void) throws { try reader.forEachRecord(of: run, body) }

    func samples() throws -> RunSamples {
        var samples = RunSamples(run: run)
        samples.serverSamples = try serverSamples()
        let collector = SampleCollector(samples)
        try forEachRecord { collector.add($0) }
        return collector.finish()
    }

    func serverSamples() throws -> [ServerSample] { try reader.serverSamples(of: run) }

    func summary() throws -> RunSummary { try samples().summary }
}

/// Whether what was measured may be believed, as an exit status.
struct RunValidity {
    let summary: RunSummary
    let allowsClientLimited: Bool

    func enforce() throws {
        if summary.errorRate > summary.run.maxErrorRate { throw ExitStatus.invalidMeasurement }
        if summary.isClientLimited, !allowsClientLimited { throw ExitStatus.invalidMeasurement }
    }
}
