package import Timeline

/// A run as `vllm bench serve --save-result --save-detailed` writes it, one target a file.
///
/// Lists have an entry for each measured request, in the order of the send; times are seconds with nine decimals, which
/// is every nanosecond. They count from the dispatch, as vLLM's do, so that a new connection is in them.
package enum VLLMExport {
    package static func text(_ run: RunDescription, target: TargetRun, records: [StreamRecord]) -> String {
        let measured = records.filter { $0.target == target.name && $0.phase == .measured }
            .sorted { ($0.start ?? $0.planned, $0.requestIndex) < ($1.start ?? $1.planned, $1.requestIndex) }
        let complete = measured.filter(\.outcome.isComplete)
        let seconds = duration(of: measured).map(\.seconds)
        let outputs = complete.map { $0.usage?.output ?? $0.chunks.count }
        let inputs = complete.map { $0.usage?.input ?? 0 }
        func rate(_ amount: Int) -> JSONValue { seconds.map { .number(Double(amount) / $0) } ?? .null }
        var members: [(String, JSONValue)] = [
            ("date", .string(date(run.startedWallClock))),
            ("endpoint_type", .string(target.api)), ("backend", .string(target.api)), ("label", .null),
            ("model_id", .string(target.model)), ("tokenizer_id", .string(target.model)),
            ("num_prompts", .integer(measured.count)),
        ]
        members += load(run.load)
        members += [
            ("duration", seconds.map { .number($0) } ?? .null), ("completed", .integer(complete.count)),
            ("failed", .integer(measured.count - complete.count)),
            ("total_input_tokens", .integer(inputs.reduce(0, +))),
            ("total_output_tokens", .integer(outputs.reduce(0, +))),
            ("request_throughput", rate(complete.count)), ("request_goodput", .null),
            ("output_throughput", rate(outputs.reduce(0, +))),
            ("total_token_throughput", rate(outputs.reduce(0, +) + inputs.reduce(0, +))),
        ]
        members += lists(measured, from: run.started)
        let lines = members.map { "\"\($0.0)\": \($0.1.text)" }
        return "{\(lines.joined(separator: ", "))}\n"
    }

    private static func load(_ shape: LoadShape) -> [(String, JSONValue)] {
        switch shape {
        case .closed(let concurrency):
            [("request_rate", "inf"), ("burstiness", .number(1)), ("max_concurrency", .integer(concurrency))]
        case .open(let rate, let arrivals):
            [
                ("request_rate", .number(rate)),
                ("burstiness", arrivals == .poisson ? .number(1) : "inf"), ("max_concurrency", .null),
            ]
        }
    }

    private static func lists(_ records: [StreamRecord], from origin: Instant) -> [(String, JSONValue)] {
        func list(_ value: (StreamRecord) -> JSONValue) -> JSONValue { .array(records.map(value)) }
        return [
            ("input_lens", list { .integer($0.usage?.input ?? 0) }),
            ("output_lens", list { $0.outcome.isComplete ? .integer($0.usage?.output ?? $0.chunks.count) : 0 }),
            ("ttfts", list { .seconds($0.outcome.isComplete ? $0.chunks.first ?? .zero : .zero) }),
            (
                "itls",
                list { record in
                    guard record.outcome.isComplete else { return [] }
                    return .array(zip(record.chunks.dropFirst(), record.chunks).map { .seconds($0 - $1) })
                }
            ),
            ("latencies", list { .seconds($0.outcome.isComplete ? $0.chunks.last ?? .zero : .zero) }),
            ("start_times", list { record in record.start.map { .seconds($0 - origin) } ?? 0 }),
            (
                "generated_texts",
                list { record in .string(record.events.compactMap { $0.kind.isAnswer ? $0.text : nil }.joined()) }
            ),
            ("errors", list { .string($0.outcome.isComplete ? "" : $0.failure) }),
        ]
    }

    /// From the first dispatch to the end of the last request, drained ones included.
    private static func duration(of records: [StreamRecord]) -> Nanoseconds? {
        let ends = records.compactMap { $0.terminal ?? $0.closed ?? $0.events.last?.arrival }
        guard let start = records.compactMap(\.start).min(), let end = ends.max(), end > start else { return nil }
        return end - start
    }

    private static func date(_ nanoseconds: Int64) -> String {
        let digits = UTCTimestamp(nanosecondsSince1970: nanoseconds).iso8601.filter(\.isNumber)
        return "\(digits.prefix(8))-\(digits.dropFirst(8).prefix(6))"
    }
}

extension StreamRecord {
    /// When vLLM would have started its clock.
    fileprivate var start: Instant? { dispatched ?? sent }

    /// The instants of the chunks that carry content, counted from the start.
    fileprivate var chunks: [Nanoseconds] {
        guard let start else { return [] }
        return events.filter(\.kind.isContent).map { $0.arrival - start }
    }

    fileprivate var failure: String {
        [outcome.outcomeClass.rawValue, outcome.detail, outcome.message].compactMap { $0 }.joined(separator: ": ")
    }
}

extension JSONValue {
    /// Seconds as a number that reads back to the nanosecond: below 2^53 ns, 104 days, a Double holds each.
    fileprivate static func seconds(_ length: Nanoseconds) -> JSONValue { .number(length.seconds) }
}
