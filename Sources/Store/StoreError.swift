/// Why the store could not do what was asked.
package enum StoreError: Error, Equatable, CustomStringConvertible {
    case fileNotFound(path: String)
    case folderNotFound(path: String, folder: String)
    /// The file is no database, or a database of another program.
    case notADatabase(path: String, reason: String)
    /// The file was written by a newer version of the tool.
    case newerSchema(path: String, found: Int, known: Int)
    /// A stored value that this version cannot read.
    case unreadable(path: String, place: String, reason: String)
    case failed(path: String, statement: String, message: String)
    /// No run answers to the name; the candidates are the newest runs.
    case noSuchRun(name: String, path: String, candidates: [String])
    case ambiguousRun(name: String, path: String, candidates: [String])
    case invalidTag(String)
    /// A run that a living process still writes.
    case runGoesOn(id: String, path: String)
    /// The run was deleted by another process while this one wrote it.
    case runGone(id: String, path: String)
    /// The file, or what has to lie beside it, cannot be written.
    case notWritable(path: String, reason: String)
    /// The file could be read where it can be written too.
    case unreadableHere(path: String, reason: String)
    /// The disk is full, or the file may not grow.
    case noRoom(path: String, reason: String)

    package var description: String {
        switch self {
        case .fileNotFound(let path):
            "\(path): no such file; give the database with --db FILE, or measure first with 'ttft run SCENARIO'"
        case .folderNotFound(let path, let folder):
            "\(path): there is no folder \(folder); make it, or give another file with --db FILE"
        case .notADatabase(let path, let reason):
            "\(path): not a ttft database (\(reason)); give another file with --db FILE"
        case .newerSchema(let path, let found, let known):
            "\(path): schema version \(found), but this ttft knows versions up to \(known); use a newer ttft"
        case .unreadable(let path, let place, let reason): "\(path): \(place): \(reason)"
        case .failed(let path, let statement, let message): "\(path): \(message) (in: \(statement))"
        case .noSuchRun(let name, let path, let candidates):
            candidates.isEmpty
                ? "no run '\(name)': \(path) holds no runs"
                : "no run '\(name)' in \(path); allowed are latest, latest~1, a tag, an id or its unique beginning. "
                    + "The newest runs:" + Self.list(candidates)
        case .ambiguousRun(let name, let path, let candidates):
            "'\(name)' names \(candidates.count) runs in \(path); give the id of one of:" + Self.list(candidates)
        case .invalidTag(let tag):
            "tag '\(tag)' is not allowed: a tag has 1 to 64 letters, digits, '.', '_' or '-', and is not 'latest'"
        case .runGoesOn(let id, let path):
            "\(path): run \(id) is being measured by another process at this moment; wait for its end, or end it "
                + "with Ctrl-C, and then delete the run"
        case .runGone(let id, let path):
            "\(path): run \(id) was deleted by another process while it went on, with all that was stored; measure again"
        case .unreadableHere(let path, let reason):
            "\(path): cannot be read in a place that cannot be written (\(reason)); copy it, with \(path)-wal where that "
                + "is there, to a folder where you may write, and read the copy with --db FILE"
        case .noRoom(let path, let reason):
            "\(path): no room to write (\(reason)); make room on the disk, or give a file on another with --db FILE"
        case .notWritable(let path, let reason):
            "\(path): cannot be written (\(reason)); give a file in a folder where you may write with --db FILE"
        }
    }

    private static func list(_ candidates: [String]) -> String { candidates.map { "\n  " + $0 }.joined() }
}
