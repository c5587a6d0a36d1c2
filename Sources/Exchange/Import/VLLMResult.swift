import Timeline

/// vLLM's result file with details: lists with an entry for each request, times in seconds.
///
/// `start_times` and `latencies` came in later versions; without the first, requests have no place in time.
enum VLLMResult {
    static func run(_ document: ImportedDocument) throws(ExchangeError) -> ImportedRun {
        let file = ImportFormat.vllm.file
        guard let result = document.values.first, document.values.count == 1 else {
            throw document.problem("found several JSON values; expected \(file)")
        }
        guard result["ttfts"] != nil else {
            throw result.problem("it has no requests ('ttfts' is missing); run vllm bench serve with --save-detailed")
        }
        let columns = try Columns(result)
        var run = ImportedRun(format: .vllm, tellsStarts: columns.starts != nil)
        run.model = result["model_id"]?.stringValue
        run.api = api(of: result["endpoint_type"]?.stringValue ?? result["backend"]?.stringValue)
        run.duration = try result["duration"]?.length(unit: 1)
        run.load = try load(of: result, count: columns.firstTokens.count)
        for index in columns.firstTokens.indices {
            run.records.append(try record(index, columns, target: run.targetName))
        }
        try checkTotals(of: result, run, columns)
        return run
    }

    /// What the file says of all requests must be what its lists say.
    private static func checkTotals(
        of result: ImportedValue, _ run: ImportedRun, _ columns: Columns
    ) throws(ExchangeError) {
        if let completed = result["completed"] {
            let sound = run.records.count { $0.outcome.isComplete }
            // An answer without a token counts there as completed.
            let silent = run.records.count { $0.outcome.message == noReason }
            guard let count = completed.json.integerValue, sound...(sound + silent) ~= count else {
                throw completed.problem(
                    "found \(completed.json.text), but the lists have \(sound) requests without an error; is the file whole?"
                )
            }
        }
        guard columns.latencies == nil, let duration = run.duration, let value = result["duration"] else { return }
        let longest = run.records.compactMap { record in
            record.sent.flatMap { sent in record.events.first.map { $0.arrival - sent } }
        }.max()
        try value.check(duration, follows: longest, named: "the end of its longest entry in ttfts")
    }

    private static let noReason = "vLLM counts it as failed and gives no reason"

    /// The lists of the file, all of one length.
    private struct Columns {
        var firstTokens: [ImportedValue]
        var gaps: [ImportedValue]
        var outputs: [ImportedValue]?
        var inputs: [ImportedValue]?
        var errors: [ImportedValue]?
        var starts: [Int64]?
        var latencies: [ImportedValue]?

        init(_ result: ImportedValue) throws(ExchangeError) {
            firstTokens = try result.required("ttfts", of: ImportFormat.vllm.file).array()
            let count = firstTokens.count
            func column(_ name: String) throws(ExchangeError) -> [ImportedValue]? {
                guard let value = result[name] else { return nil }
                let values = try value.array()
                guard values.count == count else {
                    throw value.problem("found \(values.count) entries; 'ttfts' has \(count), and each request has one")
                }
                return values
            }
            guard let gaps = try column("itls") else {
                throw result.problem("'itls' is missing; run vllm bench serve with --save-detailed")
            }
            self.gaps = gaps
            outputs = try column("output_lens")
            inputs = try column("input_lens")
            errors = try column("errors")
            latencies = try column("latencies")
            var starts: [Int64] = []
            for start in try column("start_times") ?? [] { starts.append(try start.instant(unit: 1)) }
            if !starts.isEmpty, let least = starts.filter({ $0 != 0 }).min() {
                self.starts = starts.map { max(0, $0 - least) }
            }
        }
    }

    private static func record(
        _ index: Int, _ columns: Columns, target: String
    ) throws(ExchangeError) -> StreamRecord {
        var record = StreamRecord.imported(
            index, target: target, sent: Instant(nanoseconds: columns.starts?[index] ?? 0))
        let usage = TokenUsage(input: try columns.inputs?[index].count(), output: try columns.outputs?[index].count())
        record.usage = usage == TokenUsage() ? nil : usage
        let error = columns.errors?[index].stringValue ?? ""
        let first = try columns.firstTokens[index].length(unit: 1)
        if !error.isEmpty || first == .zero {
            // A traceback is of its own transport; what a server said is one line.
            record.fail(
                error.contains("Traceback")
                    ? .transportError : error.hasPrefix("Never received") ? .truncated : .httpError,
                error.isEmpty ? noReason : error)
        }
        let offsets = try columns.gaps[index].offsets(from: first > .zero ? first : nil, unit: 1)
        if let latency = columns.latencies?[index], record.outcome.isComplete {
            let length = try latency.length(unit: 1)
            try latency.check(length, follows: offsets.first, named: "its entry in ttfts")
            try latency.check(length, follows: offsets.last, named: "the end of its entries in ttfts and itls")
            if let end = offsets.last, length.milliseconds > 100 * end.milliseconds {
                throw latency.problem(
                    "found \(latency.json.text), which is more than a hundred times its entries in ttfts and itls; are all "
                        + "in seconds?")
            }
        }
        record.draw(chunks: offsets)
        return record
    }

    private static func load(of result: ImportedValue, count: Int) throws(ExchangeError) -> LoadShape {
        // "inf" is a text: all at once, but for the cap.
        if let rate = result["request_rate"]?.json.doubleValue, rate > 0, rate.isFinite {
            return .open(rate: rate, arrivals: .poisson)
        }
        return .closed(concurrency: try result["max_concurrency"]?.count() ?? max(1, count))
    }

    private static func api(of backend: String?) -> String {
        switch backend {
        case "openai-chat"?: "openai-chat"
        case "vllm"?, "openai"?: "openai-completions"
        default: backend ?? ""
        }
    }
}
