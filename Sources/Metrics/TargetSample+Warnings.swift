import Timeline

extension TargetSample {
    /// Plain sentences that say what is odd and what to do about it, the most important first.
    func warnings(error: MeasurementError, steadiness: Steadiness, relay: RelayEffect? = nil) -> [String] {
        let relayWarning = relayWarning(relay)
        return
            [
                httpVersionWarning, noneCompleteWarning, relayWarning, steadiness.sentence, emptyWarning,
                objectiveWarning,
                usageWarning,
                identitiesWarning,
                rateLimitWarning,
                serverTimeWarning,
                resentWarning, cacheWarning, relayWarning == nil ? bufferingWarning : nil, estimatedTokensWarning,
                tokenizerWarning, costWarning, hiddenReasoningWarning,
                readsWarning(error: error), lengthWarning, warmupWarning, steadiness.remark,
            ].compactMap { $0 }
    }

    private var noneCompleteWarning: String? {
        guard !measured.isEmpty, complete.isEmpty else { return nil }
        return "None of the \(measured.count) measured attempts is complete, so there is no latency to report; "
            + "the outcomes say why."
    }

    private var httpVersionWarning: String? {
        guard target.httpVersion == .two, !measured.isEmpty else { return nil }
        if complete.isEmpty, target.baseURL.hasPrefix("http:") {
            return "HTTP/2 was asked for without TLS, which few servers speak. Set http: \"1.1\", or use https."
        }
        let older = measured.count { $0.record.httpVersion.map { $0 != Target.HTTPVersion.two.rawValue } ?? false }
        guard older > 0 else { return nil }
        return
            "HTTP/2 was asked for, but \(older) of \(measured.count) attempts were answered over HTTP/1.1: the server, "
            + "or something before it, speaks no HTTP/2. Set http: \"1.1\", or turn it on there."
    }

    private var resentWarning: String? {
        let resent = measured.count { $0.record.sendCount > 1 }
        guard resent > 0 else { return nil }
        return "\(counted(resent, "request was", "requests were")) sent more than once, because the server closed a "
            + "kept connection: it may have been billed twice. TTFT counts from the send that was answered, ttft_sched "
            + "holds the lost time too. Set connections: fresh to avoid it."
    }

    private var bufferingWarning: String? {
        let buffered = complete.count(where: \.isProbablyBuffered)
        guard target.streams, buffered * 2 > complete.count else { return nil }
        return "\(buffered) of \(complete.count) streams came as one burst at their end: something on the way buffers "
            + "them. Turn buffering off there (in nginx: proxy_buffering off, or the header X-Accel-Buffering: no)."
    }

    private var estimatedTokensWarning: String? {
        let estimated = complete.count { $0.tokens.source == .events }
        guard estimated > 0 else { return nil }
        return
            "Tokens of \(estimated) of \(complete.count) streams are estimated as one per event, for the server gave "
            + "no count: TPOT, ITL and throughput are per event there. Ask the server for usage in the stream."
    }

    /// A tokenizer that does not count what the server counts gives other figures per token.
    private var tokenizerWarning: String? {
        let ratios = complete.compactMap { stream -> Double? in
            guard let told = stream.record.usage?.output, told > 0, !stream.tokens.hasHiddenReasoning,
                let counted = stream.record.counted?.output
            else { return nil }
            return Double(counted) / Double(told)
        }.sorted()
        guard !ratios.isEmpty else { return nil }
        let median = ratios[ratios.count / 2]
        guard abs(median - 1) > 0.1 else { return nil }
        let share = Int((abs(median - 1) * 100).rounded())
        return
            "The tokenizer counts \(share) % \(median < 1 ? "fewer" : "more") tokens than the server does (median): it is "
            + "not this model's. Figures use the \(isNormalized ? "tokenizer's counts, as --normalize-tokens asks." : Self.serverFirst)"
    }

    private static let serverFirst = "server's counts; --normalize-tokens uses the tokenizer's for all targets."

    /// Whether the tokenizer's counts went before the server's.
    private var isNormalized: Bool {
        let told = complete.filter { ($0.record.usage?.output ?? 0) > 0 && !$0.tokens.hasHiddenReasoning }
        return !told.isEmpty && told.allSatisfy { $0.tokens.source == .tokenizer }
    }

    private var costWarning: String? {
        guard let cost, cost.unknown > 0 else { return nil }
        return "What \(counted(cost.unknown, "attempt", "attempts")) cost is unknown and not in the sum, since nobody "
            + "counted the tokens: ask the server for usage in the stream, or set tokenizer: to a rank file."
    }

    private var hiddenReasoningWarning: String? {
        let hidden = complete.count(where: \.tokens.hasHiddenReasoning)
        guard hidden > 0 else { return nil }
        return "\(hidden) of \(complete.count) streams have reasoning tokens that were never shown: TTFT contains the "
            + "thinking, and those tokens are left out of TPOT, ITL and throughput."
    }

    private func readsWarning(error: MeasurementError) -> String? {
        guard let eventsPerRead = error.eventsPerRead, eventsPerRead > 1.5 else { return nil }
        let rounded = Int((eventsPerRead * 10).rounded())
        return
            "A read brought \(rounded / 10).\(rounded % 10) content events on average: gaps inside a read are unknown, "
            + "and ITL shares each read's time among its tokens. Look for buffering on the way, or for a busy client."
    }

    private var lengthWarning: String? {
        guard case .exactly(let asked)? = measured.first?.record.outputLength else { return nil }
        let counted = complete.filter { $0.tokens.source != .events }
        let other = counted.count { ($0.record.usage?.output ?? $0.tokens.total) != asked }
        guard other > 0 else { return nil }
        return "\(other) of \(counted.count) answers do not have the \(asked) tokens that were asked for: E2E compares "
            + "answers of different length. Check that the API can force a length, or compare TTFT and TPOT."
    }

    private var warmupWarning: String? {
        guard warmupAttempts == 0, !measured.isEmpty, run.importedFrom == nil else { return nil }
        return "No warm-up: the first requests pay for connections, caches and lazy loading. Set load.warmup, such as "
            + "warmup: {requests: \(suggestedWarmup)}."
    }

    private var suggestedWarmup: Int {
        if case .closed(let concurrency) = run.load { max(concurrency, 10) } else { 10 }
    }

    private func counted(_ count: Int, _ one: String, _ many: String) -> String {
        count == 1 ? "1 \(one)" : "\(count) \(many)"
    }
}

extension StreamMetrics {
    /// Whether nearly all of a longer answer came in one burst at its end, as through a buffering proxy.
    ///
    /// A call that an API sends whole is one event, and no burst.
    var isProbablyBuffered: Bool {
        if landmarks.contentCount == 1, landmarks.firstContent?.kind == .tool { return false }
        guard let total = tokens.total, total >= 10, let last = reads.last, let firstToken = timeToFirstToken,
            let endToEnd, firstToken > 0.8 * endToEnd
        else { return false }
        let burst = reads.filter { last.arrival - $0.arrival <= .milliseconds(5) }.reduce(0) { $0 + $1.tokens }
        return Double(burst) > 0.9 * Double(total)
    }
}
