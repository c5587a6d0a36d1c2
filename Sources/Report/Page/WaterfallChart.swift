import Metrics
import Timeline

/// A few streams of each series from plan to end: what they waited for, when text came, and where they stood still.
struct WaterfallChart {
    let series: [Series]
    let id = "waterfall"

    private static let rowHeight = 22.0

    private struct Row {
        var series: Series
        var stream: StreamPicture
    }

    var figure: Figure? {
        let rows = series.flatMap { one in one.picture.streams.map { Row(series: one, stream: $0) } }
        guard !rows.isEmpty else { return nil }
        let scale = Self.scale(of: rows.map(\.stream))
        var plot = Plot(
            x: Axis(
                "milliseconds after the request was sent", scale: scale, ticks: Ticks.linear(scale.domain, count: 9)),
            y: Axis("", scale: Scale(kind: .linear, domain: 0...1), ticks: []),
            height: 60 + Self.rowHeight * Double(rows.count))
        plot.width = 1200
        // The names stand before the bars, however long they are.
        let longest = rows.map { "\($0.series.label): \(Self.name(of: $0.stream))".count }.max() ?? 0
        plot.left = min(480, max(140, 20 + 7 * Double(longest)))
        plot.top = 10
        let svg = plot.svg(
            id: "waterfall-chart", title: "Single requests from plan to end",
            description: "Times of each phase are in the table below."
        ) { markup in
            for (index, row) in rows.enumerated() {
                draw(row, y: plot.top + Self.rowHeight * (Double(index) + 0.5), in: plot, to: &markup)
            }
        }
        return Figure(
            id: id, title: "Single requests, phase by phase",
            caption:
                "The median request, the one at p95, the worst, the one with the longest gap, and the first that failed; "
                + "by E2E. The thin bar is the wait for the first token, each tick in the thick bar a read that brought "
                + "text, a red frame a stall.",
            key: key, charts: [svg], tables: [table(rows)], isWide: true)
    }

    /// From 0, but from the earliest plan where that is far enough before it to be seen.
    private static func scale(of streams: [StreamPicture]) -> Scale {
        let scale = Scale.linear(streams.map(\.end))
        let first = streams.compactMap { $0.spans.first?.range.lowerBound }.min() ?? 0
        let isSeen = -first > 0.01 * scale.domain.upperBound
        return isSeen ? Scale(kind: .linear, domain: first...scale.domain.upperBound) : scale
    }

    private var key: Markup {
        var markup = Markup()
        markup.element("p", ["class": "keys"]) { markup in
            for (name, text) in [
                ("queue", "queue: not yet dispatched"), ("connection", "connecting"),
                ("wait", "waiting for the first token"),
                ("stream", "text comes"), ("stall", "stall"), ("tail", "after the last text"),
            ] {
                markup.element("span", ["class": "key"]) { markup in
                    markup.element("svg", ["class": "swatch", "viewBox": "0 0 34 14", "aria-hidden": "true"]) {
                        $0.element(
                            "rect",
                            [
                                "class": "phase \(name)", "x": "1", "width": "32", "y": Self.top(of: name, middle: 7),
                                "height": Self.height(of: name),
                            ])
                    }
                    markup.element("span", text: text)
                }
            }
        }
        return markup
    }

    private static func height(of phase: String) -> String {
        PathData.number(["wait": 5, "tail": 2, "stream": 12, "stall": 12][phase] ?? 8)
    }

    private static func top(of phase: String, middle: Double) -> String {
        PathData.number(middle - (["wait": 2.5, "tail": 1, "stream": 6, "stall": 6][phase] ?? 4))
    }

    private func draw(_ row: Row, y: Double, in plot: Plot, to markup: inout Markup) {
        let (one, stream) = (row.series, row.stream)
        Plot.label("\(one.label): \(Self.name(of: stream))", plot.left - 10, y + 4, "end", to: &markup)
        for span in stream.spans {
            let name =
                switch span.phase {
                case .queue: "queue"
                case .connection: "connection"
                case .firstByte, .firstToken: "wait"
                case .stream: "stream \(one.style.colorClass)"
                case .end: "tail"
                }
            bar(span.range, name, y, in: plot, to: &markup) {
                "\(span.phase.rawValue): \(NumberFormat.fixed(span.range.upperBound - span.range.lowerBound, decimals: 3)) ms"
            }
        }
        var ticks = PathData()
        var last = -1.0
        for chunk in stream.chunks where !chunk.isTogether {
            let x = plot.x(chunk.offset)
            // Nearer ones would be one block anyway.
            guard x - last >= 1.5 else { continue }
            last = x
            ticks.move(x, y - 6)
            ticks.vertical(to: y + 6)
        }
        markup.element("path", ["class": "read", "d": ticks.text])
        for stall in stream.stalls {
            bar(stall, "stall", y, in: plot, to: &markup) { "stall: \(Self.length(stall)) ms" }
            if plot.x(stall.upperBound) - plot.x(stall.lowerBound) > LabelLayout.width(of: "stall 0000 ms") {
                let middle = (plot.x(stall.lowerBound) + plot.x(stall.upperBound)) / 2
                Plot.label("stall \(Self.length(stall)) ms", middle, y + 4, "middle", class: "stall-name", to: &markup)
            }
        }
        if !stream.outcome.isComplete {
            Plot.label(
                stream.outcome.outcomeClass.rawValue, min(plot.x(stream.end) + 5, plot.width - 140), y + 4, "start",
                class: "failure-name", to: &markup)
        }
        markup.newLine()
    }

    private func bar(
        _ range: ClosedRange<Double>, _ name: String, _ y: Double, in plot: Plot, to markup: inout Markup,
        title: () -> String
    ) {
        let phase = String(name.prefix { $0 != " " })
        let (left, right) = (plot.x(range.lowerBound), plot.x(range.upperBound))
        guard right > left else { return }
        markup.element(
            "rect",
            [
                "class": "phase \(name)", "x": PathData.number(left), "y": Self.top(of: phase, middle: y),
                "width": PathData.number(right - left), "height": Self.height(of: phase),
            ]
        ) { $0.element("title", text: title()) }
    }

    private static func length(_ range: ClosedRange<Double>) -> String {
        NumberFormat.fixed(range.upperBound - range.lowerBound, decimals: 0)
    }

    static func name(of stream: StreamPicture) -> String {
        stream.choices.map { $0.rawValue.split(separator: "_").joined(separator: " ") }.joined(separator: ", ")
    }

    private func table(_ rows: [Row]) -> DataTable {
        DataTable(
            id: "waterfall-data", caption: "Phases of single requests, ms",
            header: ["run_id", "request_index", "attempt", "target", "shown as", "status"]
                + StreamPicture.Phase.allCases.map(\.rawValue) + ["ttft_ms", "e2e_ms", "stalls"],
            rows: rows.map { row in
                let stream = row.stream
                let lengths = StreamPicture.Phase.allCases.map { phase in
                    stream.spans.first { $0.phase == phase }.map { $0.range.upperBound - $0.range.lowerBound }
                }
                let numbers = (lengths + [stream.timeToFirstToken, stream.endToEnd]).map(CSVText.number)
                return [
                    row.series.run.id, String(stream.key.requestIndex), String(stream.key.attempt),
                    row.series.picture.summary.target.name, Self.name(of: stream),
                    stream.outcome.outcomeClass.rawValue,
                ] + numbers + [String(stream.stalls.count)]
            }, nameColumns: 3)
    }
}
