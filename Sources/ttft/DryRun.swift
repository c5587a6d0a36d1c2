import Scenarios
import Timeline
import Wire

/// What a run would send, in words.
struct DryRun {
    let scenario: Scenario

    var text: String {
        var lines = ["scenario \(scenario.name), seed \(scenario.seed), hash \(scenario.hash)"]
        lines.append(
            "load per target: \(load), \(scenario.isInterleaved ? "targets side by side" : "one after another")")
        lines.append("warm-up per target: \(scenario.warmup.map { "\($0) requests" } ?? "none")")
        lines.append("prompts: \(scenario.prompts.count)")
        if let plan = scenario.cancellation { lines.append("cancelled: \(Self.words(plan))") }
        let plan = RequestPlan(scenario, seed: scenario.seed)
        for (index, target) in scenario.targets.enumerated() {
            lines.append("")
            lines.append(describe(target))
            var lane = plan.lane(of: index)
            for _ in 0..<3 {
                guard let request = lane.next() else { break }
                let due = request.due.map { "due \($0.milliseconds) ms, " } ?? ""
                let end = request.cancellation == nil ? "" : ", to be cancelled"
                lines.append(
                    "  request \(request.index): \(request.phase.rawValue), \(due)prompt \(request.prompt.id)\(end)")
            }
            if lane.next() != nil { lines.append("  ...") }
            lines += body(for: target)
        }
        for (name, reason) in scenario.skipped.sorted(by: { $0.key < $1.key }) {
            lines.append("")
            lines.append("skipped \(name): \(reason)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func words(_ plan: CancellationPlan) -> String {
        let point =
            switch plan.point {
            case .tokens(let count): "\(count) tokens"
            case .time(let length): "\(length.seconds) s"
            }
        return "\(plan.share * 100) % of the measured requests, after \(point)"
    }

    private var load: String {
        let shape =
            switch scenario.load {
            case .closed(let concurrency): "closed loop, \(concurrency) streams"
            case .open(let rate, let arrivals): "open loop, \(rate) requests/s, \(arrivals.rawValue) arrivals"
            }
        return switch scenario.amount {
        case .requests(let count): "\(shape), \(count) requests"
        case .duration(let length): "\(shape), \(length.seconds) s"
        }
    }

    private func describe(_ target: Target) -> String {
        let place = target.simulation == nil ? target.baseURL : "the embedded simulator"
        return "\(target.name): \(target.api), model \(target.model), \(place)"
    }

    private func body(for target: Target) -> [String] {
        guard let dialect = Dialects.named(target.api), let prompt = scenario.prompts.first else { return [] }
        let encoded = dialect.encode(prompt, settings: scenario.settings(of: target), target: target)
        return ["  POST \(encoded.path)", "  \(String(decoding: encoded.body, as: UTF8.self))"]
    }
}
