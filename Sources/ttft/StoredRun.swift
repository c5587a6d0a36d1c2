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

    /// With `normalizesTokens` by the run's tokenizer; refused where none counted.
    func samples(normalizesTokens: Bool = false) throws -> RunSamples {
        guard !normalizesTokens || run.tokenizer != nil else {
            throw Complaint(
                "no tokenizer counted the tokens of run \(run.id), and text is not counted afterwards; measure again with "
                    + "tokenizer: FILE in the scenario, or leave out --normalize-tokens", ExitStatus.malformedInput)
        }
        var samples = RunSamples(run: run, normalizesTokens: normalizesTokens)
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
