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
        let ends = Ends(of: record.events)
        firstContent = contentEvents.first
        firstAnswer = contentEvents.indices.first { contentEvents[$0].kind.isAnswer }.map { contentEvents[$0] }
        lastContent = contentEvents.last
        lastMeaning = ends.meaning.map { record.events[$0] }
        end = (ends.terminal ?? ends.meaning).map { record.events[$0] }
        lastArrival = record.events.last?.arrival
        contentCount = contentEvents.count
        commentCount = ends.commentCount
        contentBytes = contentEvents.indices.reduce(0) { $0 &+ contentEvents[$1].contentBytes }
        choiceCount = Self.choiceCount(contentEvents)
        lags = CompactIntegers(
            contentEvents.indices.map { Int((contentEvents[$0].reading - contentEvents[$0].arrival).count) })
        lateBounds = CompactIntegers(contentEvents.indices.map { Int(contentEvents[$0].lateBound.count) })
    }

    /// Where the last events of their kind stand.
    ///
    /// By their places: an event that is taken out of an array is a copy, with a count of the references to its text.
    private struct Ends {
        var meaning: Int?
        var terminal: Int?
        var commentCount = 0

        init(of events: [StreamEvent]) {
            for place in events.indices {
                switch events[place].kind {
                case .comment: commentCount += 1
                case .terminal: (meaning, terminal) = (place, place)
                case .text, .reasoning, .tool, .refusal, .control, .error: meaning = place
                }
            }
        }
    }

    private static func choiceCount(_ contentEvents: [StreamEvent]) -> Int {
        // Nearly every stream is of one answer, which is quicker to see than to hash.
        guard let first = contentEvents.first?.choice,
            contentEvents.indices.contains(where: { contentEvents[$0].choice != first })
        else {
            return contentEvents.isEmpty ? 0 : 1
        }
        return Set(contentEvents.map(\.choice)).count
    }
}
