import Timeline

/// What somebody has of the answer before its end; nil where the run did not ask.
extension StreamMetrics {
    package var timeToFirstSentence: Double? { milliseconds(from: record.sent, to: parts?.firstSentence?.arrival) }

    package var timeToFirstWords: Double? { milliseconds(from: record.sent, to: parts?.firstWords?.arrival) }

    /// Until so many tokens have come; nil where the stream has fewer.
    package func timeToTokens(_ count: Int) -> Double? {
        guard record.hasEveryEvent else { return nil }
        var sum = 0
        for read in reads {
            sum += read.tokens
            if sum >= count { return milliseconds(from: record.sent, to: read.arrival) }
        }
        return nil
    }

    /// Until somebody who reads along at so many tokens per second has read all.
    package func readingEnd(pace: Double) -> Double? {
        guard record.hasEveryEvent, let sent = record.sent, let total = tokens.total, !reads.isEmpty else { return nil }
        var tokensBefore = 0
        var finish = 0.0
        for read in reads {
            let rest = Double(total - tokensBefore) * 1000 / pace
            finish = max(finish, (read.arrival - sent).milliseconds + rest)
            tokensBefore += read.tokens
        }
        return finish
    }

    func answerValue(of metric: String) -> Double? {
        switch metric {
        case "time_to_tokens": reader.flatMap { timeToTokens($0.tokens) }
        case "reading_end": reader.flatMap { readingEnd(pace: $0.speed) }
        case "tool_calls": parts?.callCount.map(Double.init)
        default: time(to: answerPart(of: metric))
        }
    }

    /// The event that completed the part of the answer whose time a metric is; nil where it is about none.
    private func answerPart(of metric: String) -> StreamEvent? {
        switch metric {
        case "first_sentence": parts?.firstSentence
        case "first_words": parts?.firstWords
        case "time_to_tool": parts?.firstCall
        case "time_to_tool_name": parts?.firstCallName
        case "time_to_tool_call": parts?.firstCallComplete
        case "time_to_all_tool_calls": parts?.allCallsComplete
        case "time_to_first_field": parts?.firstField
        case "time_to_valid_json": parts?.validJSON
        default: field(of: metric)
        }
    }

    private func time(to event: StreamEvent?) -> Double? { milliseconds(from: record.sent, to: event?.arrival) }

    /// The event that completed a field of the answer's JSON, by the metric's name.
    private func field(of metric: String) -> StreamEvent? {
        guard let parts, metric.hasPrefix(MetricCatalogue.fieldPrefix) else { return nil }
        let name = metric.dropFirst(MetricCatalogue.fieldPrefix.count)
        return parts.fields.first { $0.name == name }?.event
    }

    /// The range of a part's time, as `range(of:)` has it.
    func answerRange(of metric: String) -> ClosedRange<Double>? {
        guard let event = answerPart(of: metric), let value = time(to: event) else { return nil }
        return lateRange(of: value, event.lateBound)
    }
}
