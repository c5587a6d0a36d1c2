import Metrics
import Timeline

/// What a summary says in words: the lines around its tables, without layout and colour.
///
/// All foreign text in them has been made harmless for a terminal.
struct Phrases: Sendable {
    var painter: Painter

    /// `closed loop, 4 at a time, 100 requests`.
    func load(_ run: RunDescription) -> String {
        if let source = run.importedFrom { return "measured by \(painter.clean(source.tool)), imported" }
        let shape =
            switch run.load {
            case .closed(let concurrency): "closed loop, \(concurrency) at a time"
            case .open(let rate, let arrivals): "open loop, \(NumberFormat.trimmed(rate)) req/s \(arrivals.rawValue)"
            }
        let each = run.targets.count > 1 ? " each" : ""
        switch run.amount {
        case .requests(let count): return "\(shape), \(count) requests\(each)"
        case .duration(let length): return "\(shape), \(NumberFormat.length(seconds: length.seconds))\(each)"
        }
    }

    /// `unfinished` or `interrupted`; nil where the run went to its end.
    func status(_ run: RunDescription) -> String? {
        if run.reachedMaxCost, let limit = run.maxCost {
            return "stopped before max_cost \(NumberFormat.trimmed(limit))"
        }
        return run.status == .finished ? nil : run.status.rawValue
    }

    /// `929 of 938 ok`, with the complete streams that are odd: `929 of 938 ok (3 ok_empty)`; where requests were tried
    /// again, `929 of 938 ok in 950 attempts`.
    func success(_ targets: [TargetSummary]) -> String {
        let requests = targets.reduce(0) { $0 + $1.requests }
        let attempts = targets.reduce(0) { $0 + $1.attempts }
        let tries = attempts > requests ? " in \(attempts) attempts" : ""
        let complete = targets.reduce(0) { $0 + $1.complete }
        let odd = totals(targets) { $0.isComplete && $0 != .ok }.map { "\($0.count) \($0.name)" }
        let cancelled = targets.reduce(0) { $0 + Self.cancelled($1) }
        return "\(complete) of \(requests) ok\(tries)" + (odd.isEmpty ? "" : " (\(odd.joined(separator: ", ")))")
            + (cancelled == 0 ? "" : ", \(cancelled) cancelled")
    }

    /// `9 failed (1.0 %): http_error rate_limited 7, timeout_stall 2`; nil without a failure.
    ///
    /// Where requests were tried again, what failed in the end stands before the failed attempts.
    func failures(_ targets: [TargetSummary]) -> String? {
        let complete = targets.reduce(0) { $0 + $1.complete }
        let requests = targets.reduce(0) { $0 + $1.requests }
        let attempts = targets.reduce(0) { $0 + $1.attempts }
        guard attempts > complete else { return nil }
        let failed = requests - complete
        let share = NumberFormat.fixed(100 * Double(failed) / Double(max(1, requests)), decimals: 1)
        let classes = totals(targets) { !$0.isComplete }.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
        if attempts == requests { return "\(failed) failed (\(share) %): \(classes)" }
        let outcome = failed == 0 ? "none failed after retries" : "\(failed) failed after retries (\(share) %)"
        return "\(outcome); \(attempts - complete) failed attempts: \(classes)"
    }

    /// `12 of 40 requests, 10 of them complete in the end`, `waited 500 ms p50, 2.0 s max`; nil without a retry.
    func retries(_ targets: [TargetSummary]) -> [String]? {
        let tried = targets.reduce(0) { $0 + $1.retries.requests }
        guard tried > 0 else { return nil }
        let requests = targets.reduce(0) { $0 + $1.requests + Self.cancelled($1) }
        let recovered = targets.reduce(0) { $0 + $1.retries.recovered }
        var parts = ["\(tried) of \(requests) requests, \(recovered) of them complete in the end"]
        let waits = targets.compactMap(\.retries.waits)
        if let median = waits.map(\.p50).max(), let most = waits.map(\.max).max() {
            parts.append("waited \(time(median)) p50, \(time(most)) max")
        }
        return parts
    }

