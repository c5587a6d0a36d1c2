import ArgumentParser
import Exchange
import Glibc
import Metrics
import Timeline

/// The targets that a comparison puts side by side, wherever they come from.
struct ComparedColumns {
    let sources: [String]
    let database: String
    var normalizesTokens = false

    struct Column {
        var label: String
        var sample: TargetSample
    }

    func load() throws -> [Column] {
        var columns: [Column] = []
        for source in sources { columns += try samples(of: source).map { Column(label: $0.target.name, sample: $0) } }
        if normalizesTokens { try Self.refuseSeveralTokenizers(columns) }
        return Self.withUniqueLabels(columns)
    }

    /// A token of one tokenizer is not one of another, which is why somebody asks for one.
    private static func refuseSeveralTokenizers(_ columns: [Column]) throws {
        let names = Set(columns.compactMap(\.sample.run.tokenizer)).sorted()
        guard names.count > 1 else { return }
        throw Complaint(
            "the runs were counted by several tokenizers: \(names.joined(separator: ", ")); measure them with one, or "
                + "leave out --normalize-tokens", ExitStatus.malformedInput)
    }

    private func samples(of source: String) throws -> [TargetSample] {
        guard let path = file(of: source) else {
            let stored = try StoredRun(source, database: database)
            let samples = try stored.samples(normalizesTokens: normalizesTokens)
            return stored.run.targets.map { samples.sample(of: $0) }
        }
        guard !isDatabase(path) else {
            throw Complaint(
                "\(path) is a database: name one of its runs, such as \(path)#latest", .validationFailure)
        }
        if normalizesTokens {
            throw Complaint(
                "--normalize-tokens needs the counts of a database; \(path) is an export", ExitStatus.malformedInput)
        }
        return try RequestsCSVReader.targets(path: path).map { imported in
            TargetSample(run: RunDescription(imported), target: imported.target, records: imported.records)
        }
    }

    /// The requests.csv that a source means; nil where it names a run of the database.
    private func file(of source: String) -> String? {
        var status = stat()
        if stat(source, &status) == 0 {
            return status.st_mode & S_IFMT == S_IFDIR ? "\(source)/requests.csv" : source
        }
        if source.contains("#") { return nil }
        return source.contains("/") || source.hasSuffix(".csv") ? source : nil
    }

    /// Whether the file begins as those of SQLite do.
    private func isDatabase(_ path: String) -> Bool {
        guard let file = fopen(path, "r") else { return false }
        defer { fclose(file) }
        let mark = Array("SQLite format 3".utf8)
        var bytes = [UInt8](repeating: 0, count: mark.count)
        return fread(&bytes, 1, mark.count, file) == mark.count && bytes == mark
    }

    /// The same name in two runs gets the run's id behind it; the same run twice gets a number.
    private static func withUniqueLabels(_ columns: [Column]) -> [Column] {
        var counts: [String: Int] = [:]
        for column in columns { counts[column.label, default: 0] += 1 }
        var seen: [String: Int] = [:]
        return columns.map { column in
            var column = column
            if counts[column.label, default: 0] > 1 { column.label += "@\(column.sample.run.id.suffix(4))" }
            seen[column.label, default: 0] += 1
            if let number = seen[column.label], number > 1 { column.label += "#\(number)" }
            return column
        }
    }
}

extension RunDescription {
    /// Describes a run of which an export alone is left: what the files do not tell is empty.
    fileprivate init(_ imported: ImportedTarget) {
        self.init(
            id: imported.runID, scenarioName: imported.scenario, scenarioText: "", scenarioHash: "", seed: 0,
            toolVersion: "", libraryVersions: "",
            host: HostDescription(name: "", system: "", processor: "", cores: 0, bootID: ""), clockSource: .kernel,
            stampFloor: .zero, startedWallClock: 0, started: Instant(nanoseconds: 0), status: .finished,
            load: .closed(concurrency: 1), amount: .requests(imported.records.count), isInterleaved: true,
            targets: [imported.target])
    }
}
