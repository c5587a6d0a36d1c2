package import Statistics
package import Timeline

/// The metrics of one attempt; times are in milliseconds, and nil means that the stream does not tell.
///
/// Values are computed for broken streams too, as far as they got; only complete ones enter the figures of a run.
/// A class, and immutable, since it is long: sorting and grouping would copy it, field for field, at every step.
package final class StreamMetrics: Sendable {
    /// The attempt; without its events where they were not to be kept.
    package let record: StreamRecord
    /// The events that prove a token, of all choices, in the order of the stream; empty where they were not to be kept.
    package let contentEvents: [StreamEvent]
    package let tokens: TokenAttribution
    /// The reads that completed content.
    package let reads: ContentReads
    let gapTally: GapTally
    /// What the run asks of each request; empty where it asks nothing.
    package let objectives: [RequestLimit]
    /// The few events that single figures need.
    let landmarks: StreamLandmarks
    /// What the server said of its own timing; nil where it said nothing that is known.
    let serverReport: ServerReport?
    /// Who reads the answers; nil where nobody was asked about.
    let reader: ReaderProfile?
    /// What the attempt cost; nil where nobody named a price, or nobody counted the tokens.
    let cost: RequestCost?
    /// The arrivals at which parts of the answer were complete; nil where nobody asked about any.
    let parts: AnswerParts?

    /// Computes what the figures need; with `keepsEvents` false it holds a third of the memory of the record, and with
    /// `normalizesTokens` its tokens are those of the run's tokenizer, whatever the server counted.
    package init(
        _ record: StreamRecord, objectives: [RequestLimit] = [], reader: ReaderProfile? = nil,
        price: TokenPrice? = nil, normalizesTokens: Bool = false, keepsEvents: Bool = true
    ) {
        let content = record.events.filter(\.kind.isContent)
        var tokens = TokenAttribution(record: record, contentEvents: content, byTokenizer: normalizesTokens)
        landmarks = StreamLandmarks(of: record, contentEvents: content)
        let reads = ContentReads(
            ContentRead.reads(of: content, tokens: tokens.perEvent, hasEveryEvent: record.hasEveryEvent),
            eventBounds: landmarks.lateBounds)
        self.reads = reads
        gapTally = GapTally(record.hasEveryEvent ? ContentGap.betweenReads(reads) : [])
        serverReport = ServerReport(record)
        parts = AnswerParts(of: record)
        self.reader = reader
        cost = price.flatMap { record.cost(by: $0) }
        self.objectives = objectives
        var record = record
        record.usage = record.usage?.plausible
        record.counted = record.counted?.plausible
        if !keepsEvents {
            record.events = []
            tokens.forgetEvents()
        }
        self.record = record
        self.tokens = tokens
        contentEvents = keepsEvents ? content : []
    }

    /// The gaps between reads with content; empty where the record does not have every event.
    ///
    /// Takes linear time.
    package var gaps: [ContentGap] { record.hasEveryEvent ? ContentGap.betweenReads(reads) : [] }

    /// The gaps between reads that brought tokens; empty where the record does not have every event.
    ///
    /// Takes linear time.
    package var tokenGaps: [ContentGap] { record.hasEveryEvent ? ContentGap.betweenTokens(reads) : [] }

    package var isComplete: Bool { record.outcome.isComplete }
}

// Before the first token.
extension StreamMetrics {
    /// Of a retry from the end of its pause: to wait as asked is not to be late.
    package var queueDelay: Double? {
        milliseconds(from: record.retryWait?.due ?? record.planned, to: record.dispatched)
    }

    /// Nil on a connection that was used again: there was nothing to look up.
    package var nameLookup: Double? { record.connection.isNew ? record.connection.nameLookup.milliseconds : nil }

    package var connect: Double? { record.connection.isNew ? record.connection.connect.milliseconds : nil }

    package var tls: Double? { record.connection.isNew ? record.connection.tls.milliseconds : nil }

    package var timeToFirstByte: Double? { milliseconds(from: record.sent, to: record.firstByte) }

    package var timeToFirstToken: Double? { milliseconds(from: record.sent, to: landmarks.firstContent?.arrival) }

    package var timeToFirstTokenScheduled: Double? {
        milliseconds(from: record.planned, to: landmarks.firstContent?.arrival)
    }

    package var timeToFirstAnswerToken: Double? { milliseconds(from: record.sent, to: landmarks.firstAnswer?.arrival) }

    package var thinkTime: Double? {
        milliseconds(from: landmarks.firstContent?.arrival, to: landmarks.firstAnswer?.arrival)
    }

    func milliseconds(from start: Instant?, to end: Instant?) -> Double? {
        guard let start, let end else { return nil }
        return (end - start).milliseconds
    }
}

// From the first token to the end.
extension StreamMetrics {
    /// When the stream was over: its terminal event, or in a complete stream without one the last event of any meaning.
    ///
    /// The close of the connection would not do: a server may keep it open as long as it likes.
    package var end: Instant? {
        record.terminal ?? (isComplete ? landmarks.lastMeaning?.arrival : nil)
    }

    package var timeToLastToken: Double? { milliseconds(from: record.sent, to: landmarks.lastContent?.arrival) }

    package var endToEnd: Double? { milliseconds(from: record.sent, to: end) }

    package var timePerOutputToken: Double? {
        guard let duration = streamDuration, let later = tokensAfterFirstRead else { return nil }
        return duration / Double(later)
    }

    /// From first to last content, in milliseconds.
    var streamDuration: Double? { milliseconds(from: reads.first?.arrival, to: reads.last?.arrival) }

    /// The tokens that came after those of the first read; nil where there are none, or none are known.
    var tokensAfterFirstRead: Int? {
        guard let total = tokens.total, let first = reads.first, total > first.tokens else { return nil }
        return total - first.tokens
    }

    package var outputSpeed: Double? {
        guard let timePerOutputToken, timePerOutputToken > 0 else { return nil }
        return 1000 / timePerOutputToken
    }

    package var endToEndSpeed: Double? {
        guard let endToEnd, endToEnd > 0, let total = tokens.total else { return nil }
        return Double(total) * 1000 / endToEnd
    }

    package var tokensPerEvent: Double? {
        guard record.hasEveryEvent, let total = tokens.total, landmarks.contentCount > 0 else { return nil }
        return Double(total) / Double(landmarks.contentCount)
    }

    /// Inter-token latencies with the number of tokens that have each.
    package var interTokenLatencies: WeightedSample {
        WeightedSample(
            tokenGaps.map { WeightedValue(value: $0.length / Double($0.tokens), weight: $0.tokens) })
    }

    /// The median of the stream's inter-token latencies, by tokens; nil where no gap is known.
    package var medianInterTokenLatency: Double? { interTokenLatencies.quantile(0.5) }
}
