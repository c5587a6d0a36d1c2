import Metrics
import Timeline

/// What a page says first, in sentences: who is faster, by how much, how sure that is, and what went wrong.
struct Verdicts {
    let picture: RunsPicture
    let series: [Series]

    struct Verdict: Equatable {
        enum Mood: String { case plain, good, bad }

        var title: String
        var text: String
        var mood: Mood
    }

    private var phrases: Phrases { Phrases(painter: Painter(hasColor: false, hasUnicode: true)) }

    var all: [Verdict] { picture.rankings.compactMap(verdict) + [outcomes] + distrust + notes }

    private static func question(_ metric: String) -> String {
        switch metric {
        case "ttft": "First token"
        case "output_speed": "Speed of the text"
        default: "Whole answer"
        }
    }

    private func verdict(_ ranking: Ranking) -> Verdict? {
        guard let best = ranking.entries.first else { return nil }
        let name = series[best.target].label
        let figure = cells(ranking, best.target)
        let unit = UnitScale(ranking.metric.unit).symbol
        let title = Self.question(ranking.metric.name)
        guard ranking.entries.count > 1 else {
            return Verdict(title: title, text: "\(figure.value) \(unit) \(figure.interval) at the median.", mood: .plain)
        }
        let next = ranking.entries[1]
        var text = "\(name), \(figure.value) \(unit) \(figure.interval)."
        text += " " + held(next, ranking, isLast: false)
        if ranking.entries.count > 2, let last = ranking.entries.last {
            text += " " + held(last, ranking, isLast: true)
        }
        return Verdict(title: title, text: text, mood: .plain)
    }

    /// How one target compares with the best.
    private func held(_ entry: Ranking.Entry, _ ranking: Ranking, isLast: Bool) -> String {
        let name = series[entry.target].label + (isLast ? ", last," : "")
        guard let ratio = Self.ratio(entry) else { return "\(name) cannot be compared." }
        if entry.isApart == false {
            return "\(name) cannot be told apart from it: \(ratio) times."
        }
        let sure = entry.interval == nil ? ", which too few requests support" : ""
        return ranking.metric.isHigherBetter
            ? "\(name) gets \(ratio) times that\(sure)." : "\(name) takes \(ratio) times as long\(sure)."
    }

    /// `1.030 [1.029, 1.031]`; nil where there is none.
    static func ratio(_ entry: Ranking.Entry) -> String? {
        guard let ratio = entry.ratio else { return nil }
        let decimals = min(4, max(2, NumberFormat.decimals(for: ratio, interval: entry.interval)))
        let interval = entry.interval.map { " \(NumberFormat.interval($0, decimals: decimals))" } ?? ""
        return NumberFormat.fixed(ratio, decimals: decimals) + interval
    }

    private func cells(_ ranking: Ranking, _ target: Int) -> EstimateCells {
        EstimateCells(
            series[target].picture.summary[metric: ranking.metric.name]?[ranking.statistic], unit: ranking.metric.unit)
    }

    private var outcomes: Verdict {
        let failing = series.filter { $0.picture.summary.attempts > $0.picture.summary.complete }
        let all = series.map(\.picture.summary)
        guard !failing.isEmpty else {
            return Verdict(title: "Nothing failed", text: "\(phrases.success(all)).", mood: .good)
        }
        let parts = failing.compactMap { one in
            phrases.failures([one.picture.summary]).map { "\(one.label): \($0)" }
        }
        let example = phrases.failureExample(all).map { " (\($0))" } ?? ""
        return Verdict(
            title: "Failed", text: "\(phrases.success(all)). \(parts.joined(separator: "; "))\(example).", mood: .bad)
    }

    private var distrust: [Verdict] {
        picture.runs.map(\.summary).compactMap { summary in
            phrases.distrust(summary.run, summary.targets, naming: 6).map { text in
                let run = picture.runs.count > 1 ? "run \(summary.run.id): " : ""
                return Verdict(
                    title: summary.isClientLimited ? "Limited by this machine" : "Not to be trusted",
                    text: "\(run)\(text).", mood: .bad)
            }
        }
    }

    private var notes: [Verdict] {
        var notes = picture.runs.map(\.summary.run).compactMap { run in
            phrases.status(run).map {
                Verdict(title: "Not whole", text: "Run \(run.id) is \($0): its figures are of what came till then.", mood: .bad)
            }
        }
        if picture.runs.count > 1 {
            notes.append(
                Verdict(
                    title: "Several runs",
                    text: "Two runs cannot tell a regression from drift: the server, the network and the hour changed "
                        + "between them too. Two targets of one scenario are measured in turns and can.", mood: .plain))
        }
        return notes
    }
}
