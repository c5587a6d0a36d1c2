import Metrics
import Timeline

// Why a verdict is open, and what would close it.
extension GateReport {
    /// The planned look that the measurement ended before; nil where it took all.
    var missedLook: Int? { gate.design.looks.first { $0 > gate.measuredPairs } }

    /// The figures that no pair has on both sides, such as the time per token of answers of one token.
    private var valueless: [GatedFigure] {
        gate.figures.filter { $0.pairs == 0 && $0.verdict == .inconclusive && gate.pairs > 0 }
    }

    /// What is not known, without foreign text.
    var doubt: String {
        if gate.ranOut, gate.looked.isEmpty, let missedLook {
            return
                "only \(gate.measuredPairs) of the \(missedLook) pairs of the first look were measured, and nothing is "
                + "judged before it"
        }
        let lacking = Self.titles(valueless)
        let open = Self.titles(gate.figures.filter { $0.verdict == .inconclusive && !valueless.contains($0) })
        let parts = [
            open.isEmpty ? nil : "\(open) may or may not have got worse by more than the margin",
            lacking.isEmpty ? nil : "\(lacking) cannot be judged here, since no pair has a value of both sides",
            gate.ranOut ? missedLook.map { "the measurement ended at \(gate.measuredPairs) of \($0) pairs" } : nil,
        ]
        return parts.compactMap { $0 }.joined(separator: "; ")
    }

    /// What to do about figures without values.
    var valuelessRemedy: String? {
        guard !valueless.isEmpty else { return nil }
        let judged = gate.design.metrics.filter { name in !valueless.contains { $0.metric.name == name } }
        let others = judged.isEmpty ? "" : ": leave it out (\(judged.map { "--metric \($0)" }.joined(separator: " ")))"
        let isPerToken = valueless.contains { MetricCatalogue.perToken.contains($0.metric.name) }
        return "No number of pairs judges \(Self.titles(valueless))\(others)"
            + (isPerToken
                ? "; answers of one token have no pace, and tokens that nobody counted decide nothing: ask for longer "
                    + "answers, for usage in the stream, or set tokenizer:."
                : ".")
    }

    /// What to do where the measurement ended early; nil where it did not.
    var shortRemedy: String? {
        guard gate.ranOut, let missedLook else { return nil }
        let place = "\(gate.measuredPairs) of \(missedLook) pairs"
        guard run.status == .finished else {
            if run.reachedMaxCost {
                return "The run was stopped before max_cost at \(place): raise it, or plan fewer --pairs."
            }
            return "The run was cut short at \(place) (\(run.status.rawValue)): measure again."
        }
        return "Time or requests ran out at \(place): raise --max-time or --max-requests, or plan fewer --pairs."
    }

    private static func titles(_ figures: [GatedFigure]) -> String {
        figures.map(\.metric.title).joined(separator: ", ")
    }
}
