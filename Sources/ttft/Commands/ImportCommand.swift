import ArgumentParser
import Exchange
import Glibc
import Report
import Runner
import Store
import Timeline

/// `ttft import`: result files of other tools become runs.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Read the result files of AIPerf, GuideLLM, LLMPerf or vLLM as runs.",
        discussion: """
            Every verb takes the runs that come of it. What a file does not tell is missing in them: GuideLLM and LLMPerf \
            keep no gaps between tokens, LLMPerf no instants, and no tool says how late its stamps are. Read are AIPerf's \
            profile_export.jsonl, GuideLLM's benchmarks.json, LLMPerf's ..._individual_responses.json, and what vllm bench \
            serve --save-result --save-detailed writes. A tool's own figures are printed by --dialect, as in \
            'ttft report latest --dialect vllm'.
            """)

    @Argument(help: ArgumentHelp("Result files.", valueName: "file"))
    var files: [String]

    @Option(
        help: ArgumentHelp("vllm, aiperf, guidellm or llmperf (default: by what the file holds).", valueName: "tool"))
    var format: ImportFormat?

    @Option(help: ArgumentHelp("Call the target this, not by its model.", valueName: "name"))
    var target: String?

    @OptionGroup var database: DatabaseOption

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try Failure.reporting {
            // Nothing is stored before every file was read to its end.
            let runs = try files.flatMap { file in
                try ImportedRun.runs(bytes: try InputFile.bytes(of: file), path: file, format: format).map {
                    (file: file, run: $0)
                }
            }
            let twice = ImportedTwice(database: database.resolved, target: target)
            for (position, entry) in runs.enumerated() {
                try twice.check(entry.run, file: entry.file, after: runs[..<position].map(\.run))
            }
            var rows: [JSONValue] = []
            for (file, imported) in runs {
                let run = describe(imported, file: file)
                try store(imported, as: run)
                let complete = imported.records.count { $0.outcome.isComplete }
                rows.append([
                    "run_id": .string(run.id), "file": .string(file), "tool": .string(imported.format.tool),
                    "requests": .integer(imported.records.count), "complete": .integer(complete),
                ])
                guard !json else { continue }
                Output.result(
                    Output.harmless(
                        "run \(run.id): \(imported.records.count) requests of \(imported.format.tool), \(complete) ok, from "
                            + "\(file)\n  next: ttft report \(run.id) --dialect \(imported.format.rawValue)"
                            + "\(database.argument)") + "\n")
            }
            guard json else { return }
            let value: JSONValue = [
                "schema_version": .integer(JSONReport.schemaVersion), "runs": .array(rows),
            ]
            Output.result(value.indentedText + "\n")
        }
    }

    private func describe(_ imported: ImportedRun, file: String) -> RunDescription {
        let now = MonotonicClock.wallClockLabel()
        var generator = SystemRandomNumberGenerator()
        let start = Instant(nanoseconds: 0)
        let name = (file.split(separator: "/").last.map(String.init) ?? file) + (imported.part.map { "#\($0)" } ?? "")
        let target = TargetRun(
            name: target ?? imported.targetName, api: imported.api ?? imported.format.rawValue,
            model: imported.model ?? "", baseURL: imported.baseURL ?? "",
            plannedEnd: imported.duration.map { start + $0 })
        let amount: LoadAmount = imported.duration.map { .duration($0) } ?? .requests(imported.records.count)
        return RunDescription(
            id: RunIdentifier.make(wallClock: now, using: &generator), scenarioName: name, scenarioText: "",
            scenarioHash: "", seed: 0, toolVersion: TTFT.version, libraryVersions: "",
            host: HostDescription(name: "", system: "", processor: "", cores: 0, bootID: ""), clockSource: .read,
            clockSourceReason: "measured by \(imported.format.tool)", stampFloor: .zero,
            startedWallClock: imported.startedWallClock ?? now, started: start, status: .finished,
            load: imported.load ?? .closed(concurrency: 1), amount: amount, isInterleaved: false,
            targets: [target],
            importedFrom: ImportSource(tool: imported.format.tool, tellsStarts: imported.tellsStarts))
    }

    private func store(_ imported: ImportedRun, as run: RunDescription) throws {
        let writer = try RunWriter(path: database.resolved)
        let records = imported.records.map { record in
            var record = record
            record.target = run.targets[0].name
            return record
        }
        var unfinished = run
        unfinished.status = .unfinished
        try writer.begin(unfinished)
        try writer.append(records)
        let ends = records.compactMap { $0.terminal ?? $0.events.last?.arrival ?? $0.sent }
        try writer.finish(status: .finished, ended: run.targets[0].plannedEnd ?? ends.max() ?? run.started)
    }
}

extension ImportFormat: ExpressibleByArgument {
    public init?(argument: String) { self.init(rawValue: argument.lowercased()) }
}
