import Metrics
import Timeline

extension Phrases {
    /// The lines about what scenarios ask of answers: what streaming is worth, and what a reader has.
    func answers(_ summary: RunSummary) -> [(label: String, parts: [String])] {
        let hasMany = summary.targets.count > 1
        return summary.targets.flatMap { target -> [(label: String, parts: [String])] in
            let name = hasMany ? "\(painter.clean(target.target.name, width: 24)): " : ""
            let lines: [(String, [String])] = [
                ("streaming", gain(target)), ("reader", reading(target, summary.run.reader)),
                ("tool calls", toolCalls(target)), ("JSON", structure(target)), ("reasoning", reasoning(target)),
                ("keep-alive", keepAlives(target)), ("relay", relay(target)),
                ("connections", connectionLimit(target)), ("cost", cost(target)),
            ]
            return lines.filter { !$0.1.isEmpty }.map { ($0.0, [name + $0.1[0]] + $0.1.dropFirst()) }
        }
    }

    /// What streaming hides of the wait, and what it costs, against whole answers to the same prompts.
    private func gain(_ target: TargetSummary) -> [String] {
        guard let gain = target[metric: "measured_gain"]?[.p50], gain.value != nil,
            let overhead = target[metric: "stream_overhead"]?[.p50]
        else { return [] }
        return [
            "hides \(spelled(gain)) of the wait, p50 of \(gain.count) pairs",
            "total time \(spelled(overhead, signed: true))",
        ]
    }

    private func spelled(_ estimate: Estimate, signed: Bool = false) -> String {
        let cells = EstimateCells(estimate, unit: .share, decimals: 1)
        guard cells.value != "n/a" else { return "n/a (\(cells.interval.dropFirst().dropLast()) pairs)" }
        let sign = signed && (estimate.value ?? 0) > 0 ? "+" : ""
        return "\(sign)\(cells.value) %" + (cells.interval.isEmpty ? "" : " \(cells.interval)")
    }

    private func reading(_ target: TargetSummary, _ reader: ReaderProfile?) -> [String] {
        guard let reader else { return [] }
        return [
            time(target, "first_words").map { "\(reader.words) words \($0)" },
            time(target, "first_sentence").map { "a sentence \($0)" },
            time(target, "time_to_tokens").map { "\(reader.tokens) tokens \($0)" },
            time(target, "reading_end").map { "all read \($0) at \(NumberFormat.trimmed(reader.speed)) tok/s" },
        ].compactMap(\.self)
    }

    /// What an agent waits for.
    private func toolCalls(_ target: TargetSummary) -> [String] {
        guard let calls = target[metric: "tool_calls"]?[.mean]?.value else { return [] }
        guard let start = time(target, "time_to_tool") else { return ["no answer called one"] }
        let whole = target[metric: "whole_tool_calls"]?[.value]?.value ?? 0
        return [
            "begin \(start)",
            time(target, "time_to_tool_name").map { "name \($0)" },
            time(target, "time_to_tool_call").map { "arguments whole \($0)" },
            "\(NumberFormat.trimmed((calls * 100).rounded() / 100)) an answer, \(share(whole)) whole",
        ].compactMap(\.self)
    }

    private static let namedFields = 6

    private func structure(_ target: TargetSummary) -> [String] {
        guard let invalid = target[metric: "invalid_json"]?[.value]?.value else { return [] }
        let fields = target.metrics.filter { $0.metric.title.hasPrefix("Field ") && $0[.p50]?.value != nil }
        let count = { (field: MetricSummary) in field[.p50]?.count ?? 0 }
        // Those of the most answers, in their order.
        let kept = fields.indices.sorted { count(fields[$0]) > count(fields[$1]) }.prefix(Self.namedFields).sorted()
        var named = kept.compactMap { index in
            time(target, fields[index].metric.name).map {
                "\(painter.clean(String(fields[index].metric.title.dropFirst(6)), width: 20)) \($0)"
            }
        }
        if fields.count > named.count { named.append("\(fields.count - named.count) more with --full") }
        return [
            time(target, "time_to_first_field").map { "first field \($0)" },
            time(target, "time_to_valid_json").map { "valid \($0)" }, "\(share(invalid)) ended invalid",
            named.count > 1 ? named.joined(separator: ", ") : nil,
        ].compactMap(\.self)
    }

    /// First content, first answer and the thinking between them, where there was any.
    private func reasoning(_ target: TargetSummary) -> [String] {
        let hidden = target.hiddenReasoning
        guard (target[metric: "think"]?[.max]?.value ?? 0) > 0 || hidden > 0, let first = time(target, "ttft") else {
            return []
        }
        let answer = time(target, "ttfat").map { "answer \($0)" }
        let thinking = time(target, "think").map { "thinking \($0)" }
        if hidden == target.complete { return ["not sent: TTFT \(first) contains the thinking"] }
        return ["TTFT \(first)", answer, thinking, hidden > 0 ? "not sent in \(hidden)" : nil].compactMap(\.self)
    }

    /// Comments, event ids and the pause before coming back, where streams had any.
    private func keepAlives(_ target: TargetSummary) -> [String] {
        let found = target.keepAlives
        var parts: [String] = []
        if found.comments > 0 {
            parts.append("\(found.comments) comments in \(found.streamsWithComments) of \(target.complete) streams")
        }
        if found.streamsWithIDs > 0 { parts.append("event ids in \(found.streamsWithIDs)") }
        if let pause = found.reconnectAfter { parts.append("come back after \(NumberFormat.trimmed(pause)) ms") }
        if found.brokenStreams > 0 {
            parts.append("\(found.resumedStreams) of \(found.brokenStreams) streams that broke off came to their end")
        }
        if let breaks = found.breaks {
            parts.append(
                "breaks of \(NumberFormat.significant(breaks.p50)) ms (median), "
                    + "\(NumberFormat.significant(breaks.max)) ms at most")
        }
        if found.repeatedEvents > 0 { parts.append("\(found.repeatedEvents) events came twice, and count once") }
        return parts
    }

    private func share(_ value: Double) -> String { "\(NumberFormat.trimmed((value * 1000).rounded() / 10)) %" }

    /// The median of a metric in milliseconds, or in seconds where it is long.
    func time(_ target: TargetSummary, _ metric: String) -> String? {
        guard let value = target[metric: metric]?[.p50]?.value else { return nil }
        return value < 10_000
            ? "\(NumberFormat.significant(value)) ms" : "\(NumberFormat.significant(value / 1000)) s"
    }
}
