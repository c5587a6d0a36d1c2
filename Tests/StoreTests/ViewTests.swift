import Store
import Testing
import Timeline

/// The views, read by the plain sqlite3 shell, against values that do not come from SQL.
@Suite struct ViewTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("runs.sqlite")
    }

    private func store(_ records: [StreamRecord]) throws {
        let writer = try RunWriter(path: path)
        try writer.begin(.example())
        try writer.append(records)
    }

    /// Planned 1 s after the run's start, which is at 5 s; role, reasoning, two texts in one read, end.
    private var workedExample: StreamRecord {
        func event(_ index: Int, read: Int, at instant: Int64, _ kind: StreamEvent.Kind, tokens: Int?) -> StreamEvent {
            StreamEvent(
                index: index, readIndex: read, arrival: Instant(nanoseconds: instant),
                reading: Instant(nanoseconds: instant + 40), lateBound: Nanoseconds(7_200), kind: kind, tokens: tokens,
                characters: 5, contentBytes: 6, wireBytes: 70)
        }
        var record = StreamRecord(requestIndex: 3, target: "local", planned: Instant(nanoseconds: 6_000_000_000))
        record.sent = Instant(nanoseconds: 6_000_000_100)
        record.terminal = Instant(nanoseconds: 6_900_000_000)
        record.events = [
            event(0, read: 0, at: 6_100_000_000, .control, tokens: nil),
            event(1, read: 1, at: 6_200_000_000, .reasoning, tokens: 2),
            event(2, read: 2, at: 6_500_000_000, .text, tokens: 1),
            event(3, read: 2, at: 6_500_000_000, .text, tokens: nil),
            event(4, read: 3, at: 6_900_000_000, .terminal, tokens: nil),
        ]
        return record
    }

    @Test func `the view events has one row per event, in nanoseconds from the run's start`() throws {
        try store([workedExample])
        #expect(
            rows(of: "SELECT * FROM events", in: path) == [
                "0k3f9x2m1abc|3|1|0|0|1100000000|1100000040|7200|control|-|5|6|70|0",
                "0k3f9x2m1abc|3|1|1|1|1200000000|1200000040|7200|reasoning|2|5|6|70|0",
                "0k3f9x2m1abc|3|1|2|2|1500000000|1500000040|7200|text|1|5|6|70|0",
                "0k3f9x2m1abc|3|1|3|2|1500000000|1500000040|7200|text|-|5|6|70|0",
                "0k3f9x2m1abc|3|1|4|3|1900000000|1900000040|7200|terminal|-|5|6|70|0",
            ])
    }

    @Test func `the view stream_timings counts from sent, and ttft_sched from planned`() throws {
        var failed = StreamRecord(requestIndex: 4, target: "hosted", planned: Instant(nanoseconds: 6_000_000_000))
        failed.outcome = StreamOutcome(.timeoutFirstToken)
        failed.sent = failed.planned
        failed.events = [workedExample.events[0]]
        let empty = StreamRecord(requestIndex: 5, target: "hosted", planned: Instant(nanoseconds: 6_000_000_000))
        try store([workedExample, failed, empty])
        let columns = "request_index, target, outcome, ttft_ns, ttfat_ns, ttlt_ns, e2e_ns, ttft_sched_ns"
        #expect(
            rows(of: "SELECT \(columns) FROM stream_timings ORDER BY 1", in: path) == [
                "3|local|ok|199999900|499999900|499999900|899999900|200000000",
                "4|hosted|timeout_first_token|-|-|-|-|-",
                "5|hosted|ok|-|-|-|-|-",
            ])
    }

    @Test func `both views equal a computation over the records`() throws {
        let run = RunDescription.example()
        let records = (0..<60).map { PlausibleStream(seed: UInt64($0)).record(requestIndex: $0, run: run) }
        try store(records)
        func number(_ value: Int64?) -> String { value.map(String.init) ?? "-" }
        var events: [String] = []
        var timings: [String] = []
        for record in records {
            var first: Int64?
            var firstAnswer: Int64?
            var last: Int64?
            for event in record.events {
                let arrival = event.arrival.nanoseconds - run.started.nanoseconds
                let reading = event.reading.nanoseconds - run.started.nanoseconds
                events.append(
                    "\(record.requestIndex)|\(event.index)|\(event.readIndex)|\(arrival)|\(reading)|"
                        + "\(event.lateBound.count)|\(event.kind.rawValue)|\(number(event.tokens.map(Int64.init)))|"
                        + "\(event.characters)|\(event.contentBytes)|\(event.wireBytes)|\(event.choice)")
                guard event.kind.isContent else { continue }
                if first == nil { first = event.arrival.nanoseconds }
                if firstAnswer == nil, event.kind.isAnswer { firstAnswer = event.arrival.nanoseconds }
                last = event.arrival.nanoseconds
            }
            let sent = record.sent?.nanoseconds ?? 0
            // A complete stream without a terminal event is over with its last event of any meaning.
            let lastOfMeaning = record.outcome.isComplete ? record.events.last { $0.kind != .comment }?.arrival : nil
            let end = record.terminal ?? lastOfMeaning
            timings.append(
                "\(record.requestIndex)|\(number(first.map { $0 - sent }))|\(number(firstAnswer.map { $0 - sent }))|"
                    + "\(number(last.map { $0 - sent }))|\(number(end.map { $0.nanoseconds - sent }))|"
                    + "\(number(first.map { $0 - record.planned.nanoseconds }))")
        }
        let eventColumns =
            "request_index, event_index, read_index, arrival_ns, reading_ns, late_bound_ns, kind, tokens, characters, "
            + "content_bytes, wire_bytes, choice"
        #expect(rows(of: "SELECT \(eventColumns) FROM events ORDER BY 1, 2", in: path) == events)
        let timingColumns = "request_index, ttft_ns, ttfat_ns, ttlt_ns, e2e_ns, ttft_sched_ns"
        #expect(rows(of: "SELECT \(timingColumns) FROM stream_timings ORDER BY 1", in: path) == timings)
    }

    @Test func `Python's sqlite3 module reads texts with NUL bytes and raw bodies whole`() throws {
        var record = workedExample
        record.promptID = "a\u{0}b"
        record.rawBody = [0, 255, 10]
        try store([record])
        let script =
            "import sqlite3; print(sqlite3.connect('\(path)').execute("
            + "'SELECT prompt_id, raw_body FROM requests').fetchall())"
        #expect(output(of: "python3 -c \"\(script)\"") == "[('a\\x00b', b'\\x00\\xff\\n')]\n")
    }
}