    /// What one failed attempt was told, that of the most frequent class which was told anything.
    func failureExample(_ targets: [TargetSummary]) -> String? {
        targets.flatMap(\.outcomes).filter { !$0.outcome.isComplete && !($0.example ?? "").isEmpty }
            .max { $0.count < $1.count }?.example.map { "e.g. \"\(painter.clean($0))\"" }
    }

    /// `server usage`, `asked for ≤ 128, got 122.5 on average`, `ended by stop 812, length 117`.
    func tokens(_ targets: [TargetSummary]) -> [String] {
        let sources = counts(targets.map(\.tokenSources)).map { $0.count == 1 ? $0[0].name : list($0) }
        var parts = [(sources ?? "not counted").split(separator: "_").joined(separator: " ")]
        if let lengths = lengths(targets) { parts.append(lengths) }
        if let cached = targets.compactMap(\.cachedShare).max(), cached > 0 {
            parts.append("\(NumberFormat.trimmed((cached * 1000).rounded() / 10)) % of the input cached")
        }
        if let reasons = counts(targets.map(\.finishReasons)), reasons.count > 1 {
            parts.append("ended by \(list(reasons))")
        }
        return parts
    }

    /// What length was asked for, where all targets agree, and what came.
    private func lengths(_ targets: [TargetSummary]) -> String? {
        var parts: [String] = []
        let asked = targets.map(\.requestedOutputTokens)
        if let length = asked.first ?? nil, asked.allSatisfy({ $0 == length }) {
            switch length {
            case .atMost(let count): parts.append("asked for \(painter.atMost) \(count)")
            case .exactly(let count): parts.append("asked for exactly \(count)")
            }
        }
        let means = targets.compactMap(\.meanOutputTokens)
        if let least = means.min(), let most = means.max() {
            let range = [least, most].map { NumberFormat.trimmed(($0 * 10).rounded() / 10) }
            parts.append("got \(range[0] == range[1] ? range[0] : "\(range[0]) to \(range[1])") on average")
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// `ttft ≤ 800 ms & tpot ≤ 25 ms/token`; the units come from the metrics of the summary.
    func objectives(_ run: RunDescription, _ targets: [TargetSummary]) -> String {
        run.objectives.map { objective in
            let metric = targets.first?[metric: objective.metric]?.metric
            let scale = metric.map { UnitScale($0.unit) }
            let sign = metric?.isHigherBetter == true ? painter.atLeast : painter.atMost
            let limit = NumberFormat.trimmed(objective.limit * (scale?.factor ?? 1))
            // Limits of times per token are typed as plain times.
            let symbol = metric?.unit == .millisecondsPerToken ? "ms" : scale?.symbol ?? ""
            let unit = symbol.isEmpty ? "" : " \(symbol)"
            return "\(painter.clean(objective.metric)) \(sign) \(limit)\(unit)"
        }.joined(separator: " & ")
    }

    /// Adds up names with counts over targets, the most frequent first; nil without any.
    private func counts(_ tables: [[String: Int]]) -> [(name: String, count: Int)]? {
        let sums = tables.reduce(into: [String: Int]()) { $0.merge($1, uniquingKeysWith: +) }
        guard !sums.isEmpty else { return nil }
        return sums.map { (name: painter.clean($0.key, width: 30), count: $0.value) }.sorted(by: Self.isMoreFrequent)
    }

    /// `stop 812, length 117`, at most four of them.
    private func list(_ counts: [(name: String, count: Int)]) -> String {
        counts.prefix(4).map { "\($0.name) \($0.count)" }.joined(separator: ", ")
            + (counts.count > 4 ? ", \(painter.ellipsis)" : "")
    }

    private static func isMoreFrequent(_ left: (name: String, count: Int), _ right: (name: String, count: Int)) -> Bool
    {
        (right.count, left.name) < (left.count, right.name)
    }

    private func totals(_ targets: [TargetSummary], _ isCounted: (OutcomeClass) -> Bool) -> [(name: String, count: Int)]
    {
        var sums: [String: Int] = [:]
        for outcome in targets.flatMap(\.outcomes) where isCounted(outcome.outcome) {
            let detail = outcome.detail.map { " \(painter.clean($0, width: 30))" } ?? ""
            sums[outcome.outcome.rawValue + detail, default: 0] += outcome.count
        }
        return sums.map { (name: $0.key, count: $0.value) }.sorted(by: Self.isMoreFrequent)
    }
}
