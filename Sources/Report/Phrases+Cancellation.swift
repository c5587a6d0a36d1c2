import Metrics
import Timeline

extension Phrases {
    /// How many of a target's requests were cancelled on purpose.
    static func cancelled(_ target: TargetSummary) -> Int {
        Int(target[metric: "cancelled"]?[.value]?.value ?? 0)
    }

    /// Two lines for each target with cancelled requests: how many and after what, and how long the server went on.
    func cancellations(
        _ targets: [TargetSummary], hasServerMetrics: Bool = false
    ) -> [(label: String, parts: [String])] {
        targets.filter { Self.cancelled($0) > 0 }.flatMap { target in
            let count = Self.cancelled(target)
            let name = targets.count > 1 ? "\(painter.clean(target.target.name, width: 24)): " : ""
            var start = "\(name)\(count) of \(target.requests + count) requests"
            if let time = figure(target, "cancel_time", .p50), let tokens = figure(target, "cancel_tokens", .p50) {
                let basis = target.estimatedCancellations > 0 ? " (one per event)" : ""
                start += " after \(NumberFormat.trimmed(tokens)) tokens\(basis), \(NumberFormat.significant(time)) ms"
            }
            guard let overrun = overrun(target) else {
                let rest = hasServerMetrics ? [] : ["what the server did then is not known"]
                return [("cancelled", [start] + rest)]
            }
            return [("cancelled", [start]), ("overrun", ["\(name)the server went on for \(overrun)"])]
        }
    }

    private func overrun(_ target: TargetSummary) -> String? {
        guard let median = figure(target, "server_overrun", .p50), let most = figure(target, "server_overrun", .max)
        else { return nil }
        let tokens = figure(target, "overrun_tokens", .mean).map {
            ", \(NumberFormat.trimmed(($0 * 10).rounded() / 10)) tokens on average"
        }
        return "\(NumberFormat.significant(median)) ms p50, \(NumberFormat.significant(most)) max\(tokens ?? "")"
    }

    private func figure(_ target: TargetSummary, _ metric: String, _ statistic: Statistic) -> Double? {
        target[metric: metric]?[statistic]?.value
    }
}
