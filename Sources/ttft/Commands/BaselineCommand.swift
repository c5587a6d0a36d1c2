import ArgumentParser
import Exchange
import FoundationEssentials
import Glibc
import Metrics
import Timeline

/// `ttft baseline`: the figures of good runs in a small file that lives in git.
struct BaselineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline", abstract: "Keep the figures of good runs in a file beside the code.",
        subcommands: [Add.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Append a run's line to the file, for the option --history-file of check.",
            discussion: """
                A line holds figures and no text, at most 2 KB. Branches that both append merge with the line \
                `perf/history.json merge=union` in .gitattributes.
                """)

        @Argument(
            help: ArgumentHelp("The file, such as perf/history.json; made where it is missing.", valueName: "file"))
        var file: String

        @Argument(help: ArgumentHelp("An id, a unique prefix of one, a tag, latest or latest~1.", valueName: "run"))
        var name = "latest"

        @OptionGroup var database: DatabaseOption

        func run() throws {
            try Failure.reporting {
                let summary = try StoredRun(name, database: database.resolved).summary()
                let entry = HistoryEntry(summary)
                guard entry.hasOrigin else {
                    throw Complaint(
                        "run \(summary.run.id) was imported: its file names neither scenario nor machine, so that no later "
                            + "run could be held against it", ExitStatus.malformedInput)
                }
                let flaws = Self.flaws(of: summary)
                guard flaws.isEmpty, summary.isGood else {
                    throw Complaint(
                        "run \(summary.run.id) is no example for others: \(flaws.joined(separator: "; "))",
                        ExitStatus.invalidMeasurement)
                }
                let exists = access(file, F_OK) == 0
                let text = exists ? String(decoding: try InputFile.bytes(of: file), as: UTF8.self) : ""
                let known = try HistoryFile(text: text, path: file).entries
                guard !known.contains(where: { $0.runID == entry.runID }) else {
                    throw Complaint("\(file): run \(entry.runID) is in it already", ExitStatus.failure)
                }
                let line = try HistoryFile.line(of: entry)
                try append(text.isEmpty || text.hasSuffix("\n") ? line : "\n" + line)
            }
        }

        /// Why later runs cannot be held against a run.
        private static func flaws(of summary: RunSummary) -> [String] {
            var flaws = RunValidity(summary: summary, allowsClientLimited: false).flaws
            if summary.run.status != .finished {
                flaws.insert("it was cut short (\(summary.run.status.rawValue))", at: 0)
            }
            return flaws
                + summary.targets.compactMap { target in
                    target.unsteadiness.map { "\(Output.harmless(target.target.name)): \($0)" }
                }
        }

        private func append(_ line: String) throws {
            let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
            if !folder.isEmpty {
                do {
                    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                } catch {
                    throw Complaint("\(folder): cannot make this folder: \(error)", ExitStatus.failure)
                }
            }
            let descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND, 0o644)
            guard descriptor >= 0 else {
                throw Complaint("\(file): \(String(cString: strerror(errno)))", ExitStatus.failure)
            }
            defer { close(descriptor) }
            let bytes = Array(line.utf8)
            guard write(descriptor, bytes, bytes.count) == bytes.count else {
                throw Complaint("\(file): \(String(cString: strerror(errno)))", ExitStatus.failure)
            }
        }
    }
}
