package import Timeline

extension RunSummary {
    /// Sums up a run from its attempts, per target; warm-up is counted and never enters a figure.
    package init(run: RunDescription, records: [StreamRecord]) {
        var samples = RunSamples(run: run)
        for record in records { samples.add(record) }
        self = samples.summary
    }
}

extension TargetSummary {
    /// Sums up the attempts of one target.
    package init(_ sample: TargetSample) {
        let metrics = Self.metrics(of: sample)
        let error = sample.measurementError(metrics: metrics)
        let steadiness = sample.steadiness
        let relay = sample.relayEffect
        let lengths = sample.complete.compactMap(\.tokens.total)
        self.init(
            target: sample.target, attempts: sample.measured.count, complete: sample.complete.count,
            warmupAttempts: sample.warmupAttempts, outcomes: Self.outcomes(of: sample.measured), metrics: metrics,
            windowStart: sample.windowStart, windowEnd: sample.windowEnd,
            tokenSources: Self.counts(sample.complete.compactMap(\.tokens.source?.rawValue)),
            tokenBases: Self.counts(sample.complete.compactMap(\.tokens.basis?.rawValue)),
            finishReasons: Self.counts(sample.complete.compactMap(\.record.finishReason)),
            requestedOutputTokens: sample.measured.first?.record.outputLength,
            meanOutputTokens: lengths.isEmpty ? nil : Double(lengths.reduce(0, +)) / Double(lengths.count),
            servedModels: Self.counts(sample.measured.compactMap(\.record.servedModel)), error: error,
            warnings: sample.warnings(error: error, steadiness: steadiness, relay: relay), retries: sample.retries,
            cachedShare: sample.cachedShare,
            parts: sample.parts.map { ServedPart(identity: $0.identity, summary: TargetSummary($0.sample)) },
            hiddenReasoning: sample.complete.count(where: \.tokens.hasHiddenReasoning), keepAlives: sample.keepAlives,
            relay: relay, cost: sample.cost,
            steadiness: steadiness)
        objectives = sample.run.objectives
        estimatedCancellations = sample.cancelled.count(where: \.tokens.areEstimated)
    }

    /// Sums up every metric; where each gap ends with one token, gaps per token are gaps, and are bootstrapped once.
    private static func metrics(of sample: TargetSample) -> [MetricSummary] {
        let isTokenAtATime = sample.complete.allSatisfy { $0.reads.dropFirst().allSatisfy { $0.tokens == 1 } }
        var interTokenLatency: MetricSummary?
        return (MetricCatalogue.all + sample.fieldMetrics).map { metric in
            if metric.name == "icl", isTokenAtATime, let estimates = interTokenLatency?.estimates {
                return MetricSummary(metric: metric, estimates: estimates)
            }
            let summary = sample.summary(of: metric)
            if metric.name == "itl" { interTokenLatency = summary }
            return summary
        }
    }

    private static func counts(_ values: [String]) -> [String: Int] {
        Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +)
    }

    private static func outcomes(of attempts: [StreamMetrics]) -> [OutcomeCount] {
        struct Kind: Hashable {
            var outcome: OutcomeClass
            var detail: String?
        }
        let groups = Dictionary(grouping: attempts.map(\.record.outcome)) {
            Kind(outcome: $0.outcomeClass, detail: $0.detail)
        }
        return groups.map { kind, outcomes in
            OutcomeCount(
                outcome: kind.outcome, detail: kind.detail, count: outcomes.count,
                example: outcomes.lazy.compactMap(\.message).first)
        }.sorted {
            ($1.count, $0.outcome.rawValue, $0.detail ?? "") < ($0.count, $1.outcome.rawValue, $1.detail ?? "")
        }
    }
}
