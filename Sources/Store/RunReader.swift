package import Timeline

/// Reads the runs of a database, and tags or deletes them.
///
/// Used by one thread at a time; sees every record that a running `ttft run` has committed.
package final class RunReader {
    let database: Database

    /// Opens a database that exists.
    package init(path: String) throws(StoreError) {
        database = try Database(path: path, access: .existing)
        try Migrations.all.apply(to: database, access: .existing)
    }

    /// Opens a database that exists for reading alone: it can neither be changed nor be brought to this version's schema.
    package init(readingOnly path: String) throws(StoreError) {
        database = try Database(path: path, access: .reading)
        try Migrations.all.apply(to: database, access: .reading)
    }

    /// Reads all runs with their counts, the newest first.
    package func runs() throws(StoreError) -> [RunOverview] {
        let counts = try counts()
        let retries = try measuredRetries()
        let cancelled = try measuredCancellations()
        var overviews: [RunOverview] = []
        for run in try descriptions() {
            var overview = RunOverview(run: run)
            for count in counts[run.id] ?? [] {
                if count.phase == .warmup {
                    overview.warmupAttempts += count.attempts
                } else {
                    overview.attempts += count.attempts
                    if count.outcome.isComplete { overview.complete += count.attempts }
                }
            }
            overview.attempts -= cancelled[run.id] ?? 0
            overview.requests = overview.attempts - (retries[run.id] ?? 0)
            overviews.append(overview)
        }
        return overviews
    }

    /// Reads all records of a run, in the order of its plan, exactly as they were appended.
    package func records(of run: RunDescription) throws(StoreError) -> [StreamRecord] {
        var records: [StreamRecord] = []
        try forEachRecord(of: run) { records.append($0) }
        return records
    }

    /// Reads the records of a run one by one, in the order of its plan.
    package func forEachRecord(of run: RunDescription, _ body: (StreamRecord) -> Void) throws(StoreError) {
        let statement = try database.prepare(RequestTable.selection)
        statement.bind(run.id)
        while try statement.next() { body(try RequestTable.record(from: statement, run: run)) }
    }

    /// Reads what a server told of itself during a run; empty where none was asked.
    package func serverSamples(of run: RunDescription) throws(StoreError) -> [ServerSample] {
        guard run.serverMetrics != nil else { return [] }
        let statement = try database.prepare(ServerSampleTable.selection)
        statement.bind(run.id)
        var samples: [ServerSample] = []
        while try statement.next() { samples.append(try ServerSampleTable.sample(from: statement, run: run)) }
        return samples
    }

    /// Removes the run with all its records from the file; refuses while a living process writes it.
    package func delete(_ run: RunDescription) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            guard !WriterMark.isHeld(database: database, runID: run.id) else {
                throw .runGoesOn(id: run.id, path: database.path)
            }
            let statement = try database.prepare("DELETE FROM runs WHERE id = ?")
            statement.bind(run.id)
            try statement.run()
            guard database.changes > 0 else { throw try noSuchRun(run.id) }
        }
        WriterMark.removeLeftover(database: database, runID: run.id)
    }

    /// Reads the descriptions of all runs with their targets, the newest first.
    func descriptions() throws(StoreError) -> [RunDescription] {
        let statement = try database.prepare(RunTable.selection)
        var runs: [RunDescription] = []
        while try statement.next() {
            var run = try RunTable.run(from: statement)
            run.targets = try targets(of: run)
            run.pairedDesign = try pairedDesign(of: run)
            runs.append(run)
        }
        return runs
    }

    private func targets(of run: RunDescription) throws(StoreError) -> [TargetRun] {
        let statement = try database.prepare(TargetTable.selection)
        statement.bind(run.id)
        var targets: [TargetRun] = []
        while try statement.next() { targets.append(try TargetTable.target(from: statement, run: run)) }
        return targets
    }

    private func pairedDesign(of run: RunDescription) throws(StoreError) -> PairedDesign? {
        let statement = try database.prepare(PairedDesignTable.selection)
        statement.bind(run.id)
        return try statement.next() ? try PairedDesignTable.design(from: statement, runID: run.id) : nil
    }

    private func measuredRetries() throws(StoreError) -> [String: Int] {
        try measuredCounts(where: "attempt > 1")
    }

    /// Of attempts that were cancelled on purpose.
    private func measuredCancellations() throws(StoreError) -> [String: Int] {
        try measuredCounts(where: "outcome = 'cancelled' AND cancelled_ns IS NOT NULL")
    }

    /// The measured attempts of each run of which a condition holds.
    private func measuredCounts(where condition: String) throws(StoreError) -> [String: Int] {
        let statement = try database.prepare(
            "SELECT run_id, count(*) FROM requests WHERE phase = 'measured' AND \(condition) GROUP BY run_id")
        var counts: [String: Int] = [:]
        while try statement.next() { counts[statement.string()] = statement.integer() }
        return counts
    }

    private struct Count {
        var phase: RequestPhase
        var outcome: OutcomeClass
        var attempts: Int
    }

    private func counts() throws(StoreError) -> [String: [Count]] {
        let statement = try database.prepare(
            "SELECT run_id, phase, outcome, count(*) FROM requests GROUP BY run_id, target, phase, outcome")
        var counts: [String: [Count]] = [:]
        while try statement.next() {
            let id = statement.string()
            let place = ValuePlace(path: database.path, description: "run \(id)")
            let count = Count(
                phase: try place.value(of: statement.string(), "phase"),
                outcome: try place.value(of: statement.string(), "outcome"), attempts: statement.integer())
            counts[id, default: []].append(count)
        }
        return counts
    }
}
