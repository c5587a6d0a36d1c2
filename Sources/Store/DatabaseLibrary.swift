import CSQLite

/// The SQLite that this process runs with.
package enum DatabaseLibrary {
    /// Such as `3.40.1`.
    package static var version: String { String(cString: sqlite3_libversion()) }

    /// The first version that knows the tables of the schema, which are `STRICT`.
    package static let oldestUsable = "3.37.0"

    package static var isUsable: Bool { sqlite3_libversion_number() >= 3_037_000 }
}
