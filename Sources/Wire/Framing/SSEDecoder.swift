/// An incremental decoder of server-sent events: bytes in any division in, items out.
///
/// It follows the WHATWG HTML standard, sections 9.2.5 and 9.2.6, and tells more than that asks for: comments, ignored
/// lines, the unfinished tail and the bytes of each event. Lines are split before UTF-8 is repaired, which gives the
/// same lines, since the bytes of line ends occur in no longer sequence.
package struct SSEDecoder: Sendable {
    package enum Item {
        case event(WireEvent)
        /// What stands after a comment's colon, and the bytes of its line.
        case comment(UnsafeRawBufferPointer, wireBytes: Int)
        /// A line that is no field of the format, as HTML and bare JSON in a stream are.
        case ignoredLine(UnsafeRawBufferPointer)
    }

    package enum Failure: Error, Equatable, Sendable {
        case eventTooLarge(limit: Int)
    }

    /// The end of a stream that was not followed by the blank line which would have made it an event.
    package struct Tail: Sendable, Equatable {
        package var typeBytes: [UInt8]
        /// The data as it would be if the stream had gone on with a blank line.
        package var data: [UInt8]
        /// The last line, where no line end followed it.
        package var line: [UInt8]
    }

    /// The reconnection time in milliseconds, where the stream set one.
    package internal(set) var retry: UInt64?
    /// Set once an event exceeded the limit; from then on everything is discarded.
    package private(set) var failure: Failure?
    /// Lines in which invalid UTF-8 was replaced by U+FFFD.
    package private(set) var repairedLines = 0

    /// The greatest number of bytes that one event may have.
    private let limit: Int
    var fields = SSEFields()
    /// The part of a line that has arrived before the current read.
    private var partial: [UInt8] = []
    /// Bytes of the byte order mark seen at the start; nil once that is decided.
    private var markBytes: Int? = 0
    /// Whether the last byte was the CR that ended a line, so that an LF now belongs to it.
    private var swallowsLineFeed = false

    package init(limit: Int = 16 << 20) { self.limit = limit }

    /// Takes the next bytes and hands every item they complete to the body, together with the state it works on.
    package mutating func receive<State>(
        _ bytes: UnsafeRawBufferPointer, into state: inout State, _ body: (Item, inout State) -> Void
    ) {
        guard failure == nil, let start = bytes.baseAddress else { return }
        var position = skipMark(bytes)
        var nextLineFeed = -1
        var nextReturn = -1
        while position < bytes.count {
            if swallowsLineFeed {
                swallowsLineFeed = false
                if bytes[position] == 0x0a {
                    position += 1
                    fields.countSwallowed()
                    continue
                }
            }
            if nextLineFeed < position { nextLineFeed = bytes.position(of: 0x0a, from: position) }
            if nextReturn < position { nextReturn = bytes.position(of: 0x0d, from: position) }
            let end = min(nextLineFeed, nextReturn)
            let piece = UnsafeRawBufferPointer(start: start + position, count: end - position)
            guard end < bytes.count else {
                partial.append(contentsOf: piece)
                if fields.wireBytes + partial.count > limit { fail() }
                break
            }
            swallowsLineFeed = end == nextReturn
            finishLine(piece, into: &state, body)
            if failure != nil { return }
            position = end + 1
        }
        fields.keepData()
    }

    /// Begins anew on a further connection: what was unfinished is nothing, the id and the pause to come back stay.
    mutating func reconnect() {
        fields.reconnect()
        partial = []
        markBytes = 0
        swallowsLineFeed = false
    }

    /// What is left when the stream is over; nil where it ended between events.
    package var tail: Tail? {
        var line = partial
        if let markBytes, markBytes < 3 { line += [0xef, 0xbb, 0xbf].prefix(markBytes) }
        guard !line.isEmpty || fields.hasData else { return nil }
        var rest = fields
        if line.starts(with: SSEFields.dataPrefix) {
            let repaired = Array(String(decoding: line, as: UTF8.self).utf8)
            repaired.withUnsafeBytes { rest.addData(SSEFields.value(of: $0, after: 4), isStable: false) }
        }
        return Tail(typeBytes: rest.type, data: rest.storedData, line: line)
    }

    private mutating func fail() {
        failure = .eventTooLarge(limit: limit)
        partial = []
        fields = SSEFields()
    }

    /// Passes over one byte order mark at the very start, also where reads divide it; returns where to go on.
    private mutating func skipMark(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard var matched = markBytes else { return 0 }
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        var position = 0
        while matched < mark.count, position < bytes.count, bytes[position] == mark[matched] {
            matched += 1
            position += 1
        }
        guard matched < mark.count, position < bytes.count else {
            markBytes = matched == mark.count ? nil : matched
            return position
        }
        // Some first bytes of the mark and then another byte: they are the start of a line like any other.
        markBytes = nil
        partial = Array(mark.prefix(matched - position))
        return 0
    }

    private mutating func finishLine<State>(
        _ piece: UnsafeRawBufferPointer, into state: inout State, _ body: (Item, inout State) -> Void
    ) {
        if partial.isEmpty {
            repairLine(piece, isStable: true, into: &state, body)
        } else {
            var line: [UInt8] = []
            swap(&line, &partial)
            line.append(contentsOf: piece)
            line.withUnsafeBytes { repairLine($0, isStable: false, into: &state, body) }
            line.removeAll(keepingCapacity: line.count < 1 << 16)
            swap(&line, &partial)
        }
    }

    private mutating func repairLine<State>(
        _ line: UnsafeRawBufferPointer, isStable: Bool, into state: inout State, _ body: (Item, inout State) -> Void
    ) {
        guard fields.wireBytes + line.count <= limit else { return fail() }
        guard !line.isValidUTF8 else { return take(line, isStable: isStable, wireBytes: line.count + 1, &state, body) }
        repairedLines += 1
        let repaired = Array(String(decoding: line, as: UTF8.self).utf8)
        repaired.withUnsafeBytes { take($0, isStable: false, wireBytes: line.count + 1, &state, body) }
    }

    private mutating func take<State>(
        _ line: UnsafeRawBufferPointer, isStable: Bool, wireBytes: Int, _ state: inout State,
        _ body: (Item, inout State) -> Void
    ) {
        if line.isEmpty {
            fields.wireBytes += wireBytes
            fields.dispatch { body(.event($0), &state) }
        } else if line[0] == UInt8(ascii: ":") {
            body(.comment(UnsafeRawBufferPointer(rebasing: line[1...]), wireBytes: wireBytes), &state)
        } else {
            fields.wireBytes += wireBytes
            switch fields.add(line, isStable: isStable) {
            case .field: break
            case .retry(let milliseconds): retry = milliseconds
            case .ignored: body(.ignoredLine(line), &state)
            }
        }
    }
}
