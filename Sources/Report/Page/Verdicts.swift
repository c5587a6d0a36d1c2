import Metrics
import Timeline

/// What a page says first, in sentences: who is faster, by how much, how sure that is, and what went wrong.
struct Verdicts {
    let picture: RunsPicture
    let series: [Series]

    struct Verdict: Equatable {
        enum Mood: String { case plain, good, bad }

        var title: String
        /// What stands out, such as the fastest target; may be empty.
        var lead = ""
        var text: String
        var mood: Mood
    }

    private var phrases: Phrases { Phrases(painter: Painter(hasColor: false, hasUnicode: true)) }

    var all: [Verdict] {
        picture.rankings.compactMap(verdict) + [hasFigures ? accuracy : noFigures, outcomes] + distrust + notes
    }

    private var hasFigures: Bool { picture.rankings.contains { !$0.entries.isEmpty } }

    /// Without enough answers there is nothing to compare, which a page should say first.
    private var noFigures: Verdict {
        let most = series.map(\.picture.summary.complete).max() ?? 0
        return Verdict(
            title: "No figures", lead: most == 0 ? "No complete answer." : "Too few complete answers.",
            text: "A median with its interval takes six, and no target has more than \(most).", mood: .bad)
    }

    private static func question(_ metric: String) -> String {
        switch metric {
        case "ttft": "First token"
        case "output_speed": "Speed of the text"
        default: "Whole answer"
        }
    }

    private func verdict(_ ranking: Ranking) -> Verdict? {
        guard let best = ranking.entries.first else { return nil }
        let figure = cells(ranking, best.target)
        let value = "\(figure.value) \(UnitScale(ranking.metric.unit).symbol)"
        let title = Self.question(ranking.metric.name)
        guard ranking.entries.count > 1 else {
            return Verdict(title: title, lead: value, text: "\(figure.interval) at the median.", mood: .plain)
        }
        var others = [ranking.entries[1]]
        if ranking.entries.count > 2, let last = ranking.entries.last { others.append(last) }
        let isLevel = ranking.entries.dropFirst().allSatisfy { $0.isApart == false }
        let leader = "\(series[best.target].label), \(value)"
        guard !isLevel else {
            let rest =
                ranking.entries.count > 2
                ? "not to be told apart from any of the others" : held(others[0], ranking, isSlowest: false)
            return Verdict(
                title: title, lead: "No clear difference:",
                text: "\(leader) \(figure.interval) at the median, is \(rest).", mood: .plain)
        }
        let parts = others.enumerated().map { held($0.element, ranking, isSlowest: $0.offset == 1) }
        return Verdict(
            title: title, lead: leader,
            text: "\(figure.interval) at the median: \(parts.joined(separator: ", and ")).", mood: .plain)
    }

    /// How the best compares with another target.
    private func held(_ entry: Ranking.Entry, _ ranking: Ranking, isSlowest: Bool) -> String {
        let name = series[entry.target].label + (isSlowest ? ", the slowest" : "")
        guard let factor = Factor(entry, isHigherBetter: ranking.metric.isHigherBetter) else {
            return "not to be compared with \(name)"
        }
        if entry.isApart == false { return "not to be told apart from \(name) (\(factor.times) times)" }
        let sure = entry.interval == nil ? " (too few requests for an interval)" : ""
        return "\(factor.times) times as fast as \(name)\(sure)"
    }

    /// How much better the best is, as a number of at least about 1.
    struct Factor {
        /// `1.029 [1.028, 1.031]`.
        let times: String

        init?(_ entry: Ranking.Entry, isHigherBetter: Bool) {
            guard var ratio = entry.ratio, ratio > 0 else { return nil }
            var interval = entry.interval
            // The other over the best is how much faster the best is for a time, and the inverse of that for a speed.
            if isHigherBetter {
                ratio = 1 / ratio
                interval = interval.flatMap { $0.lowerBound > 0 ? 1 / $0.upperBound...1 / $0.lowerBound : nil }
            }
            times = Verdicts.spelled(ratio, interval)
        }
    }

    static func spelled(_ ratio: Double, _ interval: ClosedRange<Double>?) -> String {
        let decimals = min(4, max(2, NumberFormat.decimals(for: ratio, interval: interval)))
        let bounds = interval.map { " \(NumberFormat.interval($0, decimals: decimals))" } ?? ""
        return NumberFormat.fixed(ratio, decimals: decimals) + bounds
    }

    private func cells(_ ranking: Ranking, _ target: Int) -> EstimateCells {
        EstimateCells(
            series[target].picture.summary[metric: ranking.metric.name]?[ranking.statistic], unit: ranking.metric.unit)
    }

    private var accuracy: Verdict {
        let errors = clockRuns.map { run in
            phrases.accuracy(run, series.filter { $0.run.clockSource == run.clockSource }.map(\.picture.summary))
        }
        let counts = series.map(\.picture.summary.complete)
        let requests = "\(counts.min() ?? 0)" + (counts.max() == counts.min() ? "" : " to \(counts.max() ?? 0)")
        return Verdict(
            title: "How sure",
            text: "Brackets are 95 % intervals, from \(requests) complete requests\(series.count > 1 ? " each" : ""). "
                + errors.joined(separator: " "), mood: .plain)
    }

    /// The first run of each source of instants: runs that share one share a sentence.
    private var clockRuns: [RunDescription] {
        var found: [RunDescription] = []
        for run in picture.runs.map(\.summary.run) where !found.contains(where: { $0.clockSource == run.clockSource }) {
            found.append(run)
        }
        return found
    }

    private var outcomes: Verdict {
        let failing = series.filter { $0.picture.summary.attempts > $0.picture.summary.complete }
        let all = series.map(\.picture.summary)
        guard !failing.isEmpty else {
            return Verdict(title: "Nothing failed", text: "\(phrases.success(all)).", mood: .good)
        }
        let parts = failing.compactMap { one -> String? in
            let example = phrases.failureExample([one.picture.summary]).map { " (\($0))" } ?? ""
            return phrases.failures([one.picture.summary]).map { "\(one.label): \($0)\(example)" }
        }
        return Verdict(
            title: "Failed", text: "\(phrases.success(all)). \(parts.joined(separator: "; ")).", mood: .bad)
    }

    private var distrust: [Verdict] {
        picture.runs.map(\.summary).compactMap { summary in
            phrases.distrust(summary.run, summary.targets, naming: 6).map { text in
                let run = picture.runs.count > 1 ? "\(name(of: summary.run)): " : ""
                let sentence = run.isEmpty ? text.prefix(1).uppercased() + text.dropFirst() : text
                return Verdict(
                    title: "Limited by this machine",
                    text: "\(run)\(sentence).", mood: .bad)
            }
        }
    }

    /// A run by what its one target is called in the page, else by its id.
    private func name(of run: RunDescription) -> String {
        let own = series.filter { $0.run.id == run.id }
        return own.count == 1 ? own[0].label : "Run \(run.id)"
    }

    private var notes: [Verdict] {
        var notes = picture.runs.map(\.summary.run).compactMap { run in
            phrases.status(run).map {
                Verdict(
                    title: "Not whole", text: "Run \(run.id) is \($0): its figures are of what came till then.",
                    mood: .bad)
            }
        }
        if picture.runs.count > 1 {
            notes.append(
                Verdict(
                    title: "Several runs",
                    text: "Two runs cannot tell a regression from drift: the server, the network and the hour changed "
                        + "between them too. Targets of one scenario are measured in turns, and can be told apart.",
                    mood: .plain))
        }
        return notes
    }
}
