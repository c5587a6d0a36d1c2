import Glibc
import Statistics
package import Timeline

/// One figure of a run, held against those of earlier runs.
///
/// The run is the unit, so that what differs from run to run counts: its logarithm less the margin regresses above the
/// prediction limit of the earlier ones.
package struct HistoryVerdict: Sendable, Equatable {
    package static let runsNeeded = 10
    /// The figures that are judged; they share the error.
    package static let figures = ["ttft.p50", "tpot.p50"]
    /// What is kept of a run beside them.
    package static let keptFigures = ["ttft.p50", "ttft.p95", "tpot.p50", "itl.p50", "e2e.p50", "success"]

    package var target: String
    package var figure: String
    package var value: Double?
    /// The geometric mean of the earlier runs; nil without any.
    package var typical: Double?
    /// Above it the value regresses; nil with fewer runs than are needed.
    package var limit: Double?
    /// The smallest factor on the typical value that would regress four times in five.
    package var detectable: Double?
    package var runs: Int
    package var verdict: GateVerdict
    /// Why no verdict is given in spite of enough runs; nil where one is.
    package var reason: String?

    /// Judges a target's figure; `history` is of the same scenario, target and class of hosts.
    package init(
        target: String, figure: String, value: Double?, history: [Double], margin: Double = 0.05,
        errorRate: Double = 0.01
    ) {
        self.target = target
        self.figure = figure
        self.value = value
        runs = history.count
        let logarithms = history.filter { $0 > 0 }.map { log($0) }
        typical = logarithms.isEmpty ? nil : exp(logarithms.reduce(0, +) / Double(logarithms.count))
        verdict = .inconclusive
        let tail = errorRate / Double(Self.figures.count)
        guard logarithms.count >= Self.runsNeeded, let prediction = PredictionLimit(logarithms, tail: tail) else {
            return
        }
        let limit = exp(prediction.upper + log1p(margin))
        self.limit = limit
        detectable = exp(prediction.detectable() + log1p(margin))
        guard let value, value > 0 else { return }
        verdict = value > limit ? .regressed : .passed
    }

    /// Judges all targets of a run by the entries that may be compared with it.
    package static func verdicts(
        on entry: HistoryEntry, history: [HistoryEntry], limit: Int, margin: Double = 0.05
    ) -> [HistoryVerdict] {
        var seen: Set<String> = [entry.runID]
        let earlier = history.filter { other in
            entry.hasOrigin && other.scenarioHash == entry.scenarioHash && other.hostClass == entry.hostClass
                && other.started <= entry.started && seen.insert(other.runID).inserted
        }
        let latest = earlier.sorted { ($0.started, $0.runID) < ($1.started, $1.runID) }.suffix(limit)
        return entry.figures.keys.sorted().flatMap { target in
            figures.map { figure in
                HistoryVerdict(
                    target: target, figure: figure, value: entry.figures[target]?[figure],
                    history: latest.compactMap { $0.figures[target]?[figure] }, margin: margin)
            }
        }
    }
}

extension HistoryEntry {
    /// What is kept of a run.
    package init(_ summary: RunSummary) {
        var figures: [String: [String: Double]] = [:]
        for target in summary.targets {
            var values: [String: Double] = [:]
            for key in HistoryVerdict.keptFigures {
                let parts = key.split(separator: ".").map(String.init)
                let statistic = parts.count == 2 ? Statistic(rawValue: parts[1]) : .value
                guard target.estimation(of: parts[0]) == nil else { continue }
                if let statistic, let value = target[metric: parts[0]]?[statistic]?.value { values[key] = value }
            }
            figures[target.target.name] = values
        }
        self.init(
            runID: summary.run.id, started: summary.run.startedWallClock, scenarioHash: summary.run.scenarioHash,
            hostClass: summary.run.host.hostClass, figures: figures)
    }
}

extension RunSummary {
    /// Whether later runs may be held against this one: it went to its end, and its figures are to be believed.
    package var isGood: Bool {
        run.status == .finished && errorRate <= run.maxErrorRate && !isClientLimited
            && targets.allSatisfy { $0.unsteadiness == nil }
    }

    /// Takes back verdicts on targets that never got steady.
    package func withheld(_ verdicts: [HistoryVerdict]) -> [HistoryVerdict] {
        verdicts.map { verdict in
            var verdict = verdict
            let target = targets.first { $0.target.name == verdict.target }
            let metric = verdict.figure.split(separator: ".").first.map(String.init) ?? verdict.figure
            verdict.reason = verdict.reason ?? target?.unsteadiness ?? target?.estimation(of: metric)
            if verdict.reason != nil { verdict.verdict = .inconclusive }
            return verdict
        }
    }
}
