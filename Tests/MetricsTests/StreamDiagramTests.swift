import TestSupport
import Testing
import Timeline

struct StreamDiagramTests {
    private let start = Instant(nanoseconds: 1000)

    @Test func `every column is a tick, and a group takes one`() {
        let record = StreamRecord(diagram: "r---a--b-(cd)-e|", tick: Nanoseconds(10), start: start)
        #expect(record.events.map(\.arrival.nanoseconds) == [1000, 1040, 1070, 1090, 1090, 1110, 1120])
        #expect(record.events.map(\.readIndex) == [0, 1, 2, 3, 3, 4, 5])
        #expect(record.events.map(\.index) == [0, 1, 2, 3, 4, 5, 6])
        #expect(record.events.compactMap(\.text) == ["a", "b", "c", "d", "e"])
        #expect(record.events.map(\.kind) == [.control, .text, .text, .text, .text, .text, .terminal])
        #expect(record.readCount == 6)
        #expect(record.terminal == Instant(nanoseconds: 1120))
        #expect(record.outcome.isComplete)
    }

    @Test func `marks stand for kinds of events`() {
        let record = StreamRecord(diagram: ":rRTé|", tick: Nanoseconds(1), start: start)
        #expect(record.events.map(\.kind) == [.comment, .control, .reasoning, .tool, .text, .terminal])
        #expect(record.events.map(\.contentBytes) == [0, 0, 1, 1, 2, 0])
    }

    @Test func `a lost connection leaves a truncated stream`() {
        let record = StreamRecord(diagram: "-a--x", tick: Nanoseconds(10), start: start)
        #expect(record.outcome.outcomeClass == .truncated)
        #expect(record.terminal == nil)
        #expect(record.closed == Instant(nanoseconds: 1040))
        #expect(record.events.count == 1)
    }
}
