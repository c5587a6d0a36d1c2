import Statistics
import Timeline

extension TargetSample {
    /// A figure that the instrument could have changed by more than this share is called limited.
    private static let tolerance = 0.02

    /// What the tables print of one target and of several, which alone can mislead.
    private static let printedOfOne: [(String, [Statistic])] = ["ttft", "tpot", "itl", "e2e"].map {
        ($0, [.p50, .p90, .p95, .p99, .max])
    }
    private static let printedOfSeveral: [(String, [Statistic])] = [
        ("ttft", [.p50, .p95]), ("tpot", [.p50]), ("e2e", [.p50]),
    ]

    /// The instrument's own error, and the figures among `metrics` that it could have changed too much.
    func measurementError(metrics: [MetricSummary]) -> MeasurementError {
        guard tellsBounds else {
            return MeasurementError(lag: nil, lateBound: nil, queueDelay: nil, eventsPerRead: nil, limitedFigures: [])
        }
        let reads = measured.reduce(0) { $0 + ($1.record.hasEveryEvent ? $1.reads.count : 0) }
        let events = measured.reduce(0) { $0 + ($1.record.hasEveryEvent ? $1.landmarks.contentCount : 0) }
        let queueDelay = spread(measured.compactMap(\.queueDelay))
        let limited = limitedFigures(metrics: metrics)
        let shown = shownFigures
        let budgeted = Set(run.budgets.map(\.key))
        let judged = limited.filter { figure in
            budgeted.contains(figure.key) || (figure.isPrinted && shown.contains(figure.key))
        }
        let further = limited.filter { $0.isPrinted && !judged.contains($0) }
        let spreads = arrivalSpreads
        return MeasurementError(
            lag: spreads.first, lateBound: spreads.second,
            queueDelay: queueDelay,
            eventsPerRead: reads == 0 ? nil : Double(events) / Double(reads),
            limitedFigures: judged.map(\.key) + (isDispatchLimited(metrics, queueDelay) ? ["dispatch"] : []),
            limitedBudgets: judged.map(\.key).filter(budgeted.contains), furtherLimitedFigures: further.map(\.key))
    }

    /// How long arrivals waited to be read, and how late they can be, computed beside each other.
    private var arrivalSpreads: Halves<MeasurementError.Spread?> {
        Halves.compute { half in
            var values: [Double] = []
            // One more for the terminal event.
            values.reserveCapacity(measured.reduce(0) { $0 + $1.landmarks.contentCount + 1 })
            for stream in measured { values += half == 0 ? stream.lags : stream.lateBounds }
            return spread(values)
        }
    }

    func spread(_ values: [Double]) -> MeasurementError.Spread? {
        let sample = UnsortedSample(values)
        guard let max = sample.greatest else { return nil }
        let quantiles = sample.quantiles([0.5, 0.99])
        return MeasurementError.Spread(p50: quantiles[0], p99: quantiles[1], max: max)
    }

    /// A figure that the instrument could have changed too much.
    private struct LimitedFigure: Equatable {
        var key: String
        /// False for percentiles that the sample does not support: no table prints them.
        var isPrinted: Bool
    }

    /// The figures of the short table, as budgets write them.
    private var shownFigures: Set<String> {
        let shown = run.targets.count > 1 ? Self.printedOfSeveral : Self.printedOfOne
        return Set(shown.flatMap { name, statistics in statistics.map { "\(name).\($0.rawValue)" } })
    }

    /// All figures that would be off by more than 2 % had arrivals been stamped as late as they may have been.
    private func limitedFigures(metrics: [MetricSummary]) -> [LimitedFigure] {
        metrics.flatMap { metric in
            metric.estimates.compactMap { estimate in
                guard let value = estimate.value, let range = estimate.measurementRange else { return nil }
                let allowed = Self.tolerance * abs(value)
                guard value - range.lowerBound > allowed || range.upperBound - value > allowed else { return nil }
                let statistic = estimate.statistic == .value ? "" : ".\(estimate.statistic.rawValue)"
                return LimitedFigure(
                    key: metric.metric.name + statistic,
                    isPrinted: estimate.interval != nil || estimate.countNeeded == nil)
            }
        }
    }

    /// Whether an open loop's requests started late by more than 2 % of the median TTFT, and by more than 1 ms.
    ///
    /// Where the scenario limits connections, they wait for these as a browser's do.
    private func isDispatchLimited(_ metrics: [MetricSummary], _ queueDelay: MeasurementError.Spread?) -> Bool {
        guard case .open = run.load, target.maxConnections == nil, let queueDelay else { return false }
        let firstToken = metrics.first { $0.metric.name == "ttft" }?[.p50]?.value ?? 0
        return queueDelay.p99 > max(1, Self.tolerance * firstToken)
    }
}

extension StreamMetrics {
    /// How long content waited to be read after its arrival, in milliseconds.
    fileprivate var lags: [Double] { landmarks.lags.map(inMilliseconds) }

    /// The bounds of all arrivals that figures are computed from, in milliseconds: of content and of the terminal event.
    fileprivate var lateBounds: [Double] {
        let terminal = landmarks.end.flatMap { $0.kind == .terminal ? $0.lateBound : nil }
        return landmarks.lateBounds.map(inMilliseconds) + [terminal].compactMap { $0?.milliseconds }
    }
}

private func inMilliseconds(_ nanoseconds: Int) -> Double { Nanoseconds(Int64(nanoseconds)).milliseconds }
