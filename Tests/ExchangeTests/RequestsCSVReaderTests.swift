import Exchange
import Testing
import Timeline

@Suite struct RequestsCSVReaderTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// The record as an export carries it: counted from the run's start, content events only.
    private func carried(_ record: StreamRecord) -> StreamRecord {
        func move(_ instant: Instant) -> Instant {
            Instant(nanoseconds: instant.nanoseconds - ExampleExport.start.nanoseconds)
        }
        var record = record
        record.planned = move(record.planned)
        record.dispatched = record.dispatched.map(move)
        record.sent = record.sent.map(move)
        record.firstByte = record.firstByte.map(move)
        record.terminal = record.terminal.map(move)
        let tokens = [nil, 4, 3, 1, nil]
        for index in record.events.indices {
            record.events[index].arrival = move(record.events[index].arrival)
            record.events[index].reading = move(record.events[index].reading)
            record.events[index].tokens = tokens[index]
        }
        record.events.removeAll { !$0.kind.isContent }
        record.readCount = (record.events.last?.readIndex ?? -1) + 1
        // Limits of other names have no columns of their own.
        if record.rateLimits != nil {
            record.rateLimits = RateLimits(allowances: [
                .init(name: "requests", remaining: 3),
                .init(name: "tokens", limit: 40_000, remaining: 0, reset: Nanoseconds(17_000_000)),
            ])
        }
        return record
    }

    @Test func `records come back from an export with all instants of their content`() throws {
        try ExampleExport.write(to: directory.file("out"))
        let targets = try RequestsCSVReader.targets(path: directory.file("out/requests.csv"))
        #expect(targets.map(\.runID) == ["0k3f9x2m1abc", "0k3f9x2m1abc"])
        #expect(targets.map(\.target.name) == ["local", "hosted"])
        #expect(targets.map(\.target.model) == ["m1", "m\"2"])
        #expect(targets.map(\.scenario) == ["two, models", "two, models"])
        #expect(targets[0].records == [carried(ExampleExport.complete)])
        #expect(targets[1].records == [carried(ExampleExport.failed)])
    }

    @Test func `without events.csv the first and last content stand, and tpot comes out as the column has it`() throws {
        try ExampleExport.write(to: directory.file("out"))
        let path = try directory.write(try directory.text(of: "out/requests.csv"), to: "moved.csv")
        let record = try RequestsCSVReader.targets(path: path)[0].records[0]
        #expect(!record.hasEveryEvent)
        #expect(record.events.map(\.kind) == [.reasoning, .text])
        #expect(record.events.map { $0.arrival.nanoseconds } == [101_000_001, 301_000_004])
        #expect(record.events.map(\.tokens) == [4, 4])
        #expect(record.terminal?.nanoseconds == 401_000_008)
        #expect(record.usage == TokenUsage(input: 11, output: 8, reasoning: 4))
    }

    private let header =
        "run_id,request_index,attempt,phase,target,status,start_offset_ms,ttft_ms,ttlt_ms,e2e_ms,tpot_ms"

    @Test func `a file written by hand, with CRLF, a mark and quotes, is read`() throws {
        let text =
            "\u{feff}\(header),output_tokens,reasoning_tokens\r\nr,0,1,measured,\"a, \"\"b\"\"\",ok,0,250,1250.5,1300,10.005,"
            + "121,20\r\n\r\nr,1,1,measured,\"a, \"\"b\"\"\",ok,0.5,1e2,100,100,,1,\r\n"
        let targets = try RequestsCSVReader.targets(path: try directory.write(text, to: "requests.csv"))
        #expect(targets.count == 1)
        #expect(targets[0].target.name == "a, \"b\"")
        let first = targets[0].records[0]
        #expect(first.events.map { $0.arrival.nanoseconds } == [250_000_000, 1_250_500_000])
        // 1000.5 ms at 10.005 ms per token are 100 tokens; 121 less 20 hidden ones leave 1 for the first.
        #expect(first.events.map(\.tokens) == [1, 100])
        let second = targets[0].records[1]
        #expect(second.sent?.nanoseconds == 500_000)
        #expect(second.events.map { $0.arrival.nanoseconds } == [100_500_000])
        #expect(second.events.map(\.tokens) == [1])
    }

    @Test(arguments: [
        ("", ":1:1: the file is empty; expected a header line"),
        ("run_id,metric,stat,value\n", ":1:1: this is a summary.csv, not the requests.csv of an export"),
        ("run_id,request_index,attempt,event_index,offset_ms\n", ":1:1: this is an events.csv, not"),
        ("run_id,target,started_monotonic_ns,boot_id\n", ":1:1: this is a runs.csv, not"),
        (
            "a,b\n1,2\n",
            ":1:1: the header lacks run_id, request_index, attempt, phase, target, status, start_offset_ms; found a, b"
        ),
        ("H,ttft_ms\n", ":1:97 (ttft_ms): the header has this column twice"),
        ("H\n", ":1:1 (run_id): the file has a header and no rows"),
        ("H\nr,0,1\n", ":2:1: found 3 cells in this row; the header has 11"),
        ("H\nr,0,1,measured,a,ok,0,1,2,3,4,5\n", ":2:1: found 12 cells in this row; the header has 11"),
        ("H\nr,0,1,measured,a,fine,0,1,2,3,4\n", ":2:18 (status): found 'fine'; allowed are ok, ok_empty"),
        ("H\nr,0,1,cooldown,a,ok,0,1,2,3,4\n", ":2:7 (phase): found 'cooldown'; allowed are warmup, measured"),
        ("H\nr,zero,1,measured,a,ok,0,1,2,3,4\n", ":2:3 (request_index): found 'zero'; expected an integer"),
        ("H\nr,,1,measured,a,ok,0,1,2,3,4\n", ":2:3 (request_index): the cell is empty; an integer is required"),
        ("H\nr,0,1,measured,a,ok,0,1 s,2,3,4\n", ":2:23 (ttft_ms): found '1 s'; expected milliseconds such as"),
        ("H\nr,0,1,measured,a,ok,0,nan,2,3,4\n", ":2:23 (ttft_ms): found 'nan'; expected milliseconds"),
        ("H\nr,0,1,measured,a,ok,0,99999999999999,2,3,4\n", ":2:23 (ttft_ms): found '99999999999999'; expected"),
        (
            "H\nr,0,1,measured,a,ok,0,5,2,3,4\n",
            ":2:25 (ttlt_ms): the last content comes before the first content, ttft_ms"
        ),
        ("H\nr,0,1,measured,a,ok,,5,6,7,1\n", ":2:21 (start_offset_ms): the cell is empty, but ttft_ms has"),
        (
            "H\nr,0,1,measured,a,ok,0,1,2,3,4\nr,0,1,measured,a,ok,0,1,2,3,4\n",
            ":3:3 (request_index): the file has this"
        ),
        ("H\nr,0,1,measured,\"日本,ok,0,1,2,3,4\n", ":2:16: the quotation mark that opens here is never closed"),
        ("H\nr,0,1,measured,\"a\"b,ok,0,1,2,3,4\n", ":2:19: found text after a closing quotation mark"),
        ("H\nr,0,1,measured,a\"b,ok,0,1,2,3,4\n", ":2:17: found '\"' inside a cell without quotation marks"),
    ])
    func `bad input is refused with its place, what was found and what is allowed`(
        text: String, expected: String
    ) throws {
        let path = try directory.write(text.replacing("H", with: header), to: "a.csv")
        #expect {
            try RequestsCSVReader.targets(path: path)
        } throws: { error in "\(error)".hasPrefix(path + expected) }
    }

    @Test(arguments: [
        (
            "run_id,request_index,attempt,phase,target,status,start_offset_ms,ttft_s,ttlt_ms,e2e_ms\n"
                + "r,0,1,measured,a,ok,0,0.25,1250,1300\n",
            "it needs the column ttft_ms; there is ttft_s, and times are milliseconds here: convert it and name it ttft_ms"
        ),
        (
            "run_id,request_index,attempt,phase,target,status,start_offset_seconds,ttft_ms,ttlt_ms,e2e_ms\n",
            "the header lacks start_offset_ms; found run_id, request_index, attempt, phase, target, status, ...; there is "
                + "start_offset_seconds, and times are milliseconds here"
        ),
        (
            "H,output_tokens\nr,0,1,measured,a,ok,0,250,1250,1.3,10,101\n",
            ":2:32 (e2e_ms): the end comes before the last content, ttlt_ms; are both in milliseconds?"
        ),
        (
            "H,ttfb_ms\nr,0,1,measured,a,ok,0,0.25,1250,1300,10,120\n",
            "(ttft_ms): the first content comes before the first byte, ttfb_ms; are both in milliseconds?"
        ),
        (
            "H,output_tokens\nr,0,1,measured,a,ok,0,250,1250,1300,0.01,101\n",
            "(tpot_ms): at this pace 100000 tokens came after the first, but output_tokens has 101; is it in milliseconds"
        ),
        (
            "H\nr,0,1,measured,a,ok,0,250ms,1250,1300,10\n",
            "(ttft_ms): found '250ms'; expected milliseconds such as 12.345678"
        ),
        // A newline within quotes is one row, and counts as a line.
        (
            "H,error_message\r\nr,0,1,measured,a,ok,0,250,1250,1300,10,\"two\r\nlines\"\r\nr,1,1,measured,a,ok,0,x,1,1,1,\r\n",
            ":4:23 (ttft_ms): found 'x'; expected milliseconds"
        ),
    ])
    func `what an editor or a wrong unit did to a file is told`(text: String, words: String) throws {
        let path = try directory.write(text.replacing("H", with: header), to: "edited.csv")
        let error = #expect(throws: ExchangeError.self) { try RequestsCSVReader.targets(path: path) }
        #expect(error.map { "\($0)".contains(words) } ?? false, "\(error.map { "\($0)" } ?? "")")
    }

    @Test(arguments: [
        ("H\nr,0,-1,measured,a,ok,0,1,2,3,4\n", ":2:5 (attempt): found -1; allowed are 1 to 64"),
        ("H\nr,0,0,measured,a,ok,0,1,2,3,4\n", ":2:5 (attempt): found 0; allowed are 1 to 64"),
        ("H\nr,0,9223372036854775807,measured,a,ok,0,1,2,3,4\n", "(attempt): found 9223372036854775807; allowed are"),
        ("H\nr,-1,1,measured,a,ok,0,1,2,3,4\n", ":2:3 (request_index): found -1; allowed are 0 to 1000000000"),
        ("H\nr,0,1,measured,a,ok,-99,1,2,3,4\n", ":2:21 (start_offset_ms): found -99; allowed are 0 and more"),
        ("H\nr,0,1,measured,a,ok,0,-1,2,3,4\n", ":2:23 (ttft_ms): found -1; allowed are 0 and more milliseconds"),
        ("H\nr,0,1,measured,a,ok,0,1,2,3,-4\n", ":2:29 (tpot_ms): found -4; allowed are 0 and more milliseconds"),
        ("H\nr,0,1,measured,a,ok,400000000000,1,2,3,4\n", "(start_offset_ms): found 400000000000; allowed are mill"),
        ("H,output_tokens\nr,0,1,measured,a,ok,0,1,2,3,4,9223372036854775807\n", "allowed are 0 to 1000000000"),
        ("H,input_tokens\nr,0,1,measured,a,ok,0,1,2,3,4,9223372036854775807\n", "(input_tokens): found 92"),
        ("H,reasoning_tokens\nr,0,1,measured,a,ok,0,1,2,3,4,-9223372036854775808\n", "(reasoning_tokens): found -92"),
        ("H,cached_tokens\nr,0,1,measured,a,ok,0,1,2,3,4,-1\n", "(cached_tokens): found -1; allowed are 0 to"),
        ("H,content_events\nr,0,1,measured,a,ok,0,1,2,3,4,1000000001\n", "(content_events): found 1000000001;"),
        ("H,bytes_received\nr,0,1,measured,a,ok,0,1,2,3,4,-7\n", "(bytes_received): found -7; allowed are 0 to"),
        ("H,sends\nr,0,1,measured,a,ok,0,1,2,3,4,-7\n", "(sends): found -7; allowed are 0 to"),
        ("H,http_status\nr,0,1,measured,a,ok,0,1,2,3,4,7\n", "(http_status): found 7; allowed are 100 to 999"),
        (
            "H,dispatch_offset_ms\nr,0,1,measured,a,ok,4,1,2,3,4,5\n",
            "(start_offset_ms): the send comes before its dispatch, dispatch_offset_ms"
        ),
        (
            "H,planned_offset_ms,dispatch_offset_ms\nr,0,1,measured,a,ok,8,1,2,3,4,6,5\n",
            "(dispatch_offset_ms): it comes before the planned instant, planned_offset_ms"
        ),
        (
            "H,planned_offset_ms\nr,0,1,measured,a,ok,4,1,2,3,4,5\n",
            "(start_offset_ms): it comes before the planned instant, planned_offset_ms"
        ),
    ])
    func `a number that no measurement has is refused with its place and what is allowed`(
        text: String, words: String
    ) throws {
        let path = try directory.write(text.replacing("H", with: header), to: "edited.csv")
        let error = #expect(throws: ExchangeError.self) { try RequestsCSVReader.targets(path: path) }
        #expect(error.map { "\($0)".contains(words) } ?? false, "\(error.map { "\($0)" } ?? "")")
    }

    @Test(arguments: [
        ("read_index", "9223372036854775807", "found 9223372036854775807; allowed are 0 to 1000000000"),
        ("offset_ms", "-1", "found -1; allowed are 0 and more milliseconds"), ("tokens", "-5", "found -5; allowed are"),
        ("bytes", "9223372036854775807", "found 9223372036854775807; allowed are 0 to 1000000000"),
        ("attempt", "65", "found 65; allowed are 1 to 64"),
    ])
    func `an events.csv with such a number is refused too`(column: String, value: String, words: String) throws {
        try ExampleExport.write(to: directory.file("out"))
        var rows = try directory.text(of: "out/events.csv").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let position = try #require(rows[0].firstIndex(of: column))
        rows[1][position] = value
        let text = rows.map { $0.joined(separator: ",") }.joined(separator: "\n")
        _ = try directory.write(text, to: "out/events.csv")
        let error = #expect(throws: ExchangeError.self) {
            try RequestsCSVReader.targets(path: directory.file("out/requests.csv"))
        }
        #expect(error.map { "\($0)".contains("(\(column)): \(words)") } ?? false, "\(error.map { "\($0)" } ?? "")")
    }

    @Test func `bytes that are not UTF-8 are refused with their place`() throws {
        let path = directory.file("a.csv")
        _ = output(of: "printf 'run_id\\nab\\377\\n' > \(path)")
        #expect {
            try RequestsCSVReader.targets(path: path)
        } throws: { error in "\(error)" == "\(path):2:3: found a byte that is not UTF-8; save the file as UTF-8" }
    }

    @Test func `a missing file is told apart from a malformed one`() {
        let path = directory.file("none.csv")
        #expect(throws: ExchangeError.fileNotFound(path: path)) { try RequestsCSVReader.targets(path: path) }
    }

    @Test func `an events.csv that lacks rows is noticed`() throws {
        try ExampleExport.write(to: directory.file("out"))
        let lines = try directory.text(of: "out/events.csv").split(separator: "\n")
        _ = try directory.write(lines.dropLast().joined(separator: "\n"), to: "out/events.csv")
        let path = directory.file("out/requests.csv")
        #expect {
            try RequestsCSVReader.targets(path: path)
        } throws: { error in "\(error)".hasSuffix("(content_events): found 3, but events.csv has 2 such rows") }
    }

    @Test func `an events.csv of another run beside the file does not count`() throws {
        try ExampleExport.write(to: directory.file("out"))
        let others = try directory.text(of: "out/events.csv").replacing("0k3f9x2m1abc", with: "other")
        _ = try directory.write(others, to: "out/events.csv")
        let targets = try RequestsCSVReader.targets(path: directory.file("out/requests.csv"))
        #expect(targets[0].records[0].events.count == 2)
        #expect(!targets[0].records[0].hasEveryEvent)
    }
}
