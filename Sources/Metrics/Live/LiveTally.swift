import Statistics
package import Timeline

/// Sums up a run's records as they come, in memory that does not grow with their number.
package struct LiveTally: Sendable {
    private let run: RunDescription
    private var targets: [LiveTargetTally]
    private var instrument = LiveInstrumentTally()

    package init(run: RunDescription) {
        self.run = run
        targets = run.targets.map { _ in LiveTargetTally() }
    }

    package mutating func add(_ record: StreamRecord) {
        guard let index = run.targets.firstIndex(where: { $0.name == record.target }) else { return }
        targets[index].pay(record, price: run.targets[index].price)
        guard record.phase == .measured else { return targets[index].warmupEnded += 1 }
        let stream = StreamMetrics(record, objectives: run.objectives, keepsEvents: false)
        instrument.add(stream)
        targets[index].add(stream, second: second(of: record.closed ?? record.planned))
    }

    /// The run's second in which an instant lies, from 0.
    private func second(of instant: Instant) -> Int { Int((instant - run.started).count / 1_000_000_000) }

    /// The figures so far.
    package func figures(at now: Instant, dispatch: DispatchState) -> LiveFigures {
        let second = second(of: now)
        let each = zip(zip(run.targets, targets), dispatch.measuredStarts).map { pair, start in
            pair.1.figures(
                of: pair.0, second: second, firstSecond: start.map { self.second(of: $0) + 1 },
                hasObjectives: !run.objectives.isEmpty)
        }
        return LiveFigures(
            targets: each, started: dispatch.started, inFlight: dispatch.inFlight, elapsed: now - run.started,
            share: share(at: now, measuredStarts: dispatch.measuredStarts), plannedLength: plannedLength,
            isMeasuring: dispatch.measuredStarts.contains { $0 != nil },
            lag: instrument.lags.quantile(0.99), lateBound: instrument.lateBounds.quantile(0.99),
            queueDelay: instrument.queueDelays.quantile(0.99), lateStarts: instrument.lateStarts)
    }

    /// Targets that are measured one after the other take their time one after the other.
    private var plannedLength: Nanoseconds? {
        guard case .duration(let length) = run.amount else { return nil }
        return Nanoseconds(length.count * Int64(run.isInterleaved ? 1 : run.targets.count))
    }

    private func share(at now: Instant, measuredStarts: [Instant?]) -> Double {
        let shares: [Double] = zip(targets, measuredStarts).map { target, start in
            switch run.amount {
            case .requests(let number): return Double(target.requests) / Double(max(1, number))
            case .duration(let length):
                guard let start, length > .zero else { return 0 }
                return (now - start).seconds / length.seconds
            }
        }
        guard !shares.isEmpty else { return 0 }
        return shares.reduce(0) { $0 + min(1, max(0, $1)) } / Double(shares.count)
    }
}

/// The instrument's own error over all targets, in milliseconds.
struct LiveInstrumentTally: Sendable {
    /// A start that is later than this is late.
    private static let lateStart = 1.0

    private(set) var lags = RoundedSample()
    private(set) var lateBounds = RoundedSample()
    private(set) var queueDelays = RoundedSample()
    private(set) var lateStarts = 0

    mutating func add(_ stream: StreamMetrics) {
        for lag in stream.landmarks.lags { lags.add(Nanoseconds(Int64(lag)).milliseconds) }
        for bound in stream.landmarks.lateBounds { lateBounds.add(Nanoseconds(Int64(bound)).milliseconds) }
        guard let delay = stream.queueDelay else { return }
        queueDelays.add(delay)
        if delay > Self.lateStart { lateStarts += 1 }
    }
}
