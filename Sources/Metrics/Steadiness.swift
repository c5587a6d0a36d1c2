import Glibc
import Statistics
import Timeline

/// Whether a target's latency stayed what it was from the start of a run to its end.
package struct Steadiness: Sendable, Equatable {
    package enum Verdict: Sendable, Equatable {
        /// Nothing shows that it was not.
        case steady
        /// So many requests at the front took longer or shorter than the rest, by this factor.
        case warmedUp(requests: Int, factor: Double)
        /// It seems to have drifted by this factor.
        case drifting(factor: Double)
        /// Beyond doubt it drifted from first to last by this factor: no figure of the whole run is a figure of the server.
        case drifted(factor: Double)
    }

    /// What drift changes by less is not worth a word.
    static let material = 1.2
    /// Fewer requests show nothing.
    static let leastRequests = 40

    package var verdict: Verdict

    /// Judges values in the order of their sends.
    ///
    /// Drift is said only where a trend is proven and the medians of the first and the last quarter are apart by more
    /// than 20 %; a warm-up only where MSER-5 cuts the front and its median is apart from that of the rest by as much.
    package init(_ values: [Double]) {
        verdict = .steady
        guard values.count >= Self.leastRequests else { return }
        let cut = WarmUpDetection(values.filter { $0 > 0 }.map { log($0) })
        if let cut, cut.warmUpCount > 0, !cut.isNeverSteady {
            let front = SortedSample(Array(values.prefix(cut.warmUpCount))).quantile(0.5)
            let rest = Array(values.dropFirst(cut.warmUpCount))
            let isDrifting =
                rest.count >= Self.leastRequests && Self.drift(of: rest) != nil && TrendTest(rest).isLikely
            if !isDrifting, let factor = Self.factor(from: SortedSample(rest).quantile(0.5), to: front) {
                verdict = .warmedUp(requests: cut.warmUpCount, factor: factor)
                return
            }
        }
        guard let factor = Self.drift(of: values) else { return }
        let trend = TrendTest(values)
        if trend.isLikely { verdict = trend.isProven ? .drifted(factor: factor) : .drifting(factor: factor) }
    }

    /// The ratio of the last quarter's median to the first's; nil where it is not material.
    private static func drift(of values: [Double]) -> Double? {
        let quarter = values.count / 4
        return factor(
            from: SortedSample(Array(values.prefix(quarter))).quantile(0.5),
            to: SortedSample(Array(values.suffix(quarter))).quantile(0.5))
    }

    /// The ratio of two medians; nil where it is not material.
    private static func factor(from first: Double?, to last: Double?) -> Double? {
        guard let first, let last, first > 0, last > 0 else { return nil }
        let factor = last / first
        return factor > material || factor < 1 / material ? factor : nil
    }
}

extension TargetSample {
    /// Whether TTFT stayed what it was, in the order of the sends; of runs that do not tell that order, nothing is known.
    var steadiness: Steadiness {
        if let source = run.importedFrom, !source.tellsStarts { return Steadiness([]) }
        let ordered = complete.sorted {
            ($0.record.sent ?? $0.record.planned, $0.record.requestIndex)
                < ($1.record.sent ?? $1.record.planned, $1.record.requestIndex)
        }
        return Steadiness(ordered.compactMap(\.timeToFirstToken))
    }
}

extension TargetSummary {
    /// Why no verdict can be had from the run; nil where it was steady.
    package var unsteadiness: String? { steadiness.sentence }
}

extension Steadiness {
    /// What is to be said of a run that never got steady, and what to do; nil for all others.
    package var sentence: String? {
        guard case .drifted(let factor) = verdict else { return nil }
        return
            "Never steady: from the first quarter of the requests to the last the median TTFT went \(Self.spoken(factor)), "
            + "so its percentiles are of no one state of the server: no budget but success is decided by them, and no "
            + "history takes the run. Let it settle (load.warmup), measure longer, or offer less load."
    }

    /// What else is to be said of a run: a drift that is likely, or a warm-up within what was measured.
    var remark: String? {
        switch verdict {
        case .drifting(let factor):
            "TTFT seems to drift: from the first quarter of the requests to the last its median went \(Self.spoken(factor)). "
                + "Measure longer, or let the server settle (load.warmup)."
        case .warmedUp(let requests, let factor):
            "The first \(requests) measured requests had a median TTFT \(Self.spoken(factor, than: "the rest's")): they look "
                + "like warm-up. Set load.warmup to at least as many."
        case .steady, .drifted: nil
        }
    }

    /// `up by 45 %`, `down by 30 %`, `up to 3.2 times`.
    private static func spoken(_ factor: Double, than other: String? = nil) -> String {
        func tenths(_ value: Double) -> String {
            let rounded = Int((value * 10).rounded())
            return "\(rounded / 10).\(rounded % 10)"
        }
        let percent = Int((abs(factor - 1) * 100).rounded())
        guard let other else {
            return factor >= 2 ? "up to \(tenths(factor)) times" : "\(factor > 1 ? "up" : "down") by \(percent) %"
        }
        return factor >= 2
            ? "\(tenths(factor)) times \(other)" : "\(percent) % \(factor > 1 ? "above" : "below") \(other)"
    }
}
