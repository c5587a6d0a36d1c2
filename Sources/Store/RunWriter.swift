package import Timeline

/// Writes one run while it goes on; what `append` was given is safe once it returns, whatever happens to the process.
///
/// Used by one thread at a time. Other processes may write other runs to the same file meanwhile.
package final class RunWriter {
    private let database: Database
    private let insertion: Statement
    private let redaction: Redaction
    /// How many records are safe by now.
    package private(set) var storedCount = 0
    private var runID = ""
    private var mark: WriterMark?
    private var started = Instant(nanoseconds: 0)

    /// Opens the database, which is created where it is missing and brought to this version's schema.
    ///
    /// The secrets are taken out of everything that is stored.
    package init(path: String, secrets: [String] = []) throws(StoreError) {
        redaction = Redaction(secrets: secrets)
        database = try Database(path: path, access: .create)
        try Migrations.all.apply(to: database, access: .create)
        insertion = try database.prepare(RequestTable.insertion)
    }

    /// Stores the run and its targets; all that follows belongs to this run.
    ///
    /// Users, passwords and query values in URLs are left out.
    package func begin(_ run: RunDescription) throws(StoreError) {
        // Before the row is there, so that no one ever sees the row without the mark.
        let mark = try WriterMark(database: database, runID: run.id)
        do { try insert(run) } catch {
            mark.remove()
            throw error
        }
        self.mark = mark
        runID = run.id
        started = run.started
    }

    private func insert(_ run: RunDescription) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            let runStatement = try database.prepare(RunTable.insertion)
            RunTable.bind(redaction.run(run), to: runStatement)
            try runStatement.run()
            let targetStatement = try database.prepare(TargetTable.insertion)
            for (position, target) in run.targets.enumerated() {
                TargetTable.bind(
                    target, runID: run.id, position: position, started: run.started, to: targetStatement)
                try targetStatement.run()
            }
            guard let design = run.pairedDesign else { return }
            let designStatement = try database.prepare(PairedDesignTable.insertion)
            PairedDesignTable.bind(design, runID: run.id, to: designStatement)
            try designStatement.run()
        }
    }

    /// Stores the records in one transaction; their targets must be among the run's.
    package func append(_ records: [StreamRecord]) throws(StoreError) {
        guard !records.isEmpty else { return }
        try database.transaction { () throws(StoreError) in
            try requireRun()
            for record in records {
                let record = redaction.record(record)
                RequestTable.bind(record, runID: runID, started: started, to: insertion)
                try insertion.run()
            }
        }
        storedCount += records.count
    }

    /// Stores what a server told of itself.
    package func append(_ samples: [ServerSample]) throws(StoreError) {
        guard !samples.isEmpty else { return }
        let statement = try database.prepare(ServerSampleTable.insertion)
        try database.transaction { () throws(StoreError) in
            for sample in samples {
                ServerSampleTable.bind(sample, runID: runID, started: started, to: statement)
                try statement.run()
            }
        }
    }

    /// Adds what the server's own log says of attempts that were cancelled on purpose.
    package func append(
        _ aftermaths: [(requestIndex: Int, attempt: Int, aftermath: ServerAftermath)]
    ) throws(StoreError) {
        guard !aftermaths.isEmpty else { return }
        let statement = try database.prepare(RequestTable.aftermathUpdate)
        try database.transaction { () throws(StoreError) in
            for (requestIndex, attempt, aftermath) in aftermaths {
                RequestTable.bind(aftermath, started: started, to: statement)
                statement.bind(runID)
                statement.bind(requestIndex)
                statement.bind(attempt)
                try statement.run()
            }
        }
    }

    /// Replaces what is stored of the target with the same name.
    package func update(_ target: TargetRun) throws(StoreError) {
        let statement = try database.prepare(TargetTable.update)
        TargetTable.bind(target, runID: runID, position: nil, started: started, to: statement)
        try statement.run()
        guard database.changes > 0 else {
            try requireRun()
            throw .unreadable(
                path: database.path, place: "run '\(runID)'", reason: "no target named '\(target.name)' in the run")
        }
    }

    /// Marks the run as over, and notes what its measuring threads took.
    package func finish(
        status: RunStatus, ended: Instant, threads: [ThreadUse] = [], reachedMaxCost: Bool = false
    ) throws(StoreError) {
        let statement = try database.prepare(
            "UPDATE runs SET status = ?, ended_ns = ?, measuring_threads = ?, reached_max_cost = ? WHERE id = ?")
        statement.bind(status.rawValue)
        statement.bind(ended.offset(from: started))
        statement.bind(RunTable.text(of: threads))
        statement.bind(reachedMaxCost)
        statement.bind(runID)
        try statement.run()
        guard database.changes > 0 else { throw .runGone(id: runID, path: database.path) }
        mark?.remove()
        mark = nil
    }

    private func requireRun() throws(StoreError) {
        let statement = try database.prepare("SELECT 1 FROM runs WHERE id = ?")
        statement.bind(runID)
        guard try statement.next() else { throw .runGone(id: runID, path: database.path) }
    }
}
