import Statistics
package import Timeline

/// A target's figures by the definitions of another tool, named as that tool names them.
package struct DialectSummary: Sendable, Equatable {
    /// One figure with the values of its statistics, in the order of the dialect; nil where nothing tells.
    package struct Distribution: Sendable, Equatable {
        package var name: String
        package var values: [Double?]
    }

    /// A figure that has one value.
    package struct Total: Sendable, Equatable {
        package var name: String
        package var value: Double?
        /// Whether it is a number of things, which has no decimals.
        package var isCount: Bool
    }

    package let dialect: MetricDialect
    package let target: String
    package let distributions: [Distribution]
    package let totals: [Total]

    package subscript(name: String, label: String) -> Double? {
        guard let index = dialect.statistics.firstIndex(where: { $0.label == label }) else { return nil }
        return distributions.first { $0.name == name }?.values[index]
    }

    package subscript(total name: String) -> Double? { totals.first { $0.name == name }?.value }
}

/// Collects a run's measured records for a dialect, one by one.
package struct DialectCollection {
    private struct Target {
        var attempts: [DialectAttempt] = []
        var failed = 0
        /// The first start and the last end, of the dispatch and of the last content, in nanoseconds.
        var start: Int64?
        var end: Int64?
        var lastContent: Int64?
    }

    private let run: RunDescription
    private let dialect: MetricDialect
    private var targets: [String: Target] = [:]

    package init(run: RunDescription, dialect: MetricDialect) {
        self.run = run
        self.dialect = dialect
    }

    package mutating func add(_ record: StreamRecord) {
        guard record.phase == .measured else { return }
        var target = targets[record.target] ?? Target()
        defer { targets[record.target] = target }
        if let start = record.dispatched ?? record.sent {
            target.start = min(target.start ?? .max, start.nanoseconds)
        }
        if let end = record.terminal ?? record.closed ?? record.events.last?.arrival {
            target.end = max(target.end ?? .min, end.nanoseconds)
        }
        guard let attempt = DialectAttempt(record) else {
            target.failed += 1
            return
        }
        if let last = record.events.last(where: \.kind.isContent)?.arrival.nanoseconds {
            target.lastContent = max(target.lastContent ?? .min, last)
        }
        target.attempts.append(attempt)
    }

    package var summaries: [DialectSummary] {
        run.targets.map { target in
            let sample = targets[target.name] ?? Target()
            let figures = DialectFigures(
                attempts: sample.attempts, failed: sample.failed, seconds: seconds(of: sample, target: target))
            return DialectSummary(
                dialect: dialect, target: target.name, distributions: figures.distributions(dialect),
                totals: figures.totals(dialect))
        }
    }

    /// The length of the measurement as the tool counts it; nil where the run does not tell.
    private func seconds(of sample: Target, target: TargetRun) -> Double? {
        if let source = run.importedFrom {
            // What the tool itself took for it; AIPerf computes it from its requests.
            if let end = target.plannedEnd { return (end - run.started).seconds }
            guard source.tellsStarts else { return nil }
        }
        let end = dialect == .aiperf ? sample.lastContent : sample.end
        guard let start = sample.start, let end, end > start else { return nil }
        return Nanoseconds(end - start).seconds
    }
}
