import Timeline

/// A stream drawn from a request's columns alone: its first and its last content, and the first answer between them.
///
/// Tokens are placed so that the time per output token comes out as the column has it:
/// tpot = (last - first) / (tokens after the first read).
struct RequestSketch {
    private var firstContent: Nanoseconds?
    private var firstAnswer: Nanoseconds?
    /// Whether the file has a column for the first answer; then an empty cell means that there was only reasoning.
    private var tellsAnswer: Bool
    private var lastContent: Nanoseconds?
    private var timePerToken: Nanoseconds?
    private var contentEvents: Int?

    init(table: CSVTable, record: StreamRecord) throws(ExchangeError) {
        firstContent = try table.milliseconds("ttft_ms")
        firstAnswer = try table.milliseconds("ttfat_ms")
        tellsAnswer = table.has("ttfat_ms")
        lastContent = try table.milliseconds("ttlt_ms")
        timePerToken = try table.milliseconds("tpot_ms")
        contentEvents = try table.integer("content_events")
        if let firstContent, let lastContent, lastContent < firstContent {
            throw table.problem("ttlt_ms", "the last content comes before the first one, ttft_ms")
        }
        if firstContent != nil, record.sent == nil {
            throw table.problem("start_offset_ms", "the cell is empty, but ttft_ms has a value that counts from it")
        }
    }

    func draw(into record: inout StreamRecord) {
        record.hasEveryEvent = false
        guard let sent = record.sent, let firstContent else { return }
        let last = lastContent ?? firstContent
        // Without a column for the answer all content is taken for answer text.
        let answer = tellsAnswer ? firstAnswer : firstContent
        var offsets = [firstContent]
        if let answer, answer > firstContent, answer < last { offsets.append(answer) }
        if last > firstContent { offsets.append(last) }
        record.events = offsets.enumerated().map { index, offset in
            StreamEvent(
                index: index, readIndex: index, arrival: sent + offset, reading: sent + offset, lateBound: .zero,
                kind: answer.map { offset >= $0 } ?? false ? .text : .reasoning, tokens: 0)
        }
        record.readCount = record.events.count
        placeTokens(in: &record, spread: last - firstContent)
    }

    private func placeTokens(in record: inout StreamRecord, spread: Nanoseconds) {
        let hasReasoning = record.events.contains { $0.kind == .reasoning }
        let hidden = hasReasoning ? 0 : record.usage?.reasoning ?? 0
        let total = record.usage?.output.map { max(0, $0 - hidden) }
        var afterFirst = 0
        if let timePerToken, timePerToken > .zero {
            afterFirst = Int((Double(spread.count) / Double(timePerToken.count)).rounded())
        } else if record.events.count > 1 {
            afterFirst = max(0, (total ?? contentEvents ?? 1) - 1)
        }
        let first = max(0, (total ?? max(contentEvents ?? 1, afterFirst + 1)) - afterFirst)
        record.events[0].tokens = first
        if record.events.count > 1 { record.events[record.events.count - 1].tokens = afterFirst }
    }
}
