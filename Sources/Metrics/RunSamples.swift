package import Timeline

/// Collects a run's records one by one, so that no more than one at a time is held with its events.
package struct RunSamples {
    private let run: RunDescription
    /// What a server told of itself meanwhile, in its order.
    package var serverSamples: [ServerSample] = []
    private var measured: [String: [StreamMetrics]] = [:]
    private var warmupAttempts: [String: Int] = [:]
    private var warmupCosts: [String: CostTally] = [:]
    private let prices: [String: TokenPrice]
    private let normalizesTokens: Bool

    /// With `normalizesTokens` figures per token are by the run's tokenizer, whatever the servers counted.
    package init(run: RunDescription, normalizesTokens: Bool = false) {
        self.run = run
        self.normalizesTokens = normalizesTokens
        prices = Dictionary(
            run.targets.compactMap { target in target.price.map { (target.name, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    package mutating func add(_ record: StreamRecord) {
        guard record.phase == .measured else {
            if let price = prices[record.target] {
                warmupCosts[record.target, default: CostTally()].add(record.cost(by: price))
            }
            return warmupAttempts[record.target, default: 0] += 1
        }
        measured[record.target, default: []].append(
            StreamMetrics(
                record, objectives: run.objectives, reader: run.reader, price: prices[record.target],
                normalizesTokens: normalizesTokens, keepsEvents: false))
    }

    /// The attempts of one target, ready to be summed up.
    package func sample(of target: TargetRun) -> TargetSample {
        TargetSample(
            run: run, target: target, measured: measured[target.name] ?? [],
            warmupAttempts: warmupAttempts[target.name] ?? 0, warmupCost: warmupCosts[target.name] ?? CostTally(),
            wholeAnswers: wholeAnswers(beside: target),
            directStreams: directStreams(beside: target))
    }

    /// How long the whole answers took to the prompts that a target streams, by the requests of that target.
    ///
    /// Every target gets the same prompts in the same order, so that requests at the same place belong together.
    private func wholeAnswers(beside target: TargetRun) -> [Int: Double] {
        guard let position = run.targets.firstIndex(where: { $0.name == target.name }),
            let whole = run.targets.firstIndex(where: { $0.wholeOf == target.name })
        else { return [:] }
        let lengths = (measured[run.targets[whole].name] ?? []).filter(\.isComplete).compactMap { answer in
            answer.endToEnd.map { (answer.record.requestIndex - whole + position, $0) }
        }
        return Dictionary(lengths, uniquingKeysWith: { $1 })
    }

    /// The answers of the target that a relay stands before, by the relay's requests with the same prompts.
    private func directStreams(beside target: TargetRun) -> [Int: StreamMetrics] {
        guard let position = run.targets.firstIndex(where: { $0.name == target.name }),
            let direct = run.targets.firstIndex(where: { $0.name == target.relayOf })
        else { return [:] }
        let answers = measured[run.targets[direct].name] ?? []
        guard answers.contains(where: { $0.record.pairIndex != nil }) else {
            return Dictionary(
                answers.map { ($0.record.requestIndex - direct + position, $0) }, uniquingKeysWith: { $1 })
        }
        let byPair = Dictionary(answers.map { ($0.record.pairIndex, $0) }, uniquingKeysWith: { $1 })
        return Dictionary(
            (measured[target.name] ?? []).compactMap { relayed in
                byPair[relayed.record.pairIndex].map { (relayed.record.requestIndex, $0) }
            }, uniquingKeysWith: { $1 })
    }

    /// Sums up what was collected, per target; warm-up is counted and never enters a figure.
    package var summary: RunSummary {
        var summary = RunSummary(run: run, targets: run.targets.map { TargetSummary(sample(of: $0)) })
        summary.server = run.serverMetrics.map {
            ServerActivity(plan: $0, samples: serverSamples, attempts: measured.values.flatMap(\.self))
        }
        return summary
    }
}