/// A stream as a server could send it: instants in order, kinds in any order.
private struct PlausibleStream {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private func step(_ generator: inout SeededGenerator, _ limit: UInt64) -> Int64 { Int64(generator.next() % limit) }

    func record(requestIndex: Int, run: RunDescription) -> StreamRecord {
        var generator = generator
        var clock = run.started + Nanoseconds(step(&generator, 1_000_000_000))
        var record = StreamRecord(requestIndex: requestIndex, target: "local", planned: clock)
        clock = clock + Nanoseconds(step(&generator, 1_000_000))
        record.sent = clock
        let kinds = StreamEvent.Kind.allCases
        for index in 0..<Int(step(&generator, 30)) {
            clock = clock + Nanoseconds(step(&generator, 50_000_000))
            record.events.append(
                StreamEvent(
                    index: index, readIndex: index / 2, arrival: clock,
                    reading: clock + Nanoseconds(step(&generator, 90_000)),
                    lateBound: Nanoseconds(step(&generator, 9_000)),
                    kind: kinds[Int(step(&generator, UInt64(kinds.count)))], tokens: index % 3 == 0 ? nil : index,
                    characters: Int(step(&generator, 9)), contentBytes: Int(step(&generator, 20)),
                    wireBytes: Int(step(&generator, 300)), choice: index % 2))
        }
        if requestIndex % 5 != 0 { record.terminal = clock }
        if requestIndex % 10 == 0 { record.outcome = StreamOutcome(.truncated) }
        return record
    }
}
