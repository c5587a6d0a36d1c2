package import Timeline

/// What the measuring thread is to do next.
package enum NextRequest {
    case send(TransportRequest)
    /// Nothing is due before this instant.
    case wait(until: Instant)
    /// Nothing can be sent before a transfer ends.
    case waitForEnd
    /// Nothing will ever be sent again.
    case finished
}

/// Decides what is sent and when; called on the measuring thread alone, so it must neither block nor do I/O.
package protocol RequestSource: AnyObject, Sendable {
    func next(at now: Instant) -> NextRequest

    /// Tells that a request's transfer has ended, whatever its outcome.
    func transferEnded(_ transfer: EndedTransfer, at now: Instant)

    /// Tells what the reader of a log has found once its transfer had ended; nil is that nothing is to follow.
    ///
    /// A source that waits for no such finding ignores it.
    func found(_ next: NextConnection?, after token: Int, at now: Instant)

    /// Asks for no new requests: after this, `next` answers `.finished`.
    func stop()

    /// Becomes readable where `next` has a new answer though no transfer ended here; nil where that never happens.
    var wakeDescriptor: Int32? { get }
}

/// How a stream that broke off is to go on.
package struct NextConnection: Sendable, Equatable {
    /// What to send as `Last-Event-ID`.
    package var lastEventID: String
    package var wait: Nanoseconds
    /// When the request was sent the first time.
    package var begun: Instant

    package init(lastEventID: String, wait: Nanoseconds, begun: Instant) {
        self.lastEventID = lastEventID
        self.wait = wait
        self.begun = begun
    }
}

extension RequestSource {
    package func found(_ next: NextConnection?, after token: Int, at now: Instant) {}

    package var wakeDescriptor: Int32? { nil }
}
