import Statistics
import Timeline

/// Targets in the order of their latency, with what is best beyond doubt and who is beaten by none.
package struct Leaderboard: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package var label: String
        /// The runs behind the estimates, where the run is the unit; nil where requests are.
        package var sessions: Int?
        /// One for each of the board's figures.
        package var estimates: [Estimate]
        /// For each figure, whether it rests on tokens that nobody counted, so that it wins and loses nothing.
        package var isEstimated: [Bool]
        /// For each figure, whether it is better than that of every other entry, and the intervals say so.
        package var isBest: [Bool]
        /// Whether no other entry is at least as good in every figure and, beyond doubt, better in one.
        package var isUnbeaten: Bool
    }

    package struct Figure: Sendable, Equatable {
        package var metric: MetricDefinition
        package var statistic: Statistic
    }

    /// What is ranked: latency at the median, and how many requests were answered.
    package let figures: [Figure]
    /// In the order of the first figure; what has none comes last.
    package let entries: [Entry]

    /// Ranks targets by their requests; a difference is beyond doubt where the bootstrap interval of the ratio leaves out 1.
    package init(_ columns: [(label: String, sample: TargetSample)]) {
        let figures = Self.rankedFigures
        let entries = columns.map { column in
            Entry(
                label: column.label,
                estimates: figures.map { column.sample.summary(of: $0.metric)[$0.statistic] ?? .missing($0.statistic) },
                isEstimated: figures.map { column.sample.estimatesTokens && $0.metric.isPerToken })
        }
        self.init(figures, entries) { first, second, index in
            let figure = figures[index]
            guard figure.metric.name != MetricCatalogue.success.name else { return nil }
            let compared = TargetComparison.figures(
                of: figure.metric, [figure.statistic], baseline: columns[first].sample,
                candidate: columns[second].sample)
            return compared.first?.interval.map { !$0.contains(1) }
        }
    }

    /// Ranks targets by the medians over their runs: the run is the unit, so that what differs from run to run counts.
    package init(sessions: [(label: String, summaries: [TargetSummary])]) {
        let figures = Self.rankedFigures
        let entries = sessions.map { session in
            Entry(
                label: session.label, sessions: session.summaries.count,
                estimates: figures.map { figure in
                    Self.median(of: session.summaries.map { $0[metric: figure.metric.name]?[figure.statistic]?.value })
                },
                isEstimated: figures.map { figure in
                    session.summaries.contains { $0.estimation(of: figure.metric.name) != nil }
                })
        }
        self.init(figures, entries) { _, _, _ in nil }
    }

    /// The figures of a ranking, the one that decides the order first.
    private static var rankedFigures: [Figure] {
        let named: [(String, Statistic)] = [("ttft", .p50), ("tpot", .p50), ("success", .value)]
        return named.compactMap { name, statistic in
            MetricCatalogue.named(name).map { Figure(metric: $0, statistic: statistic) }
        }
    }

    private static func median(of values: [Double?]) -> Estimate {
        let sample = SortedSample(values.compactMap { $0 })
        let interval = sample.quantileInterval(0.5)
        return Estimate(
            statistic: .p50, value: sample.quantile(0.5), interval: interval, method: "order_statistic over runs",
            count: sample.count)
    }

    /// Marks and orders entries; the closure tells whether two entries differ in a figure beyond doubt, and nil leaves
    /// that to whether their intervals are apart.
    private init(
        _ figures: [Figure], _ entries: [Entry], areApart: (_ first: Int, _ second: Int, _ figure: Int) -> Bool?
    ) {
        var entries = entries
        let places = entries.indices
        var surely = [[[Bool]]](
            repeating: [[Bool]](
                repeating: [Bool](repeating: false, count: figures.count), count: entries.count), count: entries.count)
        for first in places {
            for second in places where second > first {
                for index in figures.indices {
                    let order = Self.order(entries[first], entries[second], figures[index].metric, index)
                    guard order != 0, !entries[first].isEstimated[index], !entries[second].isEstimated[index] else {
                        continue
                    }
                    let isSure =
                        areApart(first, second, index)
                        ?? Self.intervalsAreApart(entries[first].estimates[index], entries[second].estimates[index])
                    surely[order < 0 ? first : second][order < 0 ? second : first][index] = isSure
                }
            }
        }
        for place in places {
            let others = places.filter { $0 != place }
            entries[place].isBest = figures.indices.map { index in
                !others.isEmpty && others.allSatisfy { surely[place][$0][index] }
            }
            entries[place].isUnbeaten = !others.contains { other in
                surely[other][place].contains(true)
                    && figures.indices.allSatisfy {
                        Self.order(entries[other], entries[place], figures[$0].metric, $0) <= 0
                    }
            }
        }
        self.figures = figures
        self.entries = places.sorted { left, right in
            let order = figures.isEmpty ? 0 : Self.order(entries[left], entries[right], figures[0].metric, 0)
            return (order, left) < (0, right)
        }.map { entries[$0] }
    }

    /// Below 0 where the first is better, above 0 where the second is, 0 where they are level; no value is the worst.
    private static func order(_ first: Entry, _ second: Entry, _ metric: MetricDefinition, _ index: Int) -> Int {
        let sign: Double = metric.isHigherBetter ? -1 : 1
        let left = first.estimates[index].value.map { $0 * sign } ?? .infinity
        let right = second.estimates[index].value.map { $0 * sign } ?? .infinity
        return left < right ? -1 : left > right ? 1 : 0
    }

    /// Whether two intervals have nothing in common; without both there is no telling.
    private static func intervalsAreApart(_ first: Estimate, _ second: Estimate) -> Bool {
        guard let left = first.interval, let right = second.interval else { return false }
        return !left.overlaps(right)
    }
}

extension Leaderboard.Entry {
    fileprivate init(label: String, sessions: Int? = nil, estimates: [Estimate], isEstimated: [Bool]) {
        self.init(
            label: label, sessions: sessions, estimates: estimates, isEstimated: isEstimated, isBest: [],
            isUnbeaten: true)
    }
}

extension Estimate {
    fileprivate static func missing(_ statistic: Statistic) -> Estimate {
        Estimate(statistic: statistic, value: nil, count: 0)
    }
}
