import Timeline

extension StreamMetrics {
    /// The stream's value of a metric, by the metric's name; nil for metrics with one value per gap or per run.
    package func value(of metric: String) -> Double? {
        switch metric {
        case "queue_delay": queueDelay
        case "dns": nameLookup
        case "connect": connect
        case "tls": tls
        case "ttfb": timeToFirstByte
        case "ttft": timeToFirstToken
        case "ttft_sched": timeToFirstTokenScheduled
        case "ttfat": timeToFirstAnswerToken
        case "think": thinkTime
        case "ttlt": timeToLastToken
        case "e2e": endToEnd
        case "tpot": timePerOutputToken
        case "output_speed": outputSpeed
        case "e2e_speed": endToEndSpeed
        case "output_tokens": tokens.total.map(Double.init)
        case "input_tokens": record.usage?.input.map(Double.init)
        case "cached_tokens": record.usage?.cached.map(Double.init)
        default:
            smoothnessValue(of: metric) ?? serverValue(of: metric) ?? cancellationValue(of: metric)
                ?? answerValue(of: metric)
        }
    }

    private func serverValue(of metric: String) -> Double? {
        switch metric {
        case "server_ttft": serverTimeToFirstToken
        case "server_e2e": serverEndToEnd
        case "ttft_residual": firstTokenResidual
        case "e2e_residual": endToEndResidual
        case "headers_residual": headersResidual
        default: nil
        }
    }

    private func smoothnessValue(of metric: String) -> Double? {
        switch metric {
        case "stall_count": stallCount.map(Double.init)
        case "stall_time": stallTime
        case "stutter_index": stutterIndex
        case "flow_share": flowShare
        case "burst_share": burstShare
        case "smooth_delay": smoothDelay()
        case "fluidity_index": fluidityIndex
        case "stream_gain": streamGain
        case "reader_gain": readerGain()
        case "tokens_per_event": tokensPerEvent
        default: nil
        }
    }

    /// The fluidity index with the run's limit on `ttft` as the deadline of the first token; nil without such a limit.
    package var fluidityIndex: Double? {
        guard let limit = objectives.first(where: { $0.metric == "ttft" })?.limit else { return nil }
        return fluidityIndex(firstDeadline: limit)
    }

    /// Whether the attempt is complete and meets every limit of the run; nil where the run sets none.
    package var meetsObjectives: Bool? {
        guard !objectives.isEmpty else { return nil }
        return isComplete && objectives.allSatisfy(meets)
    }

    /// A limit on the pace after the first token is met where no token came after the first read; any other limit on
    /// a value that the stream does not tell is not met.
    private func meets(_ objective: RequestLimit) -> Bool {
        guard let value = feltValue(of: objective.metric) else {
            let isPace = objective.metric == "tpot" || objective.metric == "output_speed"
            return isPace && !reads.isEmpty && tokensAfterFirstRead == nil
        }
        let isHigherBetter = MetricCatalogue.named(objective.metric)?.isHigherBetter ?? false
        return isHigherBetter ? value >= objective.limit : value <= objective.limit
    }

    /// The value as the one who waits for the request feels it: times of a retry count from when its request was due.
    ///
    /// Otherwise a server could buy goodput with refusals.
    private func feltValue(of metric: String) -> Double? {
        guard let value = value(of: metric) else { return nil }
        guard record.attempt > 1, Self.countsFromSent(metric) else { return value }
        return milliseconds(from: record.planned, to: record.sent).map { value + $0 }
    }

    private static func countsFromSent(_ metric: String) -> Bool {
        timesFromSent.contains(metric) || metric.hasPrefix(MetricCatalogue.fieldPrefix)
    }

    private static let timesFromSent: Set<String> = [
        "ttfb", "ttft", "ttfat", "ttlt", "e2e", "first_sentence", "first_words", "time_to_tokens", "reading_end",
        "time_to_tool", "time_to_tool_name", "time_to_tool_call", "time_to_all_tool_calls", "time_to_first_field",
        "time_to_valid_json",
    ]

    /// The range in which a metric's value would lie had every arrival been stamped without delay.
    ///
    /// Nil for metrics that arrivals do not enter in a simple way, and where there is no value.
    package func range(of metric: String) -> ClosedRange<Double>? {
        switch metric {
        case "ttft", "ttft_sched": earlier(value(of: metric), by: landmarks.firstContent?.lateBound)
        case "ttfat": earlier(timeToFirstAnswerToken, by: landmarks.firstAnswer?.lateBound)
        case "ttlt": earlier(timeToLastToken, by: landmarks.lastContent?.lateBound)
        case "e2e": earlier(endToEnd, by: landmarks.end?.lateBound)
        case "tpot": timePerOutputTokenRange
        default: answerRange(of: metric)
        }
    }

    private func earlier(_ value: Double?, by lateBound: Nanoseconds?) -> ClosedRange<Double>? {
        guard let value, let lateBound else { return nil }
        return lateRange(of: value, lateBound)
    }

    /// What a time can have been; one below 0, which instants that contradict each other give, is taken as it is.
    func lateRange(of value: Double, _ lateBound: Nanoseconds) -> ClosedRange<Double> {
        min(value, max(0, value - max(0, lateBound.milliseconds)))...value
    }

    private var timePerOutputTokenRange: ClosedRange<Double>? {
        guard let first = reads.first, let last = reads.last, let later = tokensAfterFirstRead else { return nil }
        let range = ContentGap(from: first, to: last, tokens: later).range
        return range.lowerBound / Double(later)...range.upperBound / Double(later)
    }
}
