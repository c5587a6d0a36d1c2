import Timeline

/// AIPerf's records, one JSON object a line: `metadata` with instants in nanoseconds, `metrics` with a value and a unit
/// each, and `error`.
enum AIPerfExport {
    static func run(_ document: ImportedDocument) throws(ExchangeError) -> ImportedRun {
        var run = ImportedRun(format: .aiperf)
        var starts: [Int64?] = []
        for line in document.values {
            let metadata = try line.required("metadata", of: ImportFormat.aiperf.file)
            starts.append(try metadata["request_start_ns"]?.instant(unit: 1e-9))
        }
        let least = starts.compactMap { $0 }.min()
        run.tellsStarts = least != nil && !starts.contains(nil)
        run.startedWallClock = least
        for (index, line) in document.values.enumerated() {
            let offset = run.tellsStarts ? (starts[index] ?? 0) - (least ?? 0) : 0
            run.records.append(try record(index, line, sent: Instant(nanoseconds: offset), target: run.targetName))
        }
        return run
    }

    private static func record(
        _ index: Int, _ line: ImportedValue, sent: Instant, target: String
    ) throws(ExchangeError) -> StreamRecord {
        var record = StreamRecord.imported(index, target: target, sent: sent)
        let metadata = line["metadata"]
        record.clientRequestID = metadata?["x_request_id"]?.stringValue ?? ""
        record.phase = metadata?["benchmark_phase"]?.stringValue == "warmup" ? .warmup : .measured
        let metrics = line["metrics"]
        let usage = TokenUsage(
            input: try value(metrics?["input_sequence_length"])?.count(),
            output: try value(metrics?["output_sequence_length"])?.count(),
            reasoning: try value(metrics?["reasoning_token_count"])?.count())
        record.usage = usage == TokenUsage() ? nil : usage
        try draw(metrics, into: &record)
        if let start = try metadata?["request_start_ns"]?.instant(unit: 1e-9), let end = metadata?["request_end_ns"] {
            try end.check(
                Nanoseconds(try end.instant(unit: 1e-9) - start), follows: .zero, named: "request_start_ns")
        }
        if let error = line["error"] {
            record.httpStatus = error["code"]?.json.integerValue.flatMap { 100...599 ~= $0 ? $0 : nil }
            let type = error["type"]?.stringValue ?? ""
            record.fail(
                outcome(status: record.httpStatus, type: type),
                [type, error["message"]?.stringValue ?? ""].filter { !$0.isEmpty }.joined(separator: ": "))
        } else if metadata?["was_cancelled"]?.json == .bool(true) {
            record.outcome = StreamOutcome(.cancelled)
        } else if record.events.isEmpty {
            throw (metrics ?? line).problem(
                "it has neither time_to_first_token nor request_latency, and no error; expected "
                    + ImportFormat.aiperf.file)
        }
        return record
    }

    private static let firstName = "time_to_first_token"

    /// Every chunk where the file has the gaps between them, else the first and the last.
    private static func draw(_ metrics: ImportedValue?, into record: inout StreamRecord) throws(ExchangeError) {
        let first = try time(metrics?["time_to_first_token"])
        let last = try time(metrics?["request_latency"])
        let answer = try time(metrics?["time_to_first_output_token"])
        if let answer {
            try metrics?["time_to_first_output_token"]?.check(answer, follows: first, named: firstName)
        }
        if let last {
            try metrics?["request_latency"]?.check(last, follows: first, named: firstName)
            try metrics?["request_latency"]?.check(last, follows: answer, named: "time_to_first_output_token")
        }
        guard let first, let chunks = metrics?["inter_chunk_latency"], let gaps = chunks["value"],
            gaps.arrayValue != nil
        else {
            return record.draw(first: first, last: last, answer: answer)
        }
        let unit = try seconds(chunks)
        let offsets = try gaps.offsets(from: first, unit: unit)
        if let last {
            try metrics?["request_latency"]?.check(
                last, follows: offsets.last, named: "\(firstName) and inter_chunk_latency together")
        }
        record.draw(chunks: offsets, isReasoningUntil: answer)
    }

    private static func outcome(status: Int?, type: String) -> OutcomeClass {
        if let status, status >= 400 { return .httpError }
        let type = type.lowercased()
        if type.contains("timeout") { return .timeoutTotal }
        return type.contains("cancel") ? .cancelled : .transportError
    }

    private static func value(_ metric: ImportedValue?) -> ImportedValue? { metric?["value"] }

    private static func time(_ metric: ImportedValue?) throws(ExchangeError) -> Nanoseconds? {
        guard let metric, let value = metric["value"] else { return nil }
        return try value.length(unit: try seconds(metric))
    }

    /// The seconds of a metric's unit.
    private static func seconds(_ metric: ImportedValue) throws(ExchangeError) -> Double {
        switch metric["unit"]?.stringValue {
        case "ns"?: return 1e-9
        case "us"?: return 1e-6
        case "ms"?: return 1e-3
        case "sec"?, "s"?: return 1
        case let unit:
            throw metric.problem("found the unit '\(unit ?? "none")'; allowed are ns, us, ms and sec")
        }
    }
}
