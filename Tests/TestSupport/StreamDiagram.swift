package import Timeline

/// A stream drawn as one line of text, in which every column is one tick of time.
///
/// The request is sent at column 0, and what stands in column n arrives n ticks later:
///
///     r---a--b-(cd)-e|
///
/// | mark | what arrives |
/// |---|---|
/// | `-` | nothing |
/// | `r` | a delta with a role and no text |
/// | `R`, `T` | a reasoning delta, a tool-call delta |
/// | `:` | a comment that keeps the connection alive |
/// | `\|` | the terminal event: the stream ends well |
/// | `x` | nothing more: the connection is lost |
/// | `(ab)` | events that one read completes; all of it takes one column |
/// | any other character | a text delta of that character |
package struct StreamDiagram: Sendable {
    package private(set) var events: [StreamEvent] = []
    package private(set) var terminal: Instant?
    package private(set) var closed: Instant

    private let start: Instant
    private let tick: Nanoseconds
    private var column: Int64 = 0
    private var readIndex = 0
    private var isInGroup = false

    package init(_ diagram: String, tick: Nanoseconds, start: Instant) {
        self.start = start
        self.tick = tick
        closed = start
        for mark in diagram { take(mark) }
        closed = terminal ?? now
    }

    /// How many reads completed an event.
    package var readCount: Int { (events.last?.readIndex ?? -1) + 1 }

    private var now: Instant { start + Nanoseconds(column * tick.count) }

    private mutating func take(_ mark: Character) {
        switch mark {
        case "(": isInGroup = true
        case ")":
            isInGroup = false
            finishRead()
        case "-": column += 1
        case "x": break
        default:
            append(mark)
            if !isInGroup { finishRead() }
        }
    }

    private mutating func finishRead() {
        readIndex += 1
        column += 1
    }

    private mutating func append(_ mark: Character) {
        let kind: StreamEvent.Kind =
            switch mark {
            case "r": .control
            case "R": .reasoning
            case "T": .tool
            case ":": .comment
            case "|": .terminal
            default: .text
            }
        if kind == .terminal { terminal = now }
        let text = kind.isContent ? String(mark) : ""
        events.append(
            StreamEvent(
                index: events.count, readIndex: readIndex, arrival: now, reading: now, lateBound: .zero, kind: kind,
                characters: text.unicodeScalars.count, contentBytes: text.utf8.count,
                wireBytes: text.utf8.count + 8, text: kind.isContent ? text : nil))
    }
}

extension StreamRecord {
    /// Creates the record of a drawn stream: complete where the diagram has a terminal event, else truncated.
    package init(
        diagram: String, tick: Nanoseconds, start: Instant = Instant(nanoseconds: 1_000_000_000),
        requestIndex: Int = 0, target: String = "target", phase: RequestPhase = .measured, usage: TokenUsage? = nil
    ) {
        let stream = StreamDiagram(diagram, tick: tick, start: start)
        self.init(
            requestIndex: requestIndex, target: target, phase: phase, planned: start, dispatched: start, sent: start,
            firstByte: stream.events.first?.arrival, headersComplete: stream.events.first?.arrival,
            terminal: stream.terminal, closed: stream.closed, httpStatus: 200, httpVersion: "1.1",
            events: stream.events, readCount: stream.readCount,
            bytesReceived: stream.events.reduce(0) { $0 + $1.wireBytes },
            finishReason: stream.terminal == nil ? nil : "stop", usage: usage,
            outcome: StreamOutcome(stream.terminal == nil ? .truncated : .ok))
    }
}
