import Exchange
import Glibc
import Store
import Timeline

/// Refuses a file that the database has already: its requests would count twice wherever runs are compared.
struct ImportedTwice {
    let database: String
    /// What the target was to be called; nil means by the file.
    let target: String?

    func check(_ imported: ImportedRun, file: String, after others: [ImportedRun]) throws {
        if others.contains(imported) {
            throw Complaint(
                "\(file): the same requests are given twice; nothing was imported", ExitStatus.malformedInput)
        }
        guard access(database, F_OK) == 0, let known = try stored(imported) else { return }
        throw Complaint(
            "\(file): its requests are in \(database) already, as run \(known); nothing was imported. To have them there "
                + "once more, under another name, give --target NAME", ExitStatus.malformedInput)
    }

    /// The run of the database that came of the same requests, under the same name.
    private func stored(_ imported: ImportedRun) throws -> String? {
        let reader = try RunReader(path: database)
        for overview in try reader.runs() {
            let run = overview.run
            guard run.importedFrom?.tool == imported.format.tool, overview.attempts == imported.records.count,
                run.targets.first?.name == target ?? imported.targetName
            else { continue }
            let records = try reader.records(of: run)
            if records.elementsEqual(imported.records, by: { $0.isMeasuredAs($1) }) { return run.id }
        }
        return nil
    }
}

extension StreamRecord {
    /// Whether two records tell of the same instants and counts.
    fileprivate func isMeasuredAs(_ other: StreamRecord) -> Bool {
        requestIndex == other.requestIndex && sent == other.sent && terminal == other.terminal && usage == other.usage
            && outcome.outcomeClass == other.outcome.outcomeClass
            && events.map(\.arrival) == other.events.map(\.arrival)
    }
}
