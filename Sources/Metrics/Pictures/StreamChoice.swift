package import Timeline

/// Why a stream is shown on its own.
package enum StreamChoice: String, Sendable, CaseIterable {
    /// Half of the target's complete streams took no longer.
    case median
    case p95
    /// The longest of the complete streams.
    case worst
    /// The stream that stood still the longest.
    case longestGap = "longest_gap"
    /// The first attempt that is not complete.
    case failed
}

/// One attempt of a run, by its numbers.
package struct AttemptKey: Hashable, Sendable {
    package var requestIndex: Int
    package var attempt: Int

    package init(requestIndex: Int, attempt: Int) {
        self.requestIndex = requestIndex
        self.attempt = attempt
    }

    package init(_ record: StreamRecord) { self.init(requestIndex: record.requestIndex, attempt: record.attempt) }
}

extension TargetSample {
    /// The streams that are shown on their own, each with all its reasons; complete ones are ordered by `e2e`.
    ///
    /// The stream of a percentile is the first that is not shorter than the share of streams, so it is one that
    /// happened, and not a mixture of two.
    package var chosenStreams: [(key: AttemptKey, choices: [StreamChoice])] {
        let ordered = complete.filter { $0.endToEnd != nil && !$0.reads.isEmpty }.sorted {
            ($0.endToEnd ?? 0, $0.record.requestIndex) < ($1.endToEnd ?? 0, $1.record.requestIndex)
        }
        var found: [(StreamChoice, StreamMetrics)] = []
        if let last = ordered.last {
            found += [
                (.median, ordered[(ordered.count - 1) / 2]), (.p95, ordered[(ordered.count * 95 + 99) / 100 - 1]),
                (.worst, last),
            ]
        }
        if let still = ordered.max(by: { $0.longestGap < $1.longestGap }), still.longestGap > 0 {
            found.append((.longestGap, still))
        }
        if let broken = measured.first(where: { !$0.isComplete && $0.record.sent != nil }) {
            found.append((.failed, broken))
        }
        return found.reduce(into: []) { chosen, next in
            let key = AttemptKey(next.1.record)
            if let index = chosen.firstIndex(where: { $0.key == key }) {
                chosen[index].choices.append(next.0)
            } else {
                chosen.append((key, [next.0]))
            }
        }
    }
}

extension StreamMetrics {
    fileprivate var longestGap: Double { gaps.map(\.length).max() ?? 0 }
}
