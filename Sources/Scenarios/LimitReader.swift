import Timeline

/// Reads `slo` and `budgets`: metrics' names and their limits, each in the metric's unit.
struct LimitReader {
    let vocabulary: ScenarioVocabulary

    func objectives(_ cursor: YAMLCursor?) -> [RequestLimit] {
        let names = vocabulary.metrics.filter(\.value.isOnePerRequest).keys.sorted()
        var limits: [RequestLimit] = []
        for (name, value) in cursor?.members("a mapping such as {ttft: 800ms, tpot: 25ms}") ?? [] {
            guard let kind = vocabulary.metrics[name], kind.isOnePerRequest else {
                let reason =
                    vocabulary.metrics[name] == nil
                    ? "unknown metric '\(name)' in slo" : "'\(name)' is not a metric of single requests"
                value.context.report(value.keyPlace, "\(reason); \(EditDistance.advice(for: name, in: names))")
                continue
            }
            if let limit = limit(value, kind) { limits.append(RequestLimit(metric: name, limit: limit)) }
        }
        return limits
    }

    func budgets(_ cursor: YAMLCursor?) -> [Budget] {
        (cursor?.members("a mapping such as {ttft.p95: 800ms, success: 0.99}") ?? []).compactMap { key, value in
            let parts = key.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let report = { (message: String) in value.context.report(value.keyPlace, message) }
            guard let kind = vocabulary.metrics[parts[0]] else {
                let advice = EditDistance.advice(for: parts[0], in: vocabulary.metrics.keys.sorted())
                report("unknown metric '\(parts[0])' in budgets; \(advice)")
                return nil
            }
            let statistic = parts.count == 2 ? parts[1] : nil
            if let statistic, kind.isOnePerRun {
                report("'\(parts[0])' has one value a run and no '\(statistic)'; write \(parts[0])")
                return nil
            }
            if !kind.isOnePerRun {
                let allowed = MetricKind.statistics
                guard let statistic else {
                    report(
                        "'\(key)' needs a statistic, such as \(key).p95; allowed: \(allowed.joined(separator: ", "))")
                    return nil
                }
                guard allowed.contains(statistic) else {
                    report(
                        "unknown statistic '\(statistic)' of \(parts[0]); \(EditDistance.advice(for: statistic, in: allowed))"
                    )
                    return nil
                }
            }
            return limit(value, kind).map { limit in
                Budget(
                    metric: parts[0], statistic: statistic, comparison: kind.isHigherBetter ? .atLeast : .atMost,
                    limit: limit)
            }
        }
    }

    private func limit(_ value: YAMLCursor, _ kind: MetricKind) -> Double? {
        switch kind.unit {
        case .milliseconds: value.duration()?.milliseconds
        case .share: value.number(0...1, "a share from 0 to 1, such as 0.99")
        case .rate: value.number(0...1e12, "a plain number, per second")
        case .count: value.number(0...1e12, "a plain number")
        }
    }
}
