/// Which requests the tool is to cancel on purpose, and at what point of their streams.
package struct CancellationPlan: Sendable, Equatable, Codable {
    package enum Point: Sendable, Equatable, Codable {
        /// Once so many tokens have come; an event whose tokens the server does not count is one.
        case tokens(Int)
        /// So long after the request was sent.
        case time(Nanoseconds)
    }

    /// Of the measured requests.
    package var share: Double
    package var point: Point

    package init(share: Double, point: Point) {
        self.share = share
        self.point = point
    }

    /// Whether a target's so-manieth measured request, from 0, is one of them.
    ///
    /// They are spread evenly over the run, so that cancelled and finished requests see the same server; `offset`, from 0
    /// to 1, says where the first one is.
    package func includes(_ position: Int, offset: Double) -> Bool {
        let count = { (position: Int) in (Double(position) * share + offset).rounded(.down) }
        return share >= 1 || count(position + 1) > count(position)
    }
}

/// That the tool ended an attempt on purpose, as its scenario asked.
package struct Cancellation: Sendable, Equatable {
    /// Just before the connection, or the stream of HTTP/2, was closed.
    package var instant: Instant
    /// What the server did after it, where a log of the server's own tells.
    package var aftermath: ServerAftermath?

    package init(instant: Instant, aftermath: ServerAftermath? = nil) {
        self.instant = instant
        self.aftermath = aftermath
    }
}

/// What a server did after a client had left, by its own log.
package struct ServerAftermath: Sendable, Equatable {
    /// When it noticed that the client had left.
    package var noticed: Instant
    /// When it stopped working for the client.
    package var stopped: Instant
    /// Tokens that it made after the cancellation, whether or not it sent them.
    package var tokens: Int

    package init(noticed: Instant, stopped: Instant, tokens: Int) {
        self.noticed = noticed
        self.stopped = stopped
        self.tokens = tokens
    }
}
