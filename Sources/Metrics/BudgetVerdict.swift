package import Timeline

/// Whether a run kept a budget.
package struct BudgetVerdict: Sendable, Equatable {
    package enum Outcome: String, Sendable {
        case met
        /// The limit is not kept, or there is no value to judge it by.
        case broken
        /// So many requests do not decide, or the instrument's own error does not allow it.
        case undecided
    }

    package var target: String
    package var budget: Budget
    /// Of the whole 95 % interval; by the value itself where the figure has none whatever the number of requests.
    package var outcome: Outcome
    /// The figure that was judged; nil where there is none.
    package var estimate: Estimate?
    /// Whether the whole 95 % interval lies on the verdict's side of the limit, and all that the instrument leaves open.
    package var isCertain: Bool
    /// Whether the instrument's own error alone could turn the verdict.
    package var isWithinMeasurementError: Bool
    /// Why there is nothing to judge by, and what to do; nil where there is.
    package var reason: String?

    /// Judges a target's figures by a budget; the limit is in the metric's own unit.
    package init(_ budget: Budget, of summary: TargetSummary) {
        self.budget = budget
        target = summary.target.name
        switch Self.estimate(for: budget, in: summary) {
        case .failure(let missing):
            outcome = .broken
            isCertain = false
            isWithinMeasurementError = false
            reason = missing.reason
        case .success(let found):
            let value = found.value
            let isMet = Self.isMet(value, budget)
            estimate = found.estimate
            let agrees = { (range: ClosedRange<Double>) in
                Self.isMet(range.lowerBound, budget) == isMet && Self.isMet(range.upperBound, budget) == isMet
            }
            isWithinMeasurementError = !(found.estimate.measurementRange.map(agrees) ?? true)
            let isFarBeyond = !isMet && Self.isBrokenLower(budget, in: summary)
            isCertain = !isWithinMeasurementError && (found.estimate.interval.map(agrees) ?? isFarBeyond)
            let hasNone = found.estimate.interval == nil && found.estimate.countNeeded == nil
            let isSteady = summary.unsteadiness == nil || budget.metric == "success"
            let isDecided = isSteady && (isCertain || (hasNone && !isWithinMeasurementError))
            let estimation = summary.estimation(of: budget.metric)
            reason = estimation ?? (isSteady ? nil : summary.unsteadiness)
            outcome = isDecided && estimation == nil ? (isMet ? .met : .broken) : .undecided
        }
    }

    /// About how many requests would decide, were the figure where it is now; nil where it lies so near the limit that
    /// no number would, and where nothing tells.
    ///
    /// Of a share by Wilson's interval, which leaves the limit out beyond `z^2 L (1 - L) / (p - L)^2` trials; else by the
    /// root of the number, with which intervals become narrow.
    package var requestsNeeded: Int? {
        guard let estimate, let value = estimate.value, let interval = estimate.interval, estimate.count > 0 else {
            return nil
        }
        let distance = abs(value - budget.limit)
        guard distance > 0 else { return nil }
        let needed: Double
        if estimate.method == "wilson" {
            // The bound at a share of all is exact: no interval of faultless requests ends below it.
            guard 0..<1 ~= budget.limit else { return nil }
            needed = 1.959_964 * 1.959_964 * budget.limit * (1 - budget.limit) / (distance * distance) + 1
        } else {
            let reach = budget.limit > value ? interval.upperBound - value : value - interval.lowerBound
            needed = Double(estimate.count) * (reach / distance) * (reach / distance)
        }
        // Of two digits, as more would be made up.
        guard needed < 1_000_000 else { return nil }
        let count = max(Int(needed.rounded(.up)), estimate.count + 1)
        let step = count < 100 ? 1 : count < 1_000 ? 10 : count < 10_000 ? 100 : count < 100_000 ? 1_000 : 10_000
        return (count + step - 1) / step * step
    }

    private struct MissingValue: Error {
        var reason: String
    }

    /// Whether a lower percentile, which the sample does bound, is beyond the limit for sure: then so are those above it.
    private static func isBrokenLower(_ budget: Budget, in summary: TargetSummary) -> Bool {
        guard budget.comparison == .atMost,
            let probability = budget.statistic.flatMap(Statistic.init(rawValue:))?.probability
        else { return false }
        return summary[metric: budget.metric]?.estimates.contains { estimate in
            guard let lower = estimate.statistic.probability, lower < probability else { return false }
            return estimate.interval.map { $0.lowerBound > budget.limit } ?? false
        } ?? false
    }

    private static func isMet(_ value: Double, _ budget: Budget) -> Bool {
        switch budget.comparison {
        case .atMost: value <= budget.limit
        case .atLeast: value >= budget.limit
        }
    }

    private static func estimate(
        for budget: Budget, in summary: TargetSummary
    ) -> Result<(estimate: Estimate, value: Double), MissingValue> {
        guard let metric = summary[metric: budget.metric] else {
            let isKnown = MetricCatalogue.named(budget.metric) != nil
            return .failure(
                MissingValue(
                    reason: isKnown ? reason(for: budget, in: summary) : "there is no metric named \(budget.metric)"))
        }
        let statistics = metric.estimates.map(\.statistic.rawValue)
        if metric.metric.isOnePerRun, budget.statistic != nil {
            return .failure(
                MissingValue(reason: "\(budget.metric) has one value a run: write \(budget.metric) without a statistic")
            )
        }
        guard let estimate = metric.estimates.first(where: { $0.statistic.rawValue == budget.statistic ?? "value" })
        else {
            let choices = statistics.map { "\(budget.metric).\($0)" }.joined(separator: ", ")
            return .failure(MissingValue(reason: "\(budget.key) is not a figure: write one of \(choices)"))
        }
        guard let value = estimate.value else {
            return .failure(MissingValue(reason: reason(for: budget, in: summary)))
        }
        return .success((estimate, value))
    }

    private static func reason(for budget: Budget, in summary: TargetSummary) -> String {
        if summary.attempts == 0 { return "no request was measured" }
        if budget.metric.hasPrefix("goodput") { return "goodput needs limits on requests: set slo:" }
        let isOfCancelled = MetricCatalogue.ofCancelled.contains(budget.metric)
        if isOfCancelled, let need = MetricCatalogue.need(of: budget.metric) {
            return "no request that was cancelled on purpose has a value of \(budget.metric); it needs \(need)"
        }
        if summary.complete == 0 { return "none of the \(summary.attempts) measured attempts is complete" }
        let need = MetricCatalogue.need(of: budget.metric).map { "; it needs \($0)" } ?? ""
        return "no complete stream has a value of \(budget.metric)\(need)"
    }
}

extension RunSummary {
    /// Judges budgets for every target that they concern; one that concerns none is broken for all of them.
    package func verdicts(on budgets: [Budget]) -> [BudgetVerdict] {
        targets.flatMap { target in
            budgets.filter { budget in
                let concerned = run.targets.filter { MetricCatalogue.concerns(budget.metric, $0, of: run) }
                return concerned.isEmpty || concerned.contains { $0.name == target.target.name }
            }.map { BudgetVerdict($0, of: target) }
        }
    }
}
