package import Timeline

/// How many tokens a stream carried, and how many of them each content event brought.
///
/// The server's usage is believed first. Where the server counts tokens per event too and the counts add up to it,
/// they are taken as they are; where they do not (an end-of-sequence token that no event shows), the total is
/// apportioned by them. Without counts per event the total is apportioned by the bytes of content, after one token for
/// each event, which proves at least one; what the usage tells of reasoning goes to the reasoning that was seen, and
/// the rest to the answer. Without any count of the server's the scenario's tokenizer has counted, and its total is
/// apportioned in the same way; without a tokenizer each content event counts as one token.
/// So the parts always sum to the total.
package struct TokenAttribution: Sendable, Equatable {
    /// Where the total came from.
    package enum Source: String, Sendable {
        case serverUsage = "server_usage"
        /// The sum of the server's counts per event.
        case serverEvents = "server_events"
        /// The scenario's tokenizer.
        case tokenizer
        /// One token per content event: an estimate.
        case events
    }

    /// Where the parts came from.
    package enum Basis: String, Sendable {
        case serverEvents = "server_events"
        /// The total, apportioned by the server's counts per event or by bytes.
        case apportioned
        case events
    }

    /// The output tokens that were streamed: hidden reasoning is left out; nil where nothing tells.
    package private(set) var total: Int?
    /// The tokens of each content event, in the order of the stream; they sum to `total`.
    package private(set) var perEvent: [Int]
    package private(set) var source: Source?
    package private(set) var basis: Basis?
    /// Whether the usage has reasoning tokens of which no event was seen.
    package private(set) var hasHiddenReasoning: Bool

    /// Whether nobody counted, so that each content event stands for one token.
    package var areEstimated: Bool { source == .events }

    /// Attributes the tokens of a record to its content events, which are given in the order of the stream.
    ///
    /// With `byTokenizer` the tokenizer's count goes before the server's, where there is one.
    package init(record: StreamRecord, contentEvents: [StreamEvent], byTokenizer: Bool = false) {
        let usage = record.usage?.plausible
        let reasoning = usage?.reasoning ?? 0
        let isReasoningHidden = reasoning > 0 && !contentEvents.contains { $0.kind == .reasoning }
        let streamed = usage?.output.map { isReasoningHidden ? $0 - reasoning : $0 }
        hasHiddenReasoning = isReasoningHidden
        perEvent = []

        guard !contentEvents.isEmpty else {
            total = streamed.map { max(0, $0) }
            source = total == nil ? nil : .serverUsage
            return
        }
        let counts = Self.serverCounts(contentEvents, hidden: isReasoningHidden ? reasoning : 0, total: streamed)
        let counted = counts.reduce(0, +)
        // A usage that leaves no token for the content that was seen contradicts the stream.
        let tokenizerCount = record.counted?.plausible?.output ?? 0
        if byTokenizer, tokenizerCount > 0 {
            takeTokenizer(tokenizerCount, contentEvents)
        } else if let streamed, streamed > 0 {
            total = streamed
            source = .serverUsage
            basis = .apportioned
            if counted == streamed {
                perEvent = counts
                basis = .serverEvents
            } else if !record.hasEveryEvent {
                perEvent = Self.split(streamed, over: contentEvents)
            } else if counted > 0 {
                perEvent = Self.apportion(streamed, by: counts)
            } else {
                perEvent = Self.apportion(streamed, reasoning: reasoning, over: contentEvents)
            }
        } else if counted > 0 {
            (total, perEvent, source, basis) = (counted, counts, .serverEvents, .serverEvents)
        } else if tokenizerCount > 0 {
            takeTokenizer(tokenizerCount, contentEvents)
        } else {
            perEvent = contentEvents.map { _ in 1 }
            (total, source, basis) = (contentEvents.count, .events, .events)
        }
    }

    /// The server's own count of each event; empty where it did not count every one.
    ///
    /// A count that runs from the start of the thinking has hidden reasoning in its first step, where it is no content's.
    private static func serverCounts(_ contentEvents: [StreamEvent], hidden: Int, total: Int?) -> [Int] {
        var counts: [Int] = []
        for place in contentEvents.indices {
            guard let tokens = contentEvents[place].tokens, let count = TokenUsage(output: tokens).plausible.output
            else { return [] }
            counts.append(count)
        }
        if hidden > 0, let total, counts[0] > hidden, counts.reduce(0, +) > total { counts[0] -= hidden }
        return counts
    }

    private mutating func takeTokenizer(_ count: Int, _ contentEvents: [StreamEvent]) {
        total = count
        perEvent = Self.apportion(count, byBytesOf: contentEvents)
        (source, basis) = (.tokenizer, .apportioned)
    }

    /// Drops the parts; the total stays.
    mutating func forgetEvents() { perEvent = [] }

    /// Apportions a total of which so many tokens are the reasoning's: each kind's by bytes, among its own events.
    private static func apportion(_ total: Int, reasoning: Int, over contentEvents: [StreamEvent]) -> [Int] {
        let thoughts = contentEvents.filter { $0.kind == .reasoning }
        let answer = contentEvents.filter { $0.kind != .reasoning }
        // A split that leaves one kind without a token contradicts the stream.
        guard reasoning > 0, reasoning < total, !thoughts.isEmpty, !answer.isEmpty else {
            return apportion(total, byBytesOf: contentEvents)
        }
        var thoughtParts = apportion(reasoning, byBytesOf: thoughts).makeIterator()
        var answerParts = apportion(total - reasoning, byBytesOf: answer).makeIterator()
        return contentEvents.map { ($0.kind == .reasoning ? thoughtParts.next() : answerParts.next()) ?? 0 }
    }

    /// Apportions a total by bytes of content, at least one token to each event where there are enough.
    ///
    /// Bytes alone would give a server's long words two tokens and its short ones none where each event is one token,
    /// which is what most servers send.
    private static func apportion(_ total: Int, byBytesOf contentEvents: [StreamEvent]) -> [Int] {
        let greatest = TokenUsage.greatestCount
        let bytes = contentEvents.indices.map { max(0, min(contentEvents[$0].contentBytes, greatest)) }
        guard total >= bytes.count else { return apportion(total, by: bytes) }
        return apportion(total - bytes.count, by: bytes).map { $0 + 1 }
    }

    /// Apportions a total by shares, so that after every event the sum is the proportional one, rounded.
    ///
    /// Each part is its quota rounded up or down, and the parts are spread evenly: with half as many tokens as events
    /// every other event gets one. The method of largest remainders would give them all to the first ones.
    private static func apportion(_ total: Int, by shares: [Int]) -> [Int] {
        let sum = shares.reduce(0, +)
        // Shares beyond all that can be multiplied are none.
        guard sum > 0, !sum.multipliedReportingOverflow(by: 2 * total + 1).overflow else {
            return apportion(total, by: shares.map { _ in 1 })
        }
        var sharesSoFar = 0
        var tokensSoFar = 0
        return shares.map { share in
            sharesSoFar += share
            let rounded = (2 * total * sharesSoFar + sum) / (2 * sum)
            defer { tokensSoFar = rounded }
            return rounded - tokensSoFar
        }
    }

    /// Splits a total over the first and the last content, where no more is known: the first gets its own count, or 1.
    private static func split(_ total: Int, over contentEvents: [StreamEvent]) -> [Int] {
        guard contentEvents.count > 1 else { return [total] }
        let first = min(total, max(0, contentEvents[0].tokens ?? 1))
        return [first] + Array(repeating: 0, count: contentEvents.count - 2) + [total - first]
    }
}
