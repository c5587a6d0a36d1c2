import Testing
import Timeline

@testable import Metrics

/// What a reader has, and what streaming is worth, worked out by hand.
@Suite struct AnswerMetricsTests {
    private func stream(_ reader: ReaderProfile?, marks: AnswerMarks? = nil) -> StreamMetrics {
        var record = StreamRecord.golden
        record.answerMarks = marks
        return StreamMetrics(record, reader: reader)
    }

    @Test(arguments: [(1, 400.0), (5, 700), (6, 705), (9, 705), (10, 706), (16, 1100)])
    func `the time to n tokens is that of the read that brings the n-th`(tokens: Int, expected: Double) {
        #expect(isClose(stream(ReaderProfile(tokens: tokens)).value(of: "time_to_tokens"), expected))
    }

    @Test func `an answer of fewer tokens has no such time, and nobody's reading has no value`() {
        #expect(stream(ReaderProfile(tokens: 17)).value(of: "time_to_tokens") == nil)
        for name in ["time_to_tokens", "reading_end", "first_words", "first_sentence"] {
            #expect(stream(nil).value(of: name) == nil)
        }
    }

    @Test(arguments: [
        // Never out of text: from the first token on 16 tokens at the reader's pace.
        (5.3, 400 + 16 * 1000 / 5.3),
        // Faster than the stream: the last two tokens come at 1100 ms, and take a millisecond each.
        (1000, 1102),
        // At 50 tokens/s the reader waits at 700 ms for 12 tokens, 240 ms, and again at 1100 ms for the last two.
        (50, 1140),
    ])
    func `the reading ends when the slower of reader and stream does`(speed: Double, expected: Double) {
        #expect(isClose(stream(ReaderProfile(speed: speed)).value(of: "reading_end"), expected))
    }

    @Test func `marks become times by the events that they name`() {
        let marks = AnswerMarks(reading: AnswerMarks.Reading(firstSentence: 8, wordCount: 3, firstWords: 4))
        let stream = stream(ReaderProfile(), marks: marks)
        #expect(isClose(stream.value(of: "first_sentence"), 772))
        #expect(isClose(stream.value(of: "first_words"), 700))
        let beyond = AnswerMarks(reading: AnswerMarks.Reading(firstSentence: 99, wordCount: 3))
        #expect(self.stream(ReaderProfile(), marks: beyond).value(of: "first_sentence") == nil)
    }

    /// A stream with an event each 100 ms, whose marks name a different one for everything.
    private func stepwise(_ marks: AnswerMarks) -> StreamMetrics {
        var record = StreamRecord(
            arrivals: [100, 200, 300, 400, 500, 600], tokens: [1, 1, 1, 1, 1, 1], end: 700, requestIndex: 0)
        record.answerMarks = marks
        return StreamMetrics(record)
    }

