package import Timeline

/// Collects what a report draws of a run, in two passes over its records.
///
/// The first pass finds the streams that are shown on their own, the second takes their events: so no more than one
/// record at a time is held with all that it has.
package struct PictureCollection {
    /// The rows of token rasters of all targets together.
    static let rasterRows = 120
    static let rasterRowsPerTarget = 40
    static let drawnMetrics = ["ttft", "itl", "e2e", "tpot"]

    private let run: RunDescription
    private var samples: RunSamples
    /// What a server told of itself meanwhile, in its order.
    package var serverSamples: [ServerSample] = [] {
        didSet { samples.serverSamples = serverSamples }
    }
    private var warmup: [String: [AttemptPoint]] = [:]
    private var wanted: [String: [AttemptKey: [StreamChoice]]] = [:]
    private var streams: [String: [StreamPicture]] = [:]

    package init(run: RunDescription) {
        self.run = run
        samples = RunSamples(run: run)
    }

    /// Takes a record of the first pass.
    package mutating func add(_ record: StreamRecord) {
        samples.add(record)
        guard record.phase == .warmup else { return }
        warmup[record.target, default: []].append(
            AttemptPoint(StreamMetrics(record, keepsEvents: false), runStart: run.started))
    }

    /// Ends the first pass.
    package mutating func chooseStreams() {
        for target in run.targets {
            let chosen = samples.sample(of: target).chosenStreams
            wanted[target.name] = Dictionary(uniqueKeysWithValues: chosen.map { ($0.key, $0.choices) })
        }
    }

    /// Takes a record of the second pass.
    package mutating func addStream(of record: StreamRecord) {
        guard record.phase == .measured, let choices = wanted[record.target]?[AttemptKey(record)],
            let stream = StreamPicture(record, choices: choices)
        else { return }
        streams[record.target, default: []].append(stream)
    }

    var targetSamples: [TargetSample] { run.targets.map { samples.sample(of: $0) } }

    package var picture: RunPicture {
        let summary = samples.summary
        let rows = min(Self.rasterRowsPerTarget, max(6, Self.rasterRows / max(1, run.targets.count)))
        let targets = zip(summary.targets, targetSamples).map { summary, sample in
            let distributions = Self.drawnMetrics.compactMap { name in
                sample.distribution(of: name).map { (name, $0) }
            }
            let attempts =
                (warmup[sample.target.name] ?? [])
                + sample.measured.map { AttemptPoint($0, runStart: run.started) }
            return TargetPicture(
                summary: summary, distributions: Dictionary(uniqueKeysWithValues: distributions),
                attempts: attempts.sorted { ($0.requestIndex, $0.attempt) < ($1.requestIndex, $1.attempt) },
                raster: TokenRaster(sample, limit: rows), gaps: GapMap(sample),
                streams: (streams[sample.target.name] ?? []).sorted { Self.rank($0) < Self.rank($1) })
        }
        return RunPicture(summary: summary, targets: targets, serverSamples: serverSamples)
    }

    private static func rank(_ stream: StreamPicture) -> Int {
        StreamChoice.allCases.firstIndex { stream.choices.contains($0) } ?? 0
    }
}
