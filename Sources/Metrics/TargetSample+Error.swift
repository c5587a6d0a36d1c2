import Statistics
import Timeline

extension TargetSample {
    /// A figure that the instrument could have changed by more than this share is called limited.
    private static let tolerance = 0.02

    /// What the tables print of one target and of several, which alone can mislead.
    private static let printedOfOne: [(String, [Statistic])] = ["ttft", "tpot", "itl", "e2e"].map {
        ($0, [.p50, .p90, .p95, .p99])
    }
    private static let printedOfSeveral: [(String, [Statistic])] = [
        ("ttft", [.p50, .p95]), ("tpot", [.p50]), ("e2e", [.p50]),
    ]

    /// The instrument's own error, and the figures among `metrics` that it could have changed too much.
    func measurementError(metrics: [MetricSummary]) -> MeasurementError {
        let reads = measured.reduce(0) { $0 + ($1.record.hasEveryEvent ? $1.reads.count : 0) }
        let events = measured.reduce(0) { $0 + ($1.record.hasEveryEvent ? $1.landmarks.contentCount : 0) }
        let queueDelay = spread(measured.compactMap(\.queueDelay))
        return MeasurementError(
            lag: spread(measured.flatMap { $0.landmarks.lags.map(\.milliseconds) }),
            lateBound: spread(measured.flatMap { $0.landmarks.lateBounds.map(\.milliseconds) }),
            queueDelay: queueDelay,
            eventsPerRead: reads == 0 ? nil : Double(events) / Double(reads),
            limitedFigures: limitedFigures(metrics: metrics, queueDelay: queueDelay))
    }

    func spread(_ values: [Double]) -> MeasurementError.Spread? {
        let sample = SortedSample(values)
        guard let p50 = sample.quantile(0.5), let p99 = sample.quantile(0.99), let max = sample.values.last else {
            return nil
        }
        return MeasurementError.Spread(p50: p50, p99: p99, max: max)
    }

    /// The printed percentiles of the main metrics that would be off by more than 2 % had arrivals been stamped as late
    /// as they may have been, of those that the sample supports, since the others are not printed; and `dispatch`, where an open loop's requests started late.
    private func limitedFigures(metrics: [MetricSummary], queueDelay: MeasurementError.Spread?) -> [String] {
        var limited: [String] = []
        let summaries = Dictionary(uniqueKeysWithValues: metrics.map { ($0.metric.name, $0) })
        for (name, statistics) in run.targets.count > 1 ? Self.printedOfSeveral : Self.printedOfOne {
            for statistic in statistics {
                guard let estimate = summaries[name]?[statistic], let value = estimate.value,
                    let range = estimate.measurementRange, estimate.interval != nil
                else { continue }
                let allowed = Self.tolerance * value
                if value - range.lowerBound > allowed || range.upperBound - value > allowed {
                    limited.append("\(name).\(statistic.rawValue)")
                }
            }
        }
        if case .open = run.load, let queueDelay {
            let firstToken = summaries["ttft"]?[.p50]?.value ?? 0
            if queueDelay.p99 > max(1, Self.tolerance * firstToken) { limited.append("dispatch") }
        }
        return limited
    }
}
