import Timeline

/// How one relayed answer came, held against the direct answer to the same prompt.
enum RelayPassage: Sendable, Equatable {
    /// In as many pieces as the direct one.
    case passedThrough
    /// In fewer and larger pieces.
    case coalesced
    /// In one piece at its end.
    case buffered
    /// As it was made, but compressed, so that nothing could be read in it.
    case compressed

    /// What comes so close to the end of a stream comes with it, in milliseconds.
    private static let endLength = 5.0
    /// The same as a share of the time that the direct answer took to come.
    private static let endShare = 0.05
    /// A relayed answer is buffered where more than this share of it came with its end.
    private static let bufferedShare = 0.9
    /// Pieces so many times larger than the direct ones were joined on the way.
    private static let coalescedFactor = 1.5

    /// Judges a pair; nil where the direct answer did not come in pieces itself, or the relayed one is no answer.
    static func judge(direct: StreamMetrics, relayed: StreamMetrics) -> RelayPassage? {
        guard direct.isComplete, direct.pieceCount() >= 3, let length = direct.streamDuration else { return nil }
        let end = max(endLength, endShare * length)
        // Of an answer that comes with its own end, nobody could tell who held it back.
        guard direct.share(within: end) < 0.5 else { return nil }
        if relayed.isCompressed { return relayed.bodyShare(within: end) > bufferedShare ? .buffered : .compressed }
        guard relayed.isComplete, relayed.landmarks.contentBytes > 0 else { return nil }
        if relayed.share(within: end) > bufferedShare { return .buffered }
        let together = min(StreamMetrics.burstThreshold, (direct.meanGap ?? 0) / 2)
        let ratio = relayed.pieceSize(together: together) / direct.pieceSize(together: together)
        return ratio >= coalescedFactor ? .coalesced : .passedThrough
    }
}

extension StreamMetrics {
    /// The mean time between reads that completed content, in milliseconds; nil for fewer than two.
    var meanGap: Double? {
        guard reads.count > 1, record.hasEveryEvent else { return nil }
        return streamDuration.map { $0 / Double(reads.count - 1) }
    }

    /// The reads with content, where those closer together than `together` milliseconds count as one.
    fileprivate func pieceCount(together: Double = 0) -> Int {
        reads.isEmpty ? 0 : 1 + gaps.count { $0.length > together }
    }

    /// Bytes of content a piece.
    fileprivate func pieceSize(together: Double) -> Double {
        Double(landmarks.contentBytes) / Double(max(1, pieceCount(together: together)))
    }

    /// The share of the tokens that came within so many milliseconds before the last of them; 0 without any.
    func share(within length: Double) -> Double {
        guard let last = reads.last else { return 0 }
        let total = reads.reduce(0) { $0 + $1.tokens }
        let late = reads.reduce(0) { $0 + ((last.arrival - $1.arrival).milliseconds <= length ? $1.tokens : 0) }
        return total == 0 ? 0 : Double(late) / Double(total)
    }

    /// Whether the answer was taken for broken because it came in an encoding that no request asked for.
    fileprivate var isCompressed: Bool {
        record.outcome.outcomeClass == .protocolError && record.outcome.detail == "content_encoding"
    }

    /// The share of the body's bytes that came within so many milliseconds before the last of them.
    ///
    /// A compressor may hand on its own head, some ten bytes, long before anything of the answer. Where single reads are not
    /// known, all of the body came between the end of the headers and the close.
    fileprivate func bodyShare(within length: Double) -> Double {
        guard let reads = record.bodyCapture?.reads, let last = reads.last, last.end > 0 else {
            let whole = milliseconds(from: record.headersComplete, to: record.closed)
            return whole.map { $0 <= length } ?? false ? 1 : 0
        }
        let before = reads.last { (last.arrival - $0.arrival).milliseconds > length }?.end ?? 0
        return Double(last.end - before) / Double(last.end)
    }
}
