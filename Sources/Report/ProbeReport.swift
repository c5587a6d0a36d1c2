package import Timeline

/// One request and its response as it happened: what was sent, every read, every event, and how it ended.
package struct ProbeReport: Sendable {
    /// One thing that stood on the wire.
    package struct Item: Sendable {
        package enum Form: String, Sendable {
            case event, comment
            case ignoredLine = "ignored_line"
            case unfinished
            /// A body that is one answer, not a stream.
            case answer
        }

        package var form: Form
        /// The type that the stream named, such as `message`.
        package var type: String
        package var identifier: String
        package var data: String
        /// The read that completed it.
        package var readIndex: Int
        package var wireBytes: Int
        /// What it was decoded to; empty where it proved nothing.
        package var events: [StreamEvent]

        package init(
            form: Form, type: String = "", identifier: String = "", data: String, readIndex: Int, wireBytes: Int,
            events: [StreamEvent]
        ) {
            self.form = form
            self.type = type
            self.identifier = identifier
            self.data = data
            self.readIndex = readIndex
            self.wireBytes = wireBytes
            self.events = events
        }
    }

    /// Everything that was seen, without secrets.
    package struct Exchange: Sendable {
        package var record: StreamRecord
        package var target: TargetRun
        package var url: String
        package var clockSource: ClockSource
        package var requestHeaders: [HeaderField]
        package var requestBody: String
        package var responseHeaders: [HeaderField]
        package var reads: [BodyCapture.Read]
        /// Reads whose bytes came together share a number.
        package var readNumbers: [Int]
        package var items: [Item]
        /// The body, where it is no stream.
        package var body: String?

        package init(
            record: StreamRecord, target: TargetRun, url: String, clockSource: ClockSource,
            requestHeaders: [HeaderField], requestBody: String, responseHeaders: [HeaderField],
            reads: [BodyCapture.Read], readNumbers: [Int], items: [Item], body: String? = nil
        ) {
            self.record = record
            self.target = target
            self.url = url
            self.clockSource = clockSource
            self.requestHeaders = requestHeaders
            self.requestBody = requestBody
            self.responseHeaders = responseHeaders
            self.reads = reads
            self.readNumbers = readNumbers
            self.items = items
            self.body = body
        }

        var origin: Instant { record.sent ?? record.dispatched ?? record.planned }
    }

    let exchange: Exchange
    let painter: Painter
    let width: Int
    let isFull: Bool

    /// Creates a report; a full one cuts no text.
    package init(_ exchange: Exchange, options: TableReport.Options = TableReport.Options()) {
        self.exchange = exchange
        painter = Painter(hasColor: options.color, hasUnicode: options.unicode)
        width = max(60, options.width)
        isFull = options.isFull
    }

    /// The report for a terminal, every line ended by a newline.
    package var text: String {
        let lines = requestLines + [""] + responseLines + phaseLines + streamLines + outcomeLines
        return lines.map { "\($0)\n" }.joined()
    }

    private var requestLines: [String] {
        let target = exchange.target
        let heading = "POST \(painter.clean(exchange.url))"
        let asked = "\(target.api), model \(target.model), HTTP/\(target.httpVersion.rawValue)"
        return [painter.paint(heading, .strong), painter.clean(asked)]
            + exchange.requestHeaders.map { sent("\($0.name): \($0.value)") } + [sent(exchange.requestBody)]
    }

    private func sent(_ text: String) -> String { painter.paint(">", .faint) + " " + shown(text, width: width - 2) }

    private var responseLines: [String] {
        guard let status = exchange.record.httpStatus else { return [painter.paint("no response", .bad), ""] }
        let line = "HTTP/\(exchange.record.httpVersion ?? "?") \(status)"
        let headers = exchange.responseHeaders.map { "\($0.name): \($0.value)" }
        return ([line] + headers).map { painter.paint("<", .faint) + " " + shown($0, width: width - 2) } + [""]
    }

    /// Foreign text on one line, cut to a width unless everything is asked for.
    func shown(_ text: String, width: Int) -> String { painter.clean(text, width: isFull ? .max : width) }

    private var phaseLines: [String] {
        var table = TextTable(columns: [
            TextTable.Column(header: "phase", alignment: .left),
            TextTable.Column(header: "ms from sent", alignment: .decimal, emphasis: .strong),
            TextTable.Column(header: "after the last", alignment: .decimal, emphasis: .faint),
        ])
        var last: Double?
        for phase in RequestPhases(exchange.record).instants {
            let step = last.map { "+" + NumberFormat.fixed(phase.milliseconds - $0, decimals: 3) } ?? ""
            let instant = NumberFormat.fixed(phase.milliseconds, decimals: 3)
            table.rows.append([TextTable.Cell(phase.name), TextTable.Cell(instant), TextTable.Cell(step)])
            last = phase.milliseconds
        }
        return table.lines(width: width, painter: painter) + [""]
    }

    private var outcomeLines: [String] {
        var facts = RequestFacts(record: exchange.record, run: nil, painter: painter).lines
        // They stand above, all of them.
        facts.removeAll { $0.label.hasSuffix("header") || $0.label == "limit" }
        let stamps =
            exchange.clockSource == .kernel
            ? "arrivals are the kernel's receive stamps"
            : "the kernel gives no stamps here: arrivals are when the bytes were read"
        facts.append(("clock", stamps))
        return FactLines(facts, painter: painter).lines(width: width)
    }
}
