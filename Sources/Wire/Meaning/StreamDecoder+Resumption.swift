package import Timeline

/// Streams that break off and go on over a further connection, as the WHATWG HTML standard, section 9.2.3, has it.
extension StreamDecoder {
    /// How a broken stream can go on; nil where it is whole, or has no ids, or has told an error.
    ///
    /// The bytes of a connection that has ended must have been received.
    package func resumption(after end: TransportEnd) -> ReconnectionHints? {
        guard !reading.sawTerminal, reading.error == nil, let hints = reconnectionHints, hints.lastEventID != nil
        else { return nil }
        return switch end {
        case .clean, .cutShort, .broken: hints
        // These mended themselves nowhere, or were our own decision.
        case .connectFailed, .tlsFailed, .malformedHTTP, .tooLarge, .timedOut, .cancelled: nil
        }
    }

    /// Goes on with the stream on a further connection, where the known events are not taken a second time.
    package mutating func reconnect(after known: KnownEvents) { reconnectStream(known) }

    /// The events that were sent again after a break.
    package var repeatedEventCount: Int { reading.repeatedEventCount }

    /// The id of the answer, where the API has one; a server that begins anew gives another one.
    package var responseID: String? { reading.responseID }
}
