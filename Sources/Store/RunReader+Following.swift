package import Timeline

/// Reading a run while it is being written, in the order in which its rows were committed.
extension RunReader {
    /// Finds a run by its whole id; nil where there is none.
    package func run(id: String) throws(StoreError) -> RunDescription? { try descriptions().first { $0.id == id } }

    /// Whether a living process writes the run.
    package func isBeingWritten(_ run: RunDescription) -> Bool {
        WriterMark.isHeld(database: database, runID: run.id)
    }

    /// Reads the run's status, as far as it is committed.
    package func status(of run: RunDescription) throws(StoreError) -> RunStatus? {
        let statement = try database.prepare("SELECT status FROM runs WHERE id = ?")
        statement.bind(run.id)
        guard try statement.next() else { return nil }
        return RunStatus(rawValue: statement.string())
    }

    /// The number of the run's first row; nil before there is one.
    package func firstRow(of run: RunDescription) throws(StoreError) -> Int? {
        let statement = try database.prepare("SELECT min(rowid) FROM requests WHERE run_id = ?")
        statement.bind(run.id)
        return try statement.next() ? statement.optionalInteger() : nil
    }

    /// The number of the latest row of any run; 0 where there is none.
    package func latestRow() throws(StoreError) -> Int {
        try database.integer("SELECT coalesce(max(rowid), 0) FROM requests")
    }

    /// Reads the records that were committed behind a row, with the numbers of their rows, which only grow within a run;
    /// returns how many it read, at most the limit.
    package func forEachRecord(
        of run: RunDescription, after row: Int, limit: Int, _ body: (Int, StreamRecord) -> Void
    ) throws(StoreError) -> Int {
        let statement = try database.prepare(RequestTable.following)
        statement.bind(row)
        statement.bind(run.id)
        statement.bind(limit)
        var count = 0
        while try statement.next() {
            let record = try RequestTable.record(from: statement, run: run)
            body(statement.integer(), record)
            count += 1
        }
        return count
    }
}
