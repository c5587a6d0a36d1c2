import Timeline

/// What is odd in the answers themselves: none at all, or another length than the server counts.
extension TargetSample {
    /// Tokens that a server may count beyond one per byte: marks of the end, and the frame of a tool call.
    fileprivate static let tokensWithoutText = 32

    var emptyWarning: String? {
        let empty = complete.count { $0.record.outcome.outcomeClass == .okEmpty }
        guard empty > 0 else { return nil }
        return
            "\(empty) of \(complete.count) answers were empty: they count as success, but have no TTFT, ITL or TPOT. "
            + "Check the prompt, content filters and the output limit, which hidden reasoning may use up."
    }

    /// A limit that no answer can keep, since none has a value that it limits.
    var objectiveWarning: String? {
        guard !complete.isEmpty else { return nil }
        let unheard = run.objectives.map(\.metric).filter { metric in
            !complete.contains { $0.value(of: metric) != nil } && goodCount == 0
        }
        guard let metric = unheard.first else { return nil }
        let need = MetricCatalogue.need(of: metric).map { "; it needs \($0)" } ?? ""
        return "No answer has a value of \(metric), which slo: limits, so that none is good\(need)."
    }

    private var goodCount: Int { complete.count { $0.meetsObjectives == true } }

    /// Counts of output tokens that cannot be those of what was streamed.
    var usageWarning: String? {
        let contradictions = complete.map(\.usageContradictions).filter { !$0.isEmpty }
        guard !contradictions.isEmpty else { return nil }
        let kinds = UsageContradiction.allCases.compactMap { kind -> String? in
            let count = contradictions.count { $0.contains(kind) }
            return count == 0 ? nil : "\(kind.rawValue) in \(count)"
        }
        return "The server's count of output tokens does not fit \(contradictions.count) of \(complete.count) streams: "
            + "\(kinds.joined(separator: "; ")). TPOT, ITL, output speed and throughput go by that count. Check the "
            + "server's tokenizer and usage; TTFT, ICL and E2E need no count."
    }

    /// How a count of tokens contradicts its stream, in the words of the warning.
    fileprivate enum UsageContradiction: String, CaseIterable {
        case aboveLimit = "more than the maximum asked for"
        case aboveBytes = "more than the text has bytes"
        case none = "0 beside content, which was counted as one token per event instead"
        case belowEvents = "fewer than content events, which is right only where an event is less than a token"
    }
}

extension StreamMetrics {
    /// How the server's count contradicts the stream; empty without a count, or without content.
    fileprivate var usageContradictions: Set<TargetSample.UsageContradiction> {
        guard let output = record.usage?.output, landmarks.contentCount > 0, record.hasEveryEvent else { return [] }
        var found: Set<TargetSample.UsageContradiction> = []
        let reasoning = record.usage?.reasoning ?? 0
        // Of an exact length every other one is warned of anyway.
        if case .atMost(let limit)? = record.outputLength, output - reasoning > limit * landmarks.choiceCount {
            found.insert(.aboveLimit)
        }
        let streamed = tokens.hasHiddenReasoning ? output - reasoning : output
        if streamed > landmarks.contentBytes + TargetSample.tokensWithoutText { found.insert(.aboveBytes) }
        if streamed <= 0 {
            found.insert(.none)
        } else if streamed < landmarks.contentCount, tokens.basis != .serverEvents {
            found.insert(.belowEvents)
        }
        return found
    }
}
