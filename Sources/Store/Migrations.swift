/// One step of the schema's history; once released, its SQL never changes.
struct Migration {
    var name: String
    var statements: String
}

/// Brings a file to the schema that this version reads and writes; there is no way back.
///
/// `user_version` counts the applied migrations, and `application_id` says that the file is ours.
struct Migrations {
    var list: [Migration]

    static let all = Migrations(list: [
        Migration(name: "runs, targets and requests", statements: Schema.initial),
        Migration(name: "how stored bodies came", statements: Schema.bodyCapture),
        Migration(name: "retries, limits and routers", statements: Schema.retries),
        Migration(name: "comparisons in pairs", statements: Schema.pairs),
        Migration(name: "measuring threads", statements: Schema.threads),
        Migration(name: "cancellations", statements: Schema.cancellations),
        Migration(name: "whole answers and their parts", statements: Schema.answers),
        Migration(name: "runs of other tools", statements: Schema.imports),
        Migration(name: "comparisons in blocks", statements: Schema.blocks),
        Migration(name: "relays and what servers tell", statements: Schema.relays),
        Migration(name: "streams that went on, and what tokens cost", statements: Schema.breaks),
    ])

    /// "ttft" in ASCII.
    static let applicationID = 0x7474_6674

    /// Refuses what is not ours or too new, before anything is changed; then applies what is missing.
    func apply(to database: Database, access: Database.Access) throws(StoreError) {
        let isOurs = try database.integer("PRAGMA application_id") == Self.applicationID
        if !isOurs { try refuseForeign(database, access: access) }
        try refuseNewer(database)
        guard database.isWritable else { return try refuseOlder(database) }
        try database.useWriteAheadLog()
        try database.execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON")
        guard try database.integer("PRAGMA user_version") < list.count else { return }
        try database.transaction { () throws(StoreError) in
            // Another process may have come first while this one waited for the lock.
            try refuseNewer(database)
            let applied = try database.integer("PRAGMA user_version")
            for migration in list.dropFirst(applied) { try database.execute(migration.statements) }
            try database.execute("PRAGMA application_id = \(Self.applicationID)")
            try database.execute("PRAGMA user_version = \(list.count)")
        }
    }

    private func refuseForeign(_ database: Database, access: Database.Access) throws(StoreError) {
        guard try database.integer("SELECT count(*) FROM sqlite_schema") == 0 else {
            // Between the two readings another process may have created our schema.
            if try database.integer("PRAGMA application_id") == Self.applicationID { return }
            throw .notADatabase(path: database.path, reason: "an SQLite database of another program")
        }
        if access != .create { throw .notADatabase(path: database.path, reason: "the file is empty") }
    }

    private func refuseOlder(_ database: Database) throws(StoreError) {
        guard try database.integer("PRAGMA user_version") < list.count else { return }
        throw .unreadableHere(
            path: database.path, reason: "an older ttft wrote it, and it cannot be brought up to date")
    }

    private func refuseNewer(_ database: Database) throws(StoreError) {
        let found = try database.integer("PRAGMA user_version")
        guard found <= list.count else {
            throw .newerSchema(path: database.path, found: found, known: list.count)
        }
    }
}
