import Foundation

/// A database as the plain sqlite3 shell reads it: nothing of the tool's own code can hide a loss.
struct StoredRows {
    let path: String

    struct Failure: Error { var message: String }

    /// The rows of a query, by the names of their columns; NULL is absent.
    func rows(_ query: String) throws -> [[String: Any]] {
        let result = try Tool.run(executable: "/usr/bin/env", ["sqlite3", "-batch", "-json", path, query])
        guard result.status == 0, result.errors.isEmpty else { throw Failure(message: result.errors) }
        guard !result.output.isEmpty else { return [] }
        let rows = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
        return rows.map { $0.filter { !($0.value is NSNull) } }
    }

    /// The first column of a query's rows as text.
    func texts(_ query: String) throws -> [String] {
        let result = try Tool.run(executable: "/usr/bin/env", ["sqlite3", "-batch", path, query])
        guard result.status == 0, result.errors.isEmpty else { throw Failure(message: result.errors) }
        return result.output.split(separator: "\n").map(String.init)
    }
}