    @Test func `each time of a call is that of its own event`() {
        let calls = [
            AnswerMarks.ToolCall(name: "a", start: 0, named: 1, complete: 3),
            AnswerMarks.ToolCall(name: "b", start: 2, named: 4, complete: 5),
        ]
        let stream = stepwise(AnswerMarks(toolCalls: calls))
        let expected = [
            ("time_to_tool", 100.0), ("time_to_tool_name", 200), ("time_to_tool_call", 400),
            ("time_to_all_tool_calls", 600), ("tool_calls", 2),
        ]
        for (name, value) in expected { #expect(isClose(stream.value(of: name), value), "\(name)") }
        let cut = stepwise(AnswerMarks(toolCalls: [calls[0], AnswerMarks.ToolCall(name: "b", start: 2, named: 4)]))
        #expect(isClose(cut.value(of: "time_to_tool_call"), 400))
        #expect(cut.value(of: "time_to_all_tool_calls") == nil)
    }

    @Test func `each time of a field is that of its own event`() {
        let fields = [
            AnswerMarks.Field(name: "title", complete: 1), AnswerMarks.Field(name: "body", complete: 3),
            AnswerMarks.Field(name: "title", complete: 4),
        ]
        let stream = stepwise(AnswerMarks(structure: AnswerMarks.Structure(fields: fields, valid: 5)))
        let expected = [
            ("time_to_first_field", 200.0), ("time_to_field.title", 200), ("time_to_field.body", 400),
            ("time_to_valid_json", 600),
        ]
        for (name, value) in expected { #expect(isClose(stream.value(of: name), value), "\(name)") }
        // Each arrival may be late by its own bound alone.
        for (name, _) in expected { #expect(stream.range(of: name) != nil, "\(name)") }
        #expect(isClose(stream.range(of: "time_to_field.body")?.upperBound, 400))
        #expect(stream.value(of: "time_to_field.other") == nil && stream.value(of: "time_to_tool") == nil)
    }

    @Test func `all fields and all whole calls of an answer are in its row`() throws {
        let fields = [AnswerMarks.Field(name: "a \"b\"", complete: 1), AnswerMarks.Field(name: "c", complete: 3)]
        let calls = [
            AnswerMarks.ToolCall(name: "a", start: 0, named: 1, complete: 3),
            AnswerMarks.ToolCall(name: "b", start: 2, named: 4),
        ]
        let stream = stepwise(AnswerMarks(toolCalls: calls, structure: AnswerMarks.Structure(fields: fields)))
        let columns = Dictionary(uniqueKeysWithValues: stream.exportColumns.map { ($0.name, $0.value) })
        #expect(columns["tool_call_count"] == .integer(2) && columns["complete_tool_call_count"] == .integer(1))
        guard case .text(let text)?? = columns["time_to_fields_ms"] else { throw Absent() }
        let times = try JSONValue(parsing: text)
        #expect(times["a \"b\""]?.doubleValue == 200 && times["c"]?.doubleValue == 400)
        let unasked = stepwise(AnswerMarks())
        #expect(unasked.exportColumns.first { $0.name == "time_to_fields_ms" }?.value == nil)
        #expect(unasked.exportColumns.first { $0.name == "complete_tool_call_count" }?.value == nil)
    }

    private struct Absent: Error {}

    @Test func `fields that few answers have give way to those that most have`() {
        var samples = RunSamples(run: .fixture())
        for index in 0..<5 {
            var record = StreamRecord(
                arrivals: [100, 200], tokens: [1, 1], end: 300, requestIndex: index)
            record.target = RunDescription.fixture().targets[0].name
            let invented = (0..<20).map { AnswerMarks.Field(name: "made up \(index).\($0)", complete: 0) }
            let fields = invented + [AnswerMarks.Field(name: "asked", complete: 1)]
            record.answerMarks = AnswerMarks(structure: AnswerMarks.Structure(fields: fields, valid: 1))
            samples.add(record)
        }
        let names = samples.sample(of: RunDescription.fixture().targets[0]).fieldMetrics.map(\.name)
        #expect(names.count == 32 && names.contains("time_to_field.asked"), "\(names)")
    }

    @Test func `streams are compared with whole answers at their own place in the plan`() throws {
        let targets = [TargetRun.fixture(name: "a"), .fixture(name: "a-whole"), .fixture(name: "b")]
        var run = RunDescription.fixture(targets: targets)
        run.targets[1].wholeOf = "a"
        run.targets[1].streams = false
        var samples = RunSamples(run: run)
        func add(_ target: String, _ index: Int, first: Double, end: Double, isComplete: Bool = true) {
            var record = StreamRecord(arrivals: [first, end], tokens: [1, 1], end: end, requestIndex: index)
            record.target = target
            if !isComplete { record.outcome = StreamOutcome(.truncated) }
            samples.add(record)
        }
        // Whole answers end in another order than streams; index / 3 is the place.
        add("a-whole", 4, first: 2000, end: 2000)
        add("a-whole", 1, first: 1000, end: 1000)
        add("a-whole", 7, first: 500, end: 500, isComplete: false)
        add("a", 0, first: 250, end: 1100)
        add("a", 3, first: 200, end: 1900)
        add("a", 6, first: 100, end: 600)
        add("b", 2, first: 100, end: 600)
        let sample = samples.sample(of: run.targets[0])
        let gains = sample.complete.map { sample.value(of: "measured_gain", in: $0) }
        #expect(isClose(gains[0], 0.75) && isClose(gains[1], 0.9) && gains[2] == nil)
        let overheads = sample.complete.map { sample.value(of: "stream_overhead", in: $0) }
        #expect(isClose(overheads[0], 0.1) && isClose(overheads[1], -0.05) && overheads[2] == nil)
        for name in ["a-whole", "b"] {
            let target = try #require(run.targets.first { $0.name == name })
            let other = samples.sample(of: target)
            #expect(other.complete.allSatisfy { other.value(of: "measured_gain", in: $0) == nil })
        }
    }
}
