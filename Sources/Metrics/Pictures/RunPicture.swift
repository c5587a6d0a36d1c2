package import Timeline

/// All that a report draws of one run: its figures, and the values behind its charts.
package struct RunPicture: Sendable {
    package var summary: RunSummary
    /// In the order of the run's targets.
    package var targets: [TargetPicture]
    /// What a server told of itself, in its order; empty where none was asked.
    package var serverSamples: [ServerSample]

    package init(summary: RunSummary, targets: [TargetPicture], serverSamples: [ServerSample] = []) {
        self.summary = summary
        self.targets = targets
        self.serverSamples = serverSamples
    }
}

/// All that a report draws of one target in one run.
package struct TargetPicture: Sendable {
    package var summary: TargetSummary
    /// By the metric's name; metrics without a value are missing.
    package var distributions: [String: Distribution]
    /// All attempts, those of the warm-up too, in the order of the plan.
    package var attempts: [AttemptPoint]
    package var raster: TokenRaster
    package var gaps: GapMap
    /// Streams that are shown on their own.
    package var streams: [StreamPicture]

    package init(
        summary: TargetSummary, distributions: [String: Distribution], attempts: [AttemptPoint], raster: TokenRaster,
        gaps: GapMap, streams: [StreamPicture]
    ) {
        self.summary = summary
        self.distributions = distributions
        self.attempts = attempts
        self.raster = raster
        self.gaps = gaps
        self.streams = streams
    }
}

/// Several runs side by side.
package struct RunsPicture: Sendable {
    package var runs: [RunPicture]
    /// All targets of all runs, in their order, ranked by the figures that people ask for first.
    package var rankings: [Ranking]
    package var curves: [LoadCurve]

    package init(runs: [RunPicture], rankings: [Ranking], curves: [LoadCurve]) {
        self.runs = runs
        self.rankings = rankings
        self.curves = curves
    }

    /// Draws collections of which each has seen its records twice.
    package init(_ collections: [PictureCollection]) {
        let runs = collections.map(\.picture)
        let samples = collections.flatMap(\.targetSamples)
        self.init(
            runs: runs,
            rankings: [("ttft", .p50), ("output_speed", .p50), ("e2e", .p50)].compactMap { name, statistic in
                Ranking(samples, by: name, statistic)
            }, curves: LoadCurve.curves(of: runs.map(\.summary)))
    }
}
