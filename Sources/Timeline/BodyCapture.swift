/// How a response body that is kept came: what decoding it again needs besides its bytes, its status and its headers.
package struct BodyCapture: Sendable, Equatable {
    /// One read of the body, with its stamp as it was taken.
    package struct Read: Sendable, Equatable {
        /// Bytes of the body up to the end of this read.
        package var end: Int
        package var arrival: Instant
        package var reading: Instant
        /// The most by which `arrival` can be later than the true arrival.
        package var lateBound: Nanoseconds

        package init(end: Int, arrival: Instant, reading: Instant, lateBound: Nanoseconds) {
            self.end = end
            self.arrival = arrival
            self.reading = reading
            self.lateBound = lateBound
        }
    }

    package var reads: [Read]
    package var end: TransportEnd
    /// Whether the request asked for a stream.
    package var expectsStream: Bool
    /// Whether events carry their text.
    package var keepsText: Bool

    package init(reads: [Read], end: TransportEnd, expectsStream: Bool, keepsText: Bool) {
        self.reads = reads
        self.end = end
        self.expectsStream = expectsStream
        self.keepsText = keepsText
    }
}
