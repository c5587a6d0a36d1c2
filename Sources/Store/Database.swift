import CSQLite
import Glibc

/// One connection to an SQLite file; closes it when the last reference goes.
///
/// Used by one thread at a time. Other connections, of this process or another, may write to the same file.
final class Database {
    enum Access {
        /// Creates the file where it is missing.
        case create
        case existing
        /// Never writes, whatever a statement says.
        case reading
    }

    let path: String
    /// Whether the file and its folder can be written, so that it can be brought to this version's schema.
    let isWritable: Bool
    let handle: OpaquePointer

    /// How long a statement waits for another writer, in milliseconds; a batch takes a few.
    private static let busyTimeout: Int32 = 30_000

    init(path: String, access: Access) throws(StoreError) {
        if access != .create, Glibc.access(path, F_OK) != 0 { throw StoreError.fileNotFound(path: path) }
        if let folder = Self.folder(of: path), Glibc.access(folder, F_OK) != 0 {
            throw StoreError.folderNotFound(path: path, folder: folder)
        }
        let place = access == .create ? Place.writable : Place(of: path)
        let creation = access == .create ? SQLITE_OPEN_CREATE : 0
        let isWritable = place == .writable && access != .reading
        let mode = isWritable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(
            place.name(of: path, asURI: !isWritable), &opened, mode | SQLITE_OPEN_FULLMUTEX | creation, nil)
        guard let opened, code == SQLITE_OK else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            if code & 0xff == SQLITE_CANTOPEN, access == .create { throw .notWritable(path: path, reason: message) }
            throw StoreError.failed(path: path, statement: "open", message: message)
        }
        self.path = path
        self.isWritable = isWritable
        handle = opened
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, Self.busyTimeout)
    }

    deinit { sqlite3_close_v2(handle) }

    /// The folder that a path names before its last part; nil where it names none.
    static func folder(of path: String) -> String? {
        path.lastIndex(of: "/").flatMap { $0 == path.startIndex ? nil : String(path[..<$0]) }
    }

    /// Runs one or more statements that take no values and give none.
    func execute(_ statements: String) throws(StoreError) {
        let code = sqlite3_exec(handle, statements, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code, in: statements) }
    }

    /// Makes the file keep a write-ahead log, which readers need not wait for.
    ///
    /// Where two that create the file do so at once, SQLite tells one of them that it is busy without waiting, since each could
    /// wait for the other.
    func useWriteAheadLog() throws(StoreError) {
        let pause: Int32 = 10
        let statement = "PRAGMA journal_mode = WAL"
        for _ in 0..<(Self.busyTimeout / pause) {
            let code = sqlite3_exec(handle, statement, nil, nil, nil)
            guard code != SQLITE_OK else { return }
            guard code & 0xff == SQLITE_BUSY else { throw failure(code, in: statement) }
            sqlite3_sleep(pause)
        }
        throw failure(SQLITE_BUSY, in: statement)
    }

    func prepare(_ text: String) throws(StoreError) -> Statement {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw failure(code, in: text) }
        return Statement(prepared, text: text, database: self)
    }

    /// Runs a statement that gives one integer.
    func integer(_ text: String) throws(StoreError) -> Int {
        let statement = try prepare(text)
        return try statement.next() ? statement.integer() : 0
    }

    /// Runs the body in one transaction that holds the write lock from its start, so that it cannot fail half-way
    /// because another process writes; an error undoes all of it.
    func transaction<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // Where the rollback fails too, SQLite has rolled back already; the first error is the one to tell.
            _ = sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
            throw error
        }
    }

    /// The file's absolute path, links followed, as SQLite itself names what lies beside the file.
    var resolvedPath: String { sqlite3_db_filename(handle, "main").map { String(cString: $0) } ?? path }

    /// The number of rows that the last statement changed.
    var changes: Int { Int(sqlite3_changes64(handle)) }
}
