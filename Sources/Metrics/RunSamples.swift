package import Timeline

/// Collects a run's records one by one, so that no more than one at a time is held with its events.
package struct RunSamples {
    private let run: RunDescription
    private var measured: [String: [StreamMetrics]] = [:]
    private var warmupAttempts: [String: Int] = [:]

    package init(run: RunDescription) { self.run = run }

    package mutating func add(_ record: StreamRecord) {
        guard record.phase == .measured else { return warmupAttempts[record.target, default: 0] += 1 }
        measured[record.target, default: []].append(
            StreamMetrics(record, objectives: run.objectives, keepsEvents: false))
    }

    /// The attempts of one target, ready to be summed up.
    package func sample(of target: TargetRun) -> TargetSample {
        TargetSample(
            run: run, target: target, measured: measured[target.name] ?? [],
            warmupAttempts: warmupAttempts[target.name] ?? 0)
    }

    /// Sums up what was collected, per target; warm-up is counted and never enters a figure.
    package var summary: RunSummary {
        RunSummary(run: run, targets: run.targets.map { TargetSummary(sample(of: $0)) })
    }
}
