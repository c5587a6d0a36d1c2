import Timeline

extension ProbeReport {
    /// What arrived, a line for each event, comment and other item; a read that completed none has a line too.
    var streamLines: [String] {
        let body = exchange.body.map { bodyLines($0) } ?? []
        guard !exchange.reads.isEmpty else { return body }
        var table = TextTable(columns: Self.columns(painter))
        table.rows = rows.map { cells(of: $0) }
        let lines = table.lines(width: .max, painter: painter)
        let legend = rows.contains { $0.isTogether } ? [painter.paint(togetherLegend, .faint)] : []
        return lines + legend + [""] + body
    }

    private var togetherLegend: String { "=  came together with the line above: the gap between them is unknown" }

    private static func columns(_ painter: Painter) -> [TextTable.Column] {
        [
            TextTable.Column(header: "arrival", unit: "ms", alignment: .decimal, emphasis: .strong),
            TextTable.Column(header: "gap", unit: "ms", alignment: .decimal),
            TextTable.Column(header: "read", alignment: .right, emphasis: .faint),
            TextTable.Column(header: "bytes", alignment: .right, emphasis: .faint),
            TextTable.Column(header: "read at", unit: "ms", alignment: .decimal, emphasis: .faint),
            TextTable.Column(
                header: "late \(painter.atMost)", unit: "\(painter.micro)s", alignment: .decimal, emphasis: .faint),
            TextTable.Column(header: "kind", alignment: .left),
            TextTable.Column(header: "size", alignment: .right, emphasis: .faint),
            TextTable.Column(header: "text or data", alignment: .left),
        ]
    }

    /// The columns before the last one take about so much.
    private static let widthOfFigures = 67

    private func bodyLines(_ body: String) -> [String] {
        let heading = painter.paint("body", .strong)
        let text = isFull ? body : String(body.prefix(2000))
        let lines = text.split(whereSeparator: \.isNewline).map { painter.clean(String($0)) }
        return [heading] + lines + (text.count < body.count ? [painter.ellipsis] : []) + [""]
    }

    /// One line of the stream.
    private struct Row {
        var read: Int
        /// Whether the read's own figures stand in this line.
        var isFirstOfRead: Bool
        /// Whether no gap to the line above is known.
        var isTogether: Bool
        var gap: Nanoseconds?
        var item: Item?
        var event: StreamEvent?
        var mark: String?
    }

    private var rows: [Row] {
        var rows: [Row] = []
        let items = Dictionary(grouping: exchange.items, by: \.readIndex)
        for (read, stamp) in exchange.reads.enumerated() {
            let isTogether = read > 0 && exchange.readNumbers[read] == exchange.readNumbers[read - 1]
            let gap = read > 0 && !isTogether ? stamp.arrival - exchange.reads[read - 1].arrival : nil
            let first = rows.count
            for item in items[read] ?? [] {
                let events = item.events.isEmpty ? [nil] : item.events.map(Optional.some)
                for event in events {
                    rows.append(Row(read: read, isFirstOfRead: false, isTogether: true, item: item, event: event))
                }
            }
            if rows.count == first { rows.append(Row(read: read, isFirstOfRead: true, isTogether: isTogether)) }
            rows[first].isFirstOfRead = true
            rows[first].isTogether = isTogether
            rows[first].gap = gap
        }
        return marked(rows)
    }

    /// Points at what people look for: the first token, the longest gap after it, and the end.
    private func marked(_ rows: [Row]) -> [Row] {
        var rows = rows
        guard let first = rows.firstIndex(where: { $0.event?.kind.isContent == true }) else { return rows }
        let arrival = rows[first].event.map { ($0.arrival - exchange.origin).milliseconds } ?? 0
        rows[first].mark = "first token, TTFT \(NumberFormat.fixed(arrival, decimals: 3)) ms"
        let later = rows.indices.filter {
            $0 > first && rows[$0].gap != nil && rows[$0].event?.kind.isContent == true
        }
        if later.count > 1, let longest = later.max(by: { (rows[$0].gap ?? .zero) < (rows[$1].gap ?? .zero) }) {
            rows[longest].mark = "longest gap"
        }
        return rows
    }

    private func cells(of row: Row) -> [TextTable.Cell] {
        let read = exchange.reads[row.read]
        let start = row.read > 0 ? exchange.reads[row.read - 1].end : 0
        let milliseconds = { (instant: Instant) -> String in
            NumberFormat.fixed((instant - exchange.origin).milliseconds, decimals: 3)
        }
        let isFirst = row.isFirstOfRead
        let gap = row.gap.map { "+" + NumberFormat.fixed($0.milliseconds, decimals: 3) } ?? (row.isTogether ? "=" : "")
        let late = NumberFormat.fixed(read.lateBound.milliseconds * 1000, decimals: 1)
        return [
            TextTable.Cell(isFirst ? milliseconds(read.arrival) : ""), TextTable.Cell(gap),
            TextTable.Cell(isFirst ? "#\(row.read)" : ""), TextTable.Cell(isFirst ? String(read.end - start) : ""),
            TextTable.Cell(isFirst ? milliseconds(read.reading) : ""), TextTable.Cell(isFirst ? late : ""),
            TextTable.Cell(kind(of: row), emphasis(of: row)), TextTable.Cell(size(of: row)),
            TextTable.Cell(text(of: row)),
        ]
    }

    private func kind(of row: Row) -> String {
        guard let item = row.item else { return "" }
        if let event = row.event {
            return event.choice > 0 ? "\(event.kind.rawValue).\(event.choice)" : event.kind.rawValue
        }
        return switch item.form {
        case .event: "event"
        case .comment: "comment"
        case .ignoredLine: "ignored"
        case .unfinished: "unfinished"
        case .answer: "answer"
        }
    }

    private func emphasis(of row: Row) -> Painter.Emphasis {
        switch row.event?.kind {
        case .text, .reasoning, .tool, .refusal: .good
        case .error: .bad
        case .terminal: .strong
        default: row.item.map { $0.form == .ignoredLine || $0.form == .unfinished } == true ? .warning : .none
        }
    }

    private func size(of row: Row) -> String {
        let bytes = row.event?.wireBytes ?? row.item?.wireBytes
        return bytes.map { $0 == 0 ? "" : String($0) } ?? ""
    }

    private func text(of row: Row) -> String {
        let arrow = painter.hasUnicode ? "←" : "<-"
        let mark = row.mark.map { "  \(arrow) \($0)" } ?? ""
        let room = max(20, width - Self.widthOfFigures - PrintableText.width(mark))
        guard let item = row.item else {
            return painter.paint(exchange.body == nil ? "no event complete yet" : "part of the body", .faint)
        }
        if let event = row.event, event.kind.isContent {
            let tokens = event.tokens.map { $0 == 1 ? "" : "  (\($0) tokens)" } ?? ""
            let data = isFull && !item.data.isEmpty ? "  " + painter.paint(painter.clean(item.data), .faint) : ""
            return shown(PrintableText.quoted(event.text ?? ""), width: room) + tokens + painter.paint(mark, .strong)
                + data
        }
        let type = item.form == .event && item.type != "message" ? "\(item.type) " : ""
        let data = item.form == .comment ? ":\(item.data)" : item.data
        return shown(type + data, width: room) + mark
    }
}
