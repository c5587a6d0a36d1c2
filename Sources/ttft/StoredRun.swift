import Metrics
import Report
import Store
import Timeline

/// A run in a database, by any of the names that people use for it; `FILE#NAME` is one of another database.
struct StoredRun {
    let run: RunDescription
    /// The file that holds it.
    let database: String
    private let reader: RunReader

    init(_ name: String, database: String) throws {
        let place = RunPlace(name, database: database)
        self.database = place.database
        reader = try RunReader(path: place.database)
        run = try reader.run(matching: place.name)
    }

    init(_ run: RunDescription, reader: RunReader, database: String) {
        (self.run, self.reader, self.database) = (run, reader, database)
    }

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

    /// Why not, a sentence each; empty where nothing speaks against it.
    var flaws: [String] {
        var flaws: [String] = []
        if summary.errorRate > summary.run.maxErrorRate {
            flaws.append(
                "\(GateReport.percent(summary.errorRate)) of the requests failed, and max_error_rate allows "
                    + GateReport.percent(summary.run.maxErrorRate))
        }
        if summary.isClientLimited, !allowsClientLimited {
            let figures = summary.targets.flatMap { target in
                target.error.limitedFigures.map { "\(target.target.name) \($0)" }
            }
            let shown = figures.prefix(4).joined(separator: ", ") + (figures.count > 4 ? ", ..." : "")
            flaws.append("this machine may have changed figures by more than 2 % (\(shown))")
        }
        return flaws
    }

    func enforce() throws {
        if !flaws.isEmpty { throw ExitStatus.invalidMeasurement }
    }
}
