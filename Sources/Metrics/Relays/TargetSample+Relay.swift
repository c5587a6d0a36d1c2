import Timeline

/// What a relay adds, pair by pair, and what it does.
extension TargetSample {
    /// A relayed stream's value of a metric that compares it with the direct one to the same prompt.
    func relayValue(of metric: String, in stream: StreamMetrics) -> Double? {
        guard let direct = directStreams[stream.record.requestIndex], direct.isComplete else { return nil }
        return switch metric {
        case "relay_ttft": difference(stream.timeToFirstToken, direct.timeToFirstToken)
        case "relay_gap": difference(stream.meanGap, direct.meanGap)
        case "relay_delay": relayDelay(of: stream, direct: direct)
        default: nil
        }
    }

    private func difference(_ relayed: Double?, _ direct: Double?) -> Double? {
        guard let relayed, let direct else { return nil }
        return relayed - direct
    }

    private func relayDelay(of stream: StreamMetrics, direct: StreamMetrics) -> Double? {
        let count = min(stream.tokenCount, direct.tokenCount)
        return difference(stream.meanArrival(ofFirst: count), direct.meanArrival(ofFirst: count))
    }

    /// What the relay does to streams; nil for a target that is no relay of one in the same run.
    var relayEffect: RelayEffect? {
        guard let direct = target.relayOf, run.targets.contains(where: { $0.name == direct }) else { return nil }
        let pairs = measured.compactMap { relayed in
            directStreams[relayed.record.requestIndex].map { (direct: $0, relayed: relayed) }
        }
        return RelayEffect(direct: direct, pairs: pairs)
    }

    /// What the relay does that it should not, with the remedy.
    func relayWarning(_ effect: RelayEffect?) -> String? {
        guard let effect, !effect.remedies.isEmpty else { return nil }
        let count = "of \(effect.judged) answers"
        let finding =
            switch effect.verdict {
            case .buffers: "\(effect.buffered) \(count) came whole at their end: what is in between buffers them"
            case .coalesces:
                "\(effect.coalesced + effect.buffered) \(count) came in fewer and larger pieces than directly: what is in "
                    + "between joins chunks"
            default:
                "\(effect.compressed) \(count) came compressed, which a reader of events cannot read as they come"
            }
        return "\(finding). To mend it: \(effect.remedies.joined(separator: "; "))."
    }
}

extension StreamMetrics {
    fileprivate var tokenCount: Int { reads.reduce(0) { $0 + $1.tokens } }

    /// The mean time from the send to the arrival of each of the first tokens, in milliseconds; nil without one.
    fileprivate func meanArrival(ofFirst count: Int) -> Double? {
        guard let sent = record.sent, count > 0 else { return nil }
        var (sum, left) = (0.0, count)
        for read in reads where left > 0 {
            let taken = min(left, read.tokens)
            sum += Double(taken) * (read.arrival - sent).milliseconds
            left -= taken
        }
        return sum / Double(count)
    }
}
