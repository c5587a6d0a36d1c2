import Timeline

/// GuideLLM's report: benchmarks, each with its requests by how they ended, instants in seconds of the wall clock.
///
/// Of the content it has the first and the last instant only: the gaps between them are not known.
enum GuideLLMReport {
    static func runs(_ document: ImportedDocument) throws(ExchangeError) -> [ImportedRun] {
        guard let report = document.values.first, document.values.count == 1 else {
            throw document.problem("found several JSON values; expected \(ImportFormat.guidellm.file)")
        }
        let benchmarks = try report.required("benchmarks", of: ImportFormat.guidellm.file).array()
        var runs: [ImportedRun] = []
        for (index, benchmark) in benchmarks.enumerated() {
            runs.append(try run(benchmark, part: benchmarks.count > 1 ? "\(index + 1)" : nil))
        }
        return runs
    }

    private static func run(_ benchmark: ImportedValue, part: String?) throws(ExchangeError) -> ImportedRun {
        let requests = try benchmark.required("requests", of: ImportFormat.guidellm.file)
        var entries: [Entry] = []
        for (name, outcome) in [
            ("successful", OutcomeClass.ok), ("incomplete", .cancelled), ("errored", .transportError),
        ] {
            for request in try requests[name]?.array() ?? [] {
                entries.append(try Entry(request, outcome))
            }
        }
        entries.sort { ($0.start ?? .max) < ($1.start ?? .max) }
        var run = ImportedRun(format: .guidellm)
        run.part = part
        run.model = model(of: benchmark)
        run.load = load(of: benchmark)
        let least = entries.compactMap(\.start).min()
        run.tellsStarts = least != nil
        run.startedWallClock = least
        run.duration = try benchmark["duration"]?.length(unit: 1)
        for (index, entry) in entries.enumerated() {
            run.records.append(try record(index, entry, from: least ?? 0, target: run.targetName))
        }
        return run
    }

    /// A request with its outcome and when it began; those that never began have no instant.
    private struct Entry {
        var request: ImportedValue
        var timings: ImportedValue
        var outcome: OutcomeClass
        var start: Int64?

        init(_ request: ImportedValue, _ outcome: OutcomeClass) throws(ExchangeError) {
            self.request = request
            self.outcome = outcome
            timings = try request.required("info", of: ImportFormat.guidellm.file).required(
                "timings", of: ImportFormat.guidellm.file)
            start = try timings["request_start"]?.instant(unit: 1)
        }
    }

    private static func record(
        _ index: Int, _ entry: Entry, from start: Int64, target: String
    ) throws(ExchangeError) -> StreamRecord {
        func instant(_ name: String) throws(ExchangeError) -> Instant? {
            Self.instant(try entry.timings[name]?.instant(unit: 1), from: start)
        }
        let sent = Instant(nanoseconds: (entry.start ?? start) - start)
        var record = StreamRecord.imported(index, target: target, sent: sent)
        if entry.start == nil { (record.dispatched, record.sent) = (nil, nil) }
        // A target that is missed by less than the clock's rounding is none.
        record.planned = min(try instant("targeted_start") ?? sent, sent)
        try checkTimes(of: entry, from: start, sent: sent)
        record.clientRequestID = entry.request["request_id"]?.stringValue ?? ""
        record.responseID = entry.request["response_id"]?.stringValue
        record.draw(
            first: try instant("first_token_iteration").map { (first: Instant) in first - sent },
            last: try instant("last_token_iteration").map { (last: Instant) in last - sent },
            answer: try instant("first_output_token_iteration").map { (answer: Instant) in answer - sent })
        record.terminal = try instant("request_end")
        record.usage = try usage(of: entry)
        if entry.outcome != .ok {
            record.fail(entry.outcome, entry.request["info"]?["error"]?.stringValue ?? "")
            record.terminal = nil
        }
        return record
    }

    /// The instants of a request in the order in which they must rise; an answer that is whole has a start and an end.
    private static func checkTimes(of entry: Entry, from start: Int64, sent: Instant) throws(ExchangeError) {
        let timings = entry.timings
        if entry.outcome == .ok {
            for name in ["request_start", "request_end"] {
                _ = try timings.required(name, of: ImportFormat.guidellm.file)
            }
        }
        var latest: (name: String, time: Nanoseconds) = ("request_start", .zero)
        for name in ["first_token_iteration", "first_output_token_iteration", "last_token_iteration", "request_end"] {
            guard let value = timings[name] else { continue }
            let time = Instant(nanoseconds: try value.instant(unit: 1) - start) - sent
            try value.check(time, follows: latest.time, named: latest.name)
            latest = (name, time)
        }
    }

    private static func instant(_ nanoseconds: Int64?, from start: Int64) -> Instant? {
        nanoseconds.map { Instant(nanoseconds: $0 - start) }
    }

    private static func usage(of entry: Entry) throws(ExchangeError) -> TokenUsage? {
        let usage = TokenUsage(
            input: try tokens(entry.request["input_metrics"]), output: try tokens(entry.request["output_metrics"]))
        return usage == TokenUsage() ? nil : usage
    }

    private static func tokens(_ metrics: ImportedValue?) throws(ExchangeError) -> Int? {
        // Older versions have only the parts.
        let count = metrics?["total_tokens"] ?? metrics?["text_tokens"]
        return try count?.count()
    }

    private static func model(of benchmark: ImportedValue) -> String? {
        let backend = benchmark["config"]?["backend"] ?? benchmark["benchmarker"]?["backend"]
        return backend?["model"]?.stringValue ?? backend?["target_model"]?.stringValue
    }

    private static func load(of benchmark: ImportedValue) -> LoadShape? {
        let strategy = benchmark["config"]?["strategy"] ?? benchmark["scheduler"]?["strategy"]
        if let rate = strategy?["rate"]?.json.doubleValue, rate > 0, rate.isFinite {
            let isPoisson = strategy?["type_"]?.stringValue?.contains("poisson") ?? false
            return .open(rate: rate, arrivals: isPoisson ? .poisson : .constant)
        }
        let streams = strategy?["streams"] ?? strategy?["max_concurrency"]
        return streams?.json.integerValue.flatMap { $0 > 0 ? .closed(concurrency: $0) : nil }
    }
}
