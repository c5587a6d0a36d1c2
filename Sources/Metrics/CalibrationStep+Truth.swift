import Statistics
package import Timeline

/// What a server says of one answer: when it had read the request, and when it sent each content event.
package struct SentStream: Sendable, Equatable {
    package var requestID: String
    package var requestRead: Instant
    package var contentSends: [Instant]
    /// How late a send was after its schedule at most.
    package var latestBy: Nanoseconds

    package init(requestID: String, requestRead: Instant, contentSends: [Instant], latestBy: Nanoseconds = .zero) {
        self.requestID = requestID
        self.requestRead = requestRead
        self.contentSends = contentSends
        self.latestBy = latestBy
    }
}

extension CalibrationStep {
    /// Joins what was measured with what was sent, by the ids of requests.
    ///
    /// `processorTime` is that of the whole process for all of it.
    package init(
        streams: Int, plannedChunksPerSecond: Double, records: [StreamRecord], sent: [SentStream],
        processorTime: Nanoseconds
    ) {
        let answers = Dictionary(grouping: sent, by: \.requestID)
        var (events, readings, firstTokens) = ([Double](), [Double](), [Double]())
        var matched = 0
        for record in records {
            let content = record.events.filter(\.kind.isContent)
            guard let answer = answers[record.clientRequestID], answer.count == 1,
                answer[0].contentSends.count == content.count, record.outcome.isComplete
            else { continue }
            matched += 1
            for (event, send) in zip(content, answer[0].contentSends) {
                events.append(abs((event.arrival - send).milliseconds))
                readings.append(abs((event.reading - send).milliseconds))
            }
            if let requestSent = record.sent, let first = content.first, let firstSend = answer[0].contentSends.first {
                let error = (first.arrival - requestSent) - (firstSend - answer[0].requestRead)
                firstTokens.append(abs(error.milliseconds))
            }
        }
        self.init(
            streams: streams, plannedChunksPerSecond: plannedChunksPerSecond,
            chunksPerSecond: Self.busyRate(sent), requests: records.count,
            unmatched: records.count - matched + max(0, sent.count - matched), events: events.count,
            eventError: Spread(events), readingError: Spread(readings), firstTokenError: Spread(firstTokens),
            processorTimePerChunk: events.isEmpty ? 0 : processorTime.milliseconds * 1000 / Double(events.count),
            serverLateness: sent.map(\.latestBy).max()?.milliseconds ?? 0)
    }

    /// Chunks per second between the first and the last quarter of all sends: without the load's ramps.
    private static func busyRate(_ sent: [SentStream]) -> Double {
        let sends = sent.flatMap(\.contentSends).sorted()
        guard sends.count >= 8 else { return 0 }
        let (start, end) = (sends[sends.count / 4], sends[sends.count * 3 / 4])
        return end > start ? Double(sends.count * 3 / 4 - sends.count / 4) / (end - start).seconds : 0
    }
}

extension CalibrationStep.Spread {
    /// Nil without values.
    init?(_ values: [Double]) {
        let sample = SortedSample(values)
        guard let p50 = sample.quantile(0.5), let p99 = sample.quantile(0.99), let p999 = sample.quantile(0.999),
            let max = sample.values.last
        else { return nil }
        self.init(p50: p50, p99: p99, p999: p999, max: max)
    }
}
