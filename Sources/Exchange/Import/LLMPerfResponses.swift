import Timeline

/// LLMPerf's individual responses: a JSON array with an object for each request, times in seconds.
///
/// No request has a place in time, and of the content there is the first instant and, as `inter_token_latency_s` times
/// the number of tokens, the last: that figure is the sum of all gaps, the wait for the first included, by the tokens.
enum LLMPerfResponses {
    static func run(_ document: ImportedDocument) throws(ExchangeError) -> ImportedRun {
        guard let list = document.values.first, document.values.count == 1 else {
            throw document.problem("found several JSON values; expected \(ImportFormat.llmperf.file)")
        }
        var run = ImportedRun(format: .llmperf)
        for (index, response) in try list.array().enumerated() {
            run.records.append(try record(index, response, target: run.targetName))
        }
        return run
    }

    private static func record(
        _ index: Int, _ response: ImportedValue, target: String
    ) throws(ExchangeError) -> StreamRecord {
        var record = StreamRecord.imported(index, target: target, sent: Instant(nanoseconds: 0))
        if let code = response["error_code"] {
            record.httpStatus = code.json.integerValue.flatMap { 100...599 ~= $0 ? $0 : nil }
            record.fail(
                record.httpStatus == nil ? .transportError : .httpError, response["error_msg"]?.stringValue ?? "")
            return record
        }
        guard let first = response["ttft_s"] else {
            throw response.problem("'ttft_s' is missing; expected \(ImportFormat.llmperf.file)")
        }
        let output = try response["number_output_tokens"]?.count()
        record.usage = TokenUsage(input: try response["number_input_tokens"]?.count(), output: output)
        var last: Nanoseconds?
        if let gap = response["inter_token_latency_s"], let output {
            let mean = try gap.number()
            guard mean >= 0, mean < 1e9 else { throw gap.problem("found \(mean); expected seconds of at least 0") }
            last = Nanoseconds(seconds: mean * Double(output))
        }
        let firstLength = try first.length(unit: 1)
        let end = try response.required("end_to_end_latency_s", of: ImportFormat.llmperf.file)
        let length = try end.length(unit: 1)
        try end.check(length, follows: firstLength, named: "ttft_s")
        try end.check(length, follows: last, named: "inter_token_latency_s times number_output_tokens")
        record.draw(first: firstLength, last: last)
        record.terminal = Instant(nanoseconds: 0) + length
        return record
    }
}
