import Timeline

/// What a target's streams had in them for connections that must be kept, or come back.
package struct KeepAliveSummary: Sendable, Equatable {
    /// In complete streams.
    package var comments: Int
    /// Complete streams with a comment.
    package var streamsWithComments: Int
    /// Complete streams with event ids, by which a client could go on where it stopped.
    package var streamsWithIDs: Int
    /// The longest pause before coming back that a stream asked for, in milliseconds; nil where none did.
    package var reconnectAfter: Double?
    /// Streams, complete or not, that broke off and were asked for again.
    package var brokenStreams: Int
    /// Those of them that are complete in the end.
    package var resumedStreams: Int
    /// How long nothing could come in breaks that were got over, in milliseconds; nil without one.
    package var breaks: MeasurementError.Spread?
    /// Events that were sent again after a break, and count once.
    package var repeatedEvents: Int

    package init(
        comments: Int = 0, streamsWithComments: Int = 0, streamsWithIDs: Int = 0, reconnectAfter: Double? = nil,
        brokenStreams: Int = 0, resumedStreams: Int = 0, breaks: MeasurementError.Spread? = nil, repeatedEvents: Int = 0
    ) {
        self.comments = comments
        self.streamsWithComments = streamsWithComments
        self.streamsWithIDs = streamsWithIDs
        self.reconnectAfter = reconnectAfter
        self.brokenStreams = brokenStreams
        self.resumedStreams = resumedStreams
        self.breaks = breaks
        self.repeatedEvents = repeatedEvents
    }
}

extension TargetSample {
    var keepAlives: KeepAliveSummary {
        KeepAliveSummary(
            comments: complete.reduce(0) { $0 + $1.landmarks.commentCount },
            streamsWithComments: complete.count { $0.landmarks.commentCount > 0 },
            streamsWithIDs: complete.count { $0.record.reconnection?.lastEventID != nil },
            reconnectAfter: complete.compactMap { $0.record.reconnection?.retry?.milliseconds }.max(),
            brokenStreams: measured.count { !$0.record.breaks.isEmpty },
            resumedStreams: complete.count { !$0.record.breaks.isEmpty },
            breaks: spread(measured.flatMap { $0.record.breaks.compactMap { $0.length?.milliseconds } }),
            repeatedEvents: measured.reduce(0) { $0 + $1.record.breaks.reduce(0) { $0 + $1.repeated } })
    }
}
