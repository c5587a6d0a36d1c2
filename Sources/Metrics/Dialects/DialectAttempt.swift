import Timeline

/// What the definitions of other tools need of one complete request, in milliseconds and tokens.
struct DialectAttempt: Sendable {
    /// From the dispatch to each chunk with content; where only the first and the last are known, those.
    var chunks: [Double]
    /// Whether the chunks are all there are.
    var hasEveryChunk: Bool
    /// From the dispatch to the first chunk that is not reasoning.
    var firstAnswer: Double?
    /// From the dispatch to the end of the response.
    var end: Double?
    /// From the dispatch to the send: the connection, where it was new.
    var connection: Double
    var outputTokens: Int?
    var inputTokens: Int?
    /// By the server's own count for the first chunk; 1 where it gives none.
    var firstTokens: Int

    init?(_ record: StreamRecord) {
        guard record.outcome.isComplete, let start = record.dispatched ?? record.sent else { return nil }
        let content = record.events.filter(\.kind.isContent)
        func offset(_ instant: Instant) -> Double { (instant - start).milliseconds }
        chunks = content.map { offset($0.arrival) }
        hasEveryChunk = record.hasEveryEvent
        firstAnswer = content.first { $0.kind.isAnswer }.map { offset($0.arrival) }
        end = (record.terminal ?? record.events.last?.arrival).map(offset)
        connection = record.sent.map(offset) ?? 0
        outputTokens = record.usage?.output ?? TokenAttribution(record: record, contentEvents: content).total
        inputTokens = record.usage?.input
        firstTokens = max(1, content.first?.tokens ?? 1)
    }

    /// Between chunks; nil where not all are known.
    var gaps: [Double]? { hasEveryChunk ? zip(chunks.dropFirst(), chunks).map { $0 - $1 } : nil }

    /// From the first chunk to the last, by the tokens after so many; nil where there are none.
    func pace(after tokens: Int) -> Double? {
        guard let first = chunks.first, let last = chunks.last, let outputTokens, outputTokens > tokens else {
            return nil
        }
        return (last - first) / Double(outputTokens - tokens)
    }
}
