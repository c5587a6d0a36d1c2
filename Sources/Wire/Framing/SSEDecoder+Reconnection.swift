import Timeline

extension SSEDecoder {
    /// A longer wait than any client will keep: a day.
    private static let longestRetry: UInt64 = 86_400_000

    /// What the stream said so far for a client that has to come back; nil where it said nothing.
    var reconnection: ReconnectionHints? {
        let identifier = fields.identifier.isEmpty ? nil : String(decoding: fields.identifier, as: UTF8.self)
        guard identifier != nil || retry != nil else { return nil }
        return ReconnectionHints(
            lastEventID: identifier, retry: retry.map { Nanoseconds(Int64(min($0, Self.longestRetry)) * 1_000_000) })
    }
}
