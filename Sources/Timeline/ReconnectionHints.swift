/// What a stream of server-sent events told a client that might have to come back.
package struct ReconnectionHints: Sendable, Equatable {
    /// The last event id, which a client sends as `Last-Event-ID`; nil where the stream had none.
    package var lastEventID: String?
    /// How long to wait before coming back (`retry`); nil where the stream did not say.
    package var retry: Nanoseconds?

    package init(lastEventID: String? = nil, retry: Nanoseconds? = nil) {
        self.lastEventID = lastEventID
        self.retry = retry
    }
}
