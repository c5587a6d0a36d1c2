package import Timeline

/// A run as another tool's file tells it; what the file lacks is nil or absent in the records.
///
/// Instants count from the run's start, which is instant 0.
package struct ImportedRun: Sendable, Equatable {
    package var format: ImportFormat
    /// What tells several runs of one file apart; nil where there is one.
    package var part: String?
    package var model: String?
    package var api: String?
    package var baseURL: String?
    /// Nanoseconds since 1970; nil where the file does not say.
    package var startedWallClock: Int64?
    /// What the tool itself took for the length of its measurement.
    package var duration: Nanoseconds?
    package var load: LoadShape?
    /// Whether the records have their places in time; otherwise all were sent at instant 0.
    package var tellsStarts: Bool
    package var records: [StreamRecord]

    init(format: ImportFormat, tellsStarts: Bool = false, records: [StreamRecord] = []) {
        self.format = format
        self.tellsStarts = tellsStarts
        self.records = records
    }

    /// The name of the one target of an imported run.
    package var targetName: String { model.flatMap { $0.isEmpty ? nil : $0 } ?? format.rawValue }

    /// Reads a file's runs; the format is recognised by what the file holds where it is nil.
    package static func runs(
        bytes: [UInt8], path: String, format: ImportFormat? = nil
    ) throws(ExchangeError) -> [ImportedRun] {
        let document = try ImportedDocument(bytes: bytes, path: path)
        guard let format = format ?? ImportFormat.recognised(document) else {
            throw document.problem(
                "not a result file that can be read; read are \(ImportFormat.list); --format says which it is")
        }
        let runs =
            switch format {
            case .vllm: [try VLLMResult.run(document)]
            case .aiperf: [try AIPerfExport.run(document)]
            case .guidellm: try GuideLLMReport.runs(document)
            case .llmperf: [try LLMPerfResponses.run(document)]
            }
        guard runs.contains(where: { !$0.records.isEmpty }) else {
            throw document.problem("there is no request in it; expected \(format.file)")
        }
        return runs.filter { !$0.records.isEmpty }
    }
}
