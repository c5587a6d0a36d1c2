import Statistics
import Timeline

/// What has become of one target's measured attempts.
struct LiveTargetTally: Sendable {
    var warmupEnded = 0
    /// Measured requests, however often they were tried.
    private(set) var requests = 0
    private var cost = CostTally()
    private var outputTokens = 0
    private var ended = 0
    private var complete = 0
    private var good = 0
    private var stalls = 0
    private var errors: [String: LiveError] = [:]
    private var tokenSources: [String: Int] = [:]
    private var firstTokens = LiveCourseTally()
    private var gaps = LiveCourseTally()
    private var speeds = LiveCourseTally()
    private var recent = RecentSeconds()

    /// Counts what was paid for, the warm-up as well.
    mutating func pay(_ record: StreamRecord, price: TokenPrice?) {
        outputTokens += record.usage?.output ?? record.counted?.output ?? record.events.count(where: \.kind.isContent)
        if let price { cost.add(record.cost(by: price)) }
    }

    mutating func add(_ stream: StreamMetrics, second: Int) {
        ended += 1
        if stream.record.attempt == 1 { requests += 1 }
        let isGood = stream.meetsObjectives == true
        if isGood { good += 1 }
        guard stream.isComplete else {
            // What was ended on purpose is no error of anybody's.
            if stream.record.cancellation == nil { addError(stream.record.outcome) }
            return
        }
        complete += 1
        stalls += stream.stallCount ?? 0
        if let source = stream.tokens.source { tokenSources[source.rawValue, default: 0] += 1 }
        firstTokens.add(stream.timeToFirstToken, second: second)
        gaps.add(
            GapValues.values(of: stream, metric: "itl") { $0.length }, mean: stream.timePerOutputToken, second: second)
        speeds.add(stream.outputSpeed, second: second)
        recent.add(
            RecentSeconds.Amount(requests: 1, good: isGood ? 1 : 0, tokens: stream.tokens.total ?? 0), at: second)
    }

    private mutating func addError(_ outcome: StreamOutcome) {
        let name = ([outcome.outcomeClass.rawValue] + [outcome.detail].compactMap(\.self)).joined(separator: " ")
        errors[name, default: LiveError(name: name, count: 0)].count += 1
        if let message = outcome.message { errors[name]?.example = message }
    }

    func figures(of target: TargetRun, second: Int, firstSecond: Int?, hasObjectives: Bool) -> LiveFigures.Target {
        let rates = firstSecond.flatMap { recent.rates(before: second, from: $0) }
        return LiveFigures.Target(
            name: target.name, model: target.model, ended: ended, complete: complete, warmupEnded: warmupEnded,
            timeToFirstToken: firstTokens.course(at: second), gap: gaps.course(at: second),
            speed: speeds.course(at: second), good: hasObjectives ? good : nil,
            requestsPerSecond: rates?.requests, goodRequestsPerSecond: hasObjectives ? rates?.good : nil,
            tokensPerSecond: rates?.tokens, stalls: stalls,
            tokenSources: tokenSources.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key),
            errors: LiveError.sums(Array(errors.values)), tokens: outputTokens,
            cost: target.price == nil ? nil : cost.total)
    }
}

/// One metric over the complete streams so far.
struct LiveCourseTally: Sendable {
    private var sample = RoundedSample()
    /// The streams behind the sample, which may have many values each.
    private var streams = 0
    private var latest: Double?
    private var means = RecentMeans()

    mutating func add(_ value: Double?, second: Int) {
        guard let value else { return }
        add([WeightedValue(value: value, weight: 1)], mean: value, second: second)
    }

    mutating func add(_ values: [WeightedValue], mean: Double?, second: Int) {
        guard let mean, !values.isEmpty else { return }
        for value in values { sample.add(value.value, weight: value.weight) }
        streams += 1
        latest = mean
        means.add(mean, at: second)
    }

    func course(at second: Int) -> LiveFigures.Course {
        LiveFigures.Course(
            latest: latest, p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99),
            seconds: means.values(until: second))
    }

    /// Nil where the streams are too few to bound the quantile, as in reports.
    private func quantile(_ probability: Double) -> Double? {
        streams < OrderStatisticRanks.countNeeded(quantile: probability) ? nil : sample.quantile(probability)
    }
}
