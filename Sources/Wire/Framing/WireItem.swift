import Timeline

/// One thing that stood on the wire, with the decoded events that it became.
package struct WireItem: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// An event as the framing has it; types are those of server-sent events.
        case event(type: String, identifier: String)
        case comment
        /// A line that is no field of the format.
        case ignoredLine
        /// What the end of the body left without the blank line or line end that makes it an event.
        case unfinished
    }

    package var kind: Kind
    /// The event's data, what follows the comment's colon, or the line.
    package var data: [UInt8]
    /// The read that completed it.
    package var readIndex: Int
    package var wireBytes: Int
    /// Which of the stream's decoded events it became; empty where it proved nothing.
    package var events: Range<Int>
}

extension StreamReading {
    /// Keeps an event that was just read, where that was asked for.
    mutating func keep(_ event: WireEvent, eventsFrom first: Int) {
        guard items != nil else { return }
        let identifier = String(decoding: event.identifier, as: UTF8.self)
        append(
            .event(type: event.type, identifier: identifier), event.data, event.wireBytes, first..<events.count)
    }

    /// Keeps what was just read, where that was asked for.
    mutating func keep(_ item: SSEDecoder.Item, eventsFrom first: Int) {
        guard items != nil else { return }
        let events = first..<events.count
        switch item {
        case .event(let event): keep(event, eventsFrom: first)
        case .comment(let text, let wireBytes): append(.comment, text, wireBytes, events)
        case .ignoredLine(let line): append(.ignoredLine, line, line.count + 1, events)
        }
    }

    /// Keeps the rest of a body that ended within an event, where that was asked for.
    mutating func keepUnfinished(_ rest: [UInt8]) {
        rest.withUnsafeBytes { append(.unfinished, $0, rest.count, events.count..<events.count) }
    }

    private mutating func append(
        _ kind: WireItem.Kind, _ data: UnsafeRawBufferPointer, _ wireBytes: Int, _ events: Range<Int>
    ) {
        items?.append(
            WireItem(kind: kind, data: Array(data), readIndex: readIndex, wireBytes: wireBytes, events: events))
    }
}
