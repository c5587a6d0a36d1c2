import Timeline

/// The reads of a stream that completed content, in their order and in little memory.
package struct ContentReads: RandomAccessCollection, Sendable, Equatable {
    private let arrivals: [Instant]
    private let lateBounds: CompactIntegers
    private let tokens: CompactIntegers
    /// The events of the reads up to and with each; nil where each read has one.
    private let eventEnds: CompactIntegers?

    /// The bounds of the single events are those of the reads where each read has one event; then one copy serves both.
    init(_ reads: [ContentRead], eventBounds: CompactIntegers) {
        arrivals = reads.map(\.arrival)
        let lateBounds = CompactIntegers(reads.map { Int($0.lateBound.count) })
        self.lateBounds = lateBounds == eventBounds ? eventBounds : lateBounds
        tokens = CompactIntegers(reads.map(\.tokens))
        let isOneEach = reads.enumerated().allSatisfy { $1.events == $0..<$0 + 1 }
        eventEnds = isOneEach ? nil : CompactIntegers(reads.map(\.events.upperBound))
    }

    package var startIndex: Int { 0 }

    package var endIndex: Int { arrivals.count }

    package subscript(position: Int) -> ContentRead {
        let end = eventEnds?[position] ?? position + 1
        let start = position == 0 ? 0 : eventEnds?[position - 1] ?? position
        return ContentRead(
            arrival: arrivals[position], lateBound: Nanoseconds(Int64(lateBounds[position])), events: start..<end,
            tokens: tokens[position])
    }
}
