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
        contentEvents = try table.count("content_events")
        try Self.checkOrder(in: table)
        if firstContent != nil, record.sent == nil {
            throw table.problem("start_offset_ms", "the cell is empty, but ttft_ms has a value that counts from it")
        }
    }

    /// The times of a request in the order in which they must rise; one that does not is of another unit, most times.
    private static func checkOrder(in table: CSVTable) throws(ExchangeError) {
        let names = ["ttfb_ms", "ttft_ms", "ttlt_ms", "e2e_ms"]
        let titles = ["first byte", "first content", "last content", "end"]
        var latest: (position: Int, value: Nanoseconds)?
        for (position, name) in names.enumerated() {
            guard let value = try table.milliseconds(name) else { continue }
            if let latest, value < latest.value {
                throw table.problem(
                    name,
                    "the \(titles[position]) comes before the \(titles[latest.position]), \(names[latest.position]); are "
                        + "both in milliseconds?")
            }
            latest = (position, value)
        }
    }

    /// A pace that would need more tokens than the answer has is of another unit.
    private func checkPace(_ tokens: Int, of total: Int?, in table: CSVTable) throws(ExchangeError) {
        guard let total, timePerToken != nil, tokens > total else { return }
        throw table.problem(
            "tpot_ms",
            "at this pace \(tokens) tokens came after the first, but output_tokens has \(total); is it in "
                + "milliseconds per token?")
    }

    func draw(into record: inout StreamRecord, _ table: CSVTable) throws(ExchangeError) {
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
        try placeTokens(in: &record, spread: last - firstContent, table)
    }

    private func placeTokens(
        in record: inout StreamRecord, spread: Nanoseconds, _ table: CSVTable
    ) throws(ExchangeError) {
        let hasReasoning = record.events.contains { $0.kind == .reasoning }
        let hidden = hasReasoning ? 0 : record.usage?.reasoning ?? 0
        let total = record.usage?.output.map { max(0, $0 - hidden) }
        var afterFirst = 0
        if let timePerToken, timePerToken > .zero {
            afterFirst = Int((Double(spread.count) / Double(timePerToken.count)).rounded())
            try checkPace(afterFirst, of: record.usage?.output, in: table)
        } else if record.events.count > 1 {
            afterFirst = max(0, (total ?? contentEvents ?? 1) - 1)
        }
        let first = max(0, (total ?? max(contentEvents ?? 1, afterFirst + 1)) - afterFirst)
        record.events[0].tokens = first
        if record.events.count > 1 { record.events[record.events.count - 1].tokens = afterFirst }
    }
}
