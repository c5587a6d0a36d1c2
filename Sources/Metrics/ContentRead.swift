package import Timeline

/// A read of the socket that completed content: the finest grain at which the times of tokens are known.
package struct ContentRead: Sendable, Equatable {
    package var arrival: Instant
    /// The most by which the arrival can be later than the true one of any of its events.
    package var lateBound: Nanoseconds
    /// The positions of its events among the stream's content events.
    package var events: Range<Int>
    /// The tokens that its events brought.
    package var tokens: Int

    /// Groups content events by the read that completed them.
    ///
    /// Where a record does not have every event, read numbers mean nothing, and each event is taken as a read.
    static func reads(of contentEvents: [StreamEvent], tokens: [Int], hasEveryEvent: Bool) -> [ContentRead] {
        var reads: [ContentRead] = []
        var lastReadIndex: Int?
        reads.reserveCapacity(contentEvents.count)
        for position in contentEvents.indices {
            // Field by field: a copy of the event would count the references to its text.
            let (readIndex, lateBound) = (contentEvents[position].readIndex, contentEvents[position].lateBound)
            if hasEveryEvent, readIndex == lastReadIndex, !reads.isEmpty {
                reads[reads.count - 1].addEvent(lateBound: lateBound, tokens: tokens[position])
            } else {
                reads.append(
                    ContentRead(
                        arrival: contentEvents[position].arrival, lateBound: lateBound,
                        events: position..<position + 1, tokens: tokens[position]))
            }
            lastReadIndex = readIndex
        }
        return reads
    }

    private mutating func addEvent(lateBound: Nanoseconds, tokens: Int) {
        self.lateBound = max(self.lateBound, lateBound)
        events = events.lowerBound..<events.upperBound + 1
        self.tokens += tokens
    }
}

/// The time between two reads that completed content.
package struct ContentGap: Sendable, Equatable {
    /// In milliseconds.
    package var length: Double
    /// The shortest and the longest that the gap can have been, had every arrival been stamped without delay.
    package var range: ClosedRange<Double>
    /// The tokens that came at its end.
    package var tokens: Int

    init(from start: ContentRead, to end: ContentRead, tokens: Int) {
        let measured = end.arrival - start.arrival
        length = measured.milliseconds
        // Below 0 only where instants contradict each other; then nothing else is known.
        let shortest = min(measured, max(.zero, measured - max(.zero, end.lateBound)))
        range = shortest.milliseconds...max(measured, measured + start.lateBound).milliseconds
        self.tokens = tokens
    }

    /// The gaps between neighbouring reads: the values of `icl`.
    static func betweenReads(_ reads: ContentReads) -> [ContentGap] {
        guard var start = reads.first else { return [] }
        var gaps: [ContentGap] = []
        gaps.reserveCapacity(reads.count - 1)
        for end in reads.dropFirst() {
            gaps.append(ContentGap(from: start, to: end, tokens: end.tokens))
            start = end
        }
        return gaps
    }

    /// The gaps between reads that brought tokens: the material of `itl`.
    ///
    /// The time before a read without a token of its own belongs to the next token; after the last token, to that one.
    /// So the lengths sum to the time from first to last content, and the weighted mean of `itl` is `tpot` exactly.
    static func betweenTokens(_ reads: ContentReads) -> [ContentGap] {
        guard var start = reads.first, let lastRead = reads.last,
            let last = reads.indices.dropFirst().last(where: { reads[$0].tokens > 0 })
        else { return [] }
        var gaps: [ContentGap] = []
        gaps.reserveCapacity(last)
        for position in 1...last {
            let read = reads[position]
            guard read.tokens > 0 else { continue }
            let end = position == last ? lastRead : read
            gaps.append(ContentGap(from: start, to: end, tokens: read.tokens))
            start = end
        }
        return gaps
    }
}
