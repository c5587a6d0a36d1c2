import TestSupport
import Testing
import Timeline

@testable import Report

/// A probe by hand: reads that came together, an event over two reads, a comment and what is no event.
@Suite struct ProbeReportTests {
    private static func at(_ milliseconds: Double) -> Instant {
        Instant(nanoseconds: 7_000_000_000 + Int64(milliseconds * 1e6))
    }

    private static let reads: [BodyCapture.Read] = [
        (20, 300.5, 300.6), (64, 318.25, 318.3), (108, 318.25, 318.31), (120, 325, 325.1), (152, 331, 331.2),
        (166, 331.5, 331.6),
    ].map { end, arrival, reading in
        BodyCapture.Read(end: end, arrival: at(arrival), reading: at(reading), lateBound: Nanoseconds(5000))
    }

    private static func event(
        _ index: Int, _ kind: StreamEvent.Kind, read: Int, _ text: String? = nil, bytes: Int, tokens: Int? = nil
    ) -> StreamEvent {
        StreamEvent(
            index: index, readIndex: read, arrival: reads[read].arrival, reading: reads[read].reading,
            lateBound: reads[read].lateBound, kind: kind, tokens: tokens, characters: text?.count ?? 0,
            contentBytes: text?.utf8.count ?? 0, wireBytes: bytes, text: text)
    }

    private static let exchange: ProbeReport.Exchange = {
        let events = [
            event(0, .control, read: 0, bytes: 20), event(1, .text, read: 1, "Hello,\n", bytes: 44),
            event(2, .text, read: 2, "\t\"wörld\" \u{1b}[31m", bytes: 44, tokens: 3),
            event(3, .text, read: 4, " done", bytes: 44), event(4, .terminal, read: 5, bytes: 14),
        ]
        let record = StreamRecord(
            requestIndex: 0, target: "a", clientRequestID: "probe-1", planned: at(-0.5), dispatched: at(-0.4),
            sent: at(0), firstByte: at(300), headersComplete: at(300), terminal: at(331.5), closed: at(332),
            connection: ConnectionPhases(
                isNew: true, nameLookup: .milliseconds(0.1), connect: .milliseconds(0.2),
                remoteAddress: "127.0.0.1:80"), httpStatus: 200, httpVersion: "1.1",
            responseHeaders: [HeaderField("Content-Type", "text/event-stream")], events: events, readCount: 6,
            bytesReceived: 166, finishReason: "stop",
            usage: TokenUsage(input: 9, output: 5, cached: 4), servedModel: "m-2026", responseID: "c-1")
        let items = [
            ProbeReport.Item(
                form: .event, type: "message_start", data: "{\"role\":1}", readIndex: 0, wireBytes: 20,
                events: [events[0]]),
            ProbeReport.Item(
                form: .event, type: "message", data: "{1}", readIndex: 1, wireBytes: 44, events: [events[1]]),
            ProbeReport.Item(form: .comment, data: " ping", readIndex: 2, wireBytes: 7, events: []),
            ProbeReport.Item(
                form: .event, type: "message", data: "{2}", readIndex: 2, wireBytes: 44, events: [events[2]]),
            ProbeReport.Item(
                form: .event, type: "message", data: "{3}", readIndex: 4, wireBytes: 44, events: [events[3]]),
            ProbeReport.Item(form: .ignoredLine, data: "<html>", readIndex: 4, wireBytes: 7, events: []),
            ProbeReport.Item(
                form: .event, type: "message", data: "[DONE]", readIndex: 5, wireBytes: 14, events: [events[4]]),
        ]
        return ProbeReport.Exchange(
            record: record,
            target: TargetRun(name: "a", api: "openai-chat", model: "m", baseURL: "http://127.0.0.1/v1"),
            url: "http://127.0.0.1/v1/chat/completions", clockSource: .kernel,
            requestHeaders: [HeaderField("Host", "127.0.0.1"), HeaderField("Authorization", "***")],
            requestBody: "{\"model\":\"m\"}", responseHeaders: [HeaderField("Content-Type", "text/event-stream")],
            reads: reads, readNumbers: [0, 1, 1, 2, 3, 4], items: items)
    }()

    /// An exchange in which every text that comes from the server or the person is the given one.
    static func hostile(_ text: String) -> ProbeReport.Exchange {
        var exchange = exchange
        exchange.url = text
        exchange.target.model = text
        exchange.requestHeaders = [HeaderField(text, text)]
        exchange.responseHeaders = [HeaderField(text, text)]
        exchange.requestBody = text
        exchange.body = text
        exchange.record.servedModel = text
        exchange.record.warnings = [text]
        for index in exchange.items.indices {
            exchange.items[index].data = text
            exchange.items[index].type = text
            for event in exchange.items[index].events.indices { exchange.items[index].events[event].text = text }
        }
        return exchange
    }

    @Test func `a probe is the one that was reviewed`() {
        let report = ProbeReport(Self.exchange, options: TableReport.Options(width: 120))
        #expect(GoldenFile("probe.txt").difference(to: report.text) == nil)
        #expect(GoldenFile("probe.json").difference(to: report.json) == nil)
    }

    @Test func `the first token is marked, and gaps that are unknown are no numbers`() throws {
        let lines = ProbeReport(Self.exchange).text.split(separator: "\n").map(String.init)
        let row = { (text: String) -> [Substring] in
            (lines.first { $0.contains(text) } ?? "").split(separator: " ")
        }
        #expect(row(#""Hello,\n""#).starts(with: ["318.250", "+17.750", "#1", "44", "318.300", "5.0", "text"]))
        #expect(lines.contains { $0.contains(#""Hello,\n"  ← first token, TTFT 318.250 ms"#) })
        #expect(row(": ping").starts(with: ["318.250", "=", "#2"]))
        // The event shares its read with the comment before it: no figures of the read, and no gap.
        #expect(row(#""\t\"wörld\" \u{1b}[31m""#).starts(with: ["=", "text", "44"]))
        #expect(row("no event complete yet").starts(with: ["325.000", "+6.750", "#3", "12"]))
        #expect(row("\" done\"").starts(with: ["331.000", "+6.000", "#4", "32"]))
        #expect(row("<html>").starts(with: ["=", "ignored"]))
    }

    @Test func `a full report cuts nothing, and shows the data of content too`() {
        var exchange = Self.exchange
        exchange.requestBody = String(repeating: "long ", count: 100) + "end"
        let options = TableReport.Options(width: 80, isFull: true)
        #expect(ProbeReport(exchange, options: options).text.contains("long end"))
        #expect(ProbeReport(exchange, options: options).text.contains("{2}"))
        let short = ProbeReport(exchange, options: TableReport.Options(width: 80)).text
        #expect(!short.contains("long end") && !short.contains("{2}"))
    }
}
