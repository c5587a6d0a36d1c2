import ArgumentParser
import Exchange
import Glibc
import Metrics
import Store
import Timeline

/// Which earlier runs a run is held against.
struct HistoryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Hold the run against so many good earlier ones of the database.", valueName: "count"))
    var history: Int?

    @Option(
        help: ArgumentHelp(
            "Hold the run against those of a file that ttft baseline add has written.", valueName: "file"))
    var historyFile: String?

    @Option(
        help: ArgumentHelp("What may be worse than earlier runs without being a regression.", valueName: "share"),
        transform: PairOptions.share)
    var margin = 0.05

    /// From a file as many count as from a database by default.
    private static let fileLimit = 20

    var isAsked: Bool { history != nil || historyFile != nil }

    func validate() throws {
        if let history, history < HistoryVerdict.runsNeeded {
            throw ValidationError("--history needs at least \(HistoryVerdict.runsNeeded) runs to judge by")
        }
        guard margin > 0, margin < 1 else { throw ValidationError("--margin must be between 0 and 100 %") }
    }

    func verdicts(on summary: RunSummary, database: String) throws -> [HistoryVerdict] {
        guard isAsked else { return [] }
        let entry = HistoryEntry(summary)
        var entries: [HistoryEntry] = []
        // The first run of a project has no file yet: an empty history, and no mistake.
        let isFileMissing = historyFile.map { access($0, F_OK) != 0 && errno == ENOENT } ?? false
        if let historyFile, !isFileMissing {
            let text = String(decoding: try InputFile.bytes(of: historyFile), as: UTF8.self)
            entries = try HistoryFile(text: text, path: historyFile).entries
        }
        if let history { entries += try stored(before: summary.run, count: history, database: database) }
        var verdicts = HistoryVerdict.verdicts(
            on: entry, history: entries, limit: history ?? Self.fileLimit, margin: margin)
        if let reason = unknown(entry, summary.run) ?? missing(isFileMissing && entries.isEmpty) {
            for index in verdicts.indices { verdicts[index].reason = reason }
        }
        return summary.withheld(verdicts)
    }

    private func unknown(_ entry: HistoryEntry, _ run: RunDescription) -> String? {
        guard !entry.hasOrigin else { return nil }
        return "nothing to compare with: the files of \(run.importedFrom?.tool ?? "other tools") name neither scenario "
            + "nor machine"
    }

    private func missing(_ isMissing: Bool) -> String? {
        guard isMissing, let historyFile else { return nil }
        return "no history yet: ttft baseline add \(historyFile) RUN keeps a good run's figures"
    }

    /// The latest good runs before one, of the same scenario on the same kind of machine.
    private func stored(before run: RunDescription, count: Int, database: String) throws -> [HistoryEntry] {
        var entries: [HistoryEntry] = []
        for overview in try RunReader(path: database).runs() where entries.count < count {
            let other = overview.run
            guard other.id != run.id, !run.scenarioHash.isEmpty, other.scenarioHash == run.scenarioHash,
                other.status == .finished,
                other.startedWallClock <= run.startedWallClock, other.host.hostClass == run.host.hostClass
            else { continue }
            let summary = try StoredRun(other.id, database: database).summary()
            if summary.isGood { entries.append(HistoryEntry(summary)) }
        }
        return entries
    }
}
