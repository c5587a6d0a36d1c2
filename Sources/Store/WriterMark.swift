import Glibc

/// The sign that a run's writer is alive: a lock on an empty file beside the database, one file a run.
///
/// The kernel frees the lock with the process, however that ends, so that a run whose writer was killed has no owner.
/// A file of its own, since closing any descriptor of the database would free the locks that SQLite holds on it.
final class WriterMark {
    private let path: String
    private let descriptor: Int32

    /// Marks the run as being written until `remove`, the end of the object or the end of the process.
    init(database: Database, runID: String) throws(StoreError) {
        path = Self.path(database: database, runID: runID)
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .notWritable(path: database.path, reason: "\(path): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw .notWritable(
                path: database.path, reason: "\(path) cannot be locked: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// Takes the file away, once the run is over.
    func remove() { unlink(path) }

    /// Whether a living process writes the run.
    static func isHeld(database: Database, runID: String) -> Bool {
        let descriptor = open(path(database: database, runID: runID), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    /// Takes away the file that a killed writer left behind.
    static func removeLeftover(database: Database, runID: String) { unlink(path(database: database, runID: runID)) }

    private static func path(database: Database, runID: String) -> String {
        "\(database.resolvedPath)-writes-\(runID)"
    }
}
