import CSQLite

extension Database {
    /// `SQLITE_IOERR_WRITE`, a computed macro, which Swift does not import.
    private static let writeError = SQLITE_IOERR | 3 << 8

    /// The error that a result code of SQLite stands for.
    func failure(_ code: Int32, in statement: String) -> StoreError {
        let message = String(cString: sqlite3_errmsg(handle))
        switch code & 0xff {
        case SQLITE_NOTADB: return .notADatabase(path: path, reason: message)
        case SQLITE_READONLY: return .notWritable(path: path, reason: message)
        case SQLITE_CANTOPEN where !isWritable: return .unreadableHere(path: path, reason: message)
        case SQLITE_CANTOPEN: return .notWritable(path: path, reason: message)
        case SQLITE_FULL: return .noRoom(path: path, reason: message)
        case SQLITE_IOERR where code == Self.writeError: return .noRoom(path: path, reason: message)
        default: return .failed(path: path, statement: Self.gist(of: statement), message: message)
        }
    }

    /// A statement's verb and table, such as `INSERT INTO requests`.
    static func gist(of statement: String) -> String {
        let words = statement.split(whereSeparator: { $0.isWhitespace || $0 == "(" || $0 == ";" }).map(String.init)
        guard let verb = words.first else { return "" }
        switch verb {
        case "SELECT", "DELETE":
            guard let from = words.firstIndex(of: "FROM"), from + 1 < words.count else { return verb }
            return "\(verb) FROM \(words[from + 1])"
        case "INSERT", "CREATE": return words.prefix(3).joined(separator: " ")
        default: return words.prefix(2).joined(separator: " ")
        }
    }
}
