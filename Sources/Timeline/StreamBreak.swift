/// A place where a stream broke off, and how it went on over a further connection.
package struct StreamBreak: Sendable, Equatable {
    /// The id of the last event before the break, sent as `Last-Event-ID`.
    package var lastEventID: String
    /// When the connection that broke was over.
    package var broken: Instant
    /// When the request was sent again; nil where it never came so far.
    package var sent: Instant?
    /// When the stream had begun to come again; nil where it did not.
    package var resumed: Instant?
    /// The status of the further response; nil where none came.
    package var status: Int?
    /// Events that had come before the break and were sent again after it; they count once.
    package var repeated: Int

    package init(
        lastEventID: String, broken: Instant, sent: Instant? = nil, resumed: Instant? = nil, status: Int? = nil,
        repeated: Int = 0
    ) {
        self.lastEventID = lastEventID
        self.broken = broken
        self.sent = sent
        self.resumed = resumed
        self.status = status
        self.repeated = repeated
    }

    /// How long nothing could come; nil where nothing came again.
    package var length: Nanoseconds? { resumed.map { $0 - broken } }
}
