import Timeline

/// The events of a stream that single figures need, so that the others need not be held.
struct StreamLandmarks: Sendable {
    let firstContent: StreamEvent?
    let firstAnswer: StreamEvent?
    let lastContent: StreamEvent?
    /// The last event that is not a mere comment.
    let lastMeaning: StreamEvent?
    /// The event at the stream's end, for its bound.
    let end: StreamEvent?
    let lastArrival: Instant?
    let contentCount: Int
    /// Comments, which keep a connection alive.
    let commentCount: Int
    /// Bytes of content text, of all choices.
    let contentBytes: Int
    /// The answers that one request asked for and got.
    let choiceCount: Int
    /// Reading instant minus arrival of each content event, in nanoseconds.
    let lags: CompactIntegers
    /// The bound of how late each content event's arrival can be, in nanoseconds.
    let lateBounds: CompactIntegers

    init(of record: StreamRecord, contentEvents: [StreamEvent]) {
        firstContent = contentEvents.first
        firstAnswer = contentEvents.first { $0.kind.isAnswer }
        lastContent = contentEvents.last
        lastMeaning = record.events.last { $0.kind != .comment }
        end = record.events.last { $0.kind == .terminal } ?? lastMeaning
        lastArrival = record.events.last?.arrival
        contentCount = contentEvents.count
        commentCount = record.events.count { $0.kind == .comment }
        contentBytes = contentEvents.reduce(0) { $0 &+ $1.contentBytes }
        choiceCount = Self.choiceCount(contentEvents)
        lags = CompactIntegers(contentEvents.map { Int(($0.reading - $0.arrival).count) })
        lateBounds = CompactIntegers(contentEvents.map { Int($0.lateBound.count) })
    }

    private static func choiceCount(_ contentEvents: [StreamEvent]) -> Int {
        // Nearly every stream is of one answer, which is quicker to see than to hash.
        guard let first = contentEvents.first?.choice, contentEvents.contains(where: { $0.choice != first }) else {
            return contentEvents.isEmpty ? 0 : 1
        }
        return Set(contentEvents.map(\.choice)).count
    }
}
