import Statistics
import Timeline

/// What a target's answers had in common that no catalogue can list, and shares of them.
extension TargetSample {
    /// Beyond so many fields a table says nothing any more.
    private static let fieldLimit = 32

    /// A metric for each field of the answers' JSON, in the order in which they first were complete.
    ///
    /// Where there are too many, those that the most answers have: what a model makes up once has no place before those.
    var fieldMetrics: [MetricDefinition] {
        var names: [String] = []
        var counts: [String: Int] = [:]
        for field in complete.lazy.flatMap({ $0.parts?.fields ?? [] }) {
            if counts[field.name] == nil { names.append(field.name) }
            counts[field.name, default: 0] += 1
        }
        let kept = Set(names.sorted { counts[$0, default: 0] > counts[$1, default: 0] }.prefix(Self.fieldLimit))
        return names.filter(kept.contains).map(MetricCatalogue.field)
    }

    /// A stream's value of a metric, also of those that compare it with another answer to the same prompt.
    func value(of metric: String, in stream: StreamMetrics) -> Double? {
        guard MetricCatalogue.ofPairs.contains(metric) else { return stream.value(of: metric) }
        let whole = wholeAnswers[stream.record.requestIndex].flatMap { $0 > 0 ? $0 : nil }
        return switch metric {
        case "measured_gain": whole.flatMap { whole in stream.timeToFirstAnswerToken.map { 1 - $0 / whole } }
        case "stream_overhead": whole.flatMap { whole in stream.endToEnd.map { $0 / whole - 1 } }
        default: relayValue(of: metric, in: stream)
        }
    }

    /// The share of calls, or of answers, that a metric is about; nil where there are none, or it is no such metric.
    func answerShare(of metric: String) -> Proportion? {
        switch metric {
        case "whole_tool_calls":
            let calls = complete.reduce(0) { $0 + ($1.parts?.callCount ?? 0) }
            let whole = complete.reduce(0) { $0 + ($1.parts?.completeCallCount ?? 0) }
            return calls == 0 ? nil : Proportion(successes: whole, of: calls)
        case "invalid_json":
            let verdicts = complete.compactMap(\.parts?.isValidJSON)
            return verdicts.isEmpty ? nil : Proportion(successes: verdicts.count { !$0 }, of: verdicts.count)
        default: return nil
        }
    }
}
