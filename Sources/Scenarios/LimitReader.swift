import Timeline

/// Reads `slo` and `budgets`: metrics' names and their limits, each in the metric's unit.
struct LimitReader {
    let vocabulary: ScenarioVocabulary

    func objectives(_ cursor: YAMLCursor?) -> [RequestLimit] {
        if let cursor, case .scalar = cursor.node.content, !cursor.node.isNull, let name = cursor.text() {
            return preset(name, cursor)?.objectives ?? []
        }
        let names = vocabulary.metricNames(where: \.isOnePerRequest)
        var limits: [RequestLimit] = []
        for (name, value) in cursor?.members("a mapping such as {ttft: 800ms, tpot: 25ms}") ?? [] {
            guard let kind = vocabulary.kind(of: name), kind.isOnePerRequest else {
                let reason =
                    vocabulary.kind(of: name) == nil
                    ? "unknown metric '\(name)' in slo" : "'\(name)' is not a metric of single requests"
                value.context.report(value.keyPlace, "\(reason); \(EditDistance.advice(for: name, in: names))")
                continue
            }
            if let limit = limit(value, kind) { limits.append(RequestLimit(metric: name, limit: limit)) }
        }
        return limits
    }

    func budgets(_ cursor: YAMLCursor?) -> [Budget] {
        if let cursor, case .scalar = cursor.node.content, !cursor.node.isNull, let name = cursor.text() {
            return preset(name, cursor)?.budgets ?? []
        }
        let members = cursor?.members("a mapping such as {ttft.p95: 800ms, success: 0.99}") ?? []
        return members.compactMap { key, value in
            let (metric, statistic) = vocabulary.parts(ofBudget: key)
            guard let kind = vocabulary.kind(of: metric) else {
                let advice = EditDistance.advice(for: metric, in: vocabulary.metricNames { _ in true })
                value.context.report(value.keyPlace, "unknown metric '\(metric)' in budgets; \(advice)")
                return nil
            }
            if let refusal = refusal(of: statistic, metric: metric, kind) {
                value.context.report(value.keyPlace, refusal)
                return nil
            }
            let comparison = kind.isHigherBetter ? Budget.Comparison.atLeast : .atMost
            return limit(value, kind).map {
                Budget(metric: metric, statistic: statistic, comparison: comparison, limit: $0)
            }
        }
    }

    private func preset(_ name: String, _ cursor: YAMLCursor) -> LimitPreset? {
        if let preset = LimitPreset.named(name) { return preset }
        let advice = EditDistance.advice(for: name, in: LimitPreset.all.map(\.name))
        cursor.report("must be a mapping such as {ttft: 800ms}, or a preset; found '\(name.prefix(60))'; \(advice)")
        return nil
    }

    /// Why a budget on a metric cannot name this statistic, or none; nil where it can.
    private func refusal(of statistic: String?, metric: String, _ kind: MetricKind) -> String? {
        let allowed = MetricKind.statistics
        switch statistic {
        case nil where kind.isOnePerRun: return nil
        case nil:
            return "'\(metric)' needs a statistic, such as \(metric).p95; allowed: \(allowed.joined(separator: ", "))"
        case let statistic? where kind.isOnePerRun:
            return "'\(metric)' has one value a run and no '\(statistic)'; write \(metric)"
        case let statistic? where !allowed.contains(statistic):
            return "unknown statistic '\(statistic)' of \(metric); \(EditDistance.advice(for: statistic, in: allowed))"
        default: return nil
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
