import Metrics
import Timeline

extension Phrases {
    /// What a relay does to streams and what it adds; empty for a target that is none.
    func relay(_ target: TargetSummary) -> [String] {
        guard let effect = target.relay else { return [] }
        let times = [("relay_ttft", "to TTFT"), ("relay_gap", "to a gap"), ("relay_delay", "to a token's time")]
            .compactMap { added(target, $0.0, $0.1) }
        return [verdict(effect)] + times
            + [pieces(effect), "against \(painter.clean(effect.direct, width: 24))"].compactMap(\.self)
            + effect.remedies
    }

    /// How long requests waited for a connection, where the scenario allows only so many.
    func connectionLimit(_ target: TargetSummary) -> [String] {
        guard let limit = target.target.maxConnections, let delay = target[metric: "queue_delay"],
            let mean = delay[.mean]?.value, let most = delay[.max]?.value
        else { return [] }
        let wait = "\(NumberFormat.significant(mean)) ms on average, \(NumberFormat.significant(most)) at most"
        let means = ["ttft", "ttft_sched"].compactMap { target[metric: $0]?[.mean]?.value }.map(
            NumberFormat.significant)
        return ["at most \(limit), with a request each: requests waited \(wait)"]
            + (means.count == 2 ? ["mean TTFT \(means[0]) ms, with the wait \(means[1])"] : [])
    }

    private func verdict(_ effect: RelayEffect) -> String {
        switch effect.verdict {
        case .passesThrough: "passes chunks through (\(effect.passedThrough) of \(effect.judged) answers)"
        case .coalesces: "joins chunks (\(effect.coalesced + effect.buffered) of \(effect.judged) answers)"
        case .buffers: "buffers whole answers (\(effect.buffered) of \(effect.judged))"
        case .compresses: "compresses streams (\(effect.compressed) of \(effect.judged) answers)"
        case .cannotSay:
            effect.judged < RelayEffect.pairsNeeded
                ? "cannot say what it does: \(effect.judged) of \(effect.pairs) pairs of answers tell, "
                    + "\(RelayEffect.pairsNeeded) are needed"
                    + (effect.judged < effect.pairs ? "; none tells whose direct answer comes in one burst" : "")
                : "cannot say what it does: of \(effect.judged) answers \(effect.passedThrough) passed through, "
                    + "\(effect.coalesced) came in joined chunks, \(effect.buffered) whole"
        }
    }

    /// The median of what the relay adds to a time, with its interval.
    private func added(_ target: TargetSummary, _ metric: String, _ words: String) -> String? {
        guard let estimate = target[metric: metric]?[.p50], let value = estimate.value else { return nil }
        let sign = value > 0 ? "+" : ""
        guard let interval = estimate.interval else {
            let needed = estimate.countNeeded.map { ", \($0) pairs bound it" } ?? ""
            return "\(sign)\(NumberFormat.significant(value)) ms \(words) (n=\(estimate.count)\(needed))"
        }
        let bounds = [interval.lowerBound, interval.upperBound].map { NumberFormat.significant($0) }
        return "\(sign)\(NumberFormat.significant(value)) ms [\(bounds[0]), \(bounds[1])] \(words)"
    }

    private func pieces(_ effect: RelayEffect) -> String? {
        guard let direct = effect.directEventsPerRead, let relayed = effect.relayedEventsPerRead,
            let directEnd = effect.directEndShare, let relayedEnd = effect.relayedEndShare
        else { return nil }
        let percent = { (share: Double) in "\(Int((share * 100).rounded())) %" }
        return "events per read \(NumberFormat.fixed(relayed, decimals: 2)) (direct "
            + "\(NumberFormat.fixed(direct, decimals: 2))), in the last 5 ms \(percent(relayedEnd)) (direct "
            + "\(percent(directEnd)))"
    }
}
