import Metrics
import Timeline

/// Every token of some streams: a row per request, a tick per read that brought text.
struct RasterChart {
    let series: [Series]
    let id = "raster"

    private static let rowHeight = 6.0
    private static let gap = 12.0

    var figure: Figure? {
        let drawn = series.filter { !$0.picture.raster.rows.isEmpty }
        guard !drawn.isEmpty else { return nil }
        let ends = drawn.flatMap { $0.picture.raster.rows.compactMap { $0.end ?? $0.reads.last } }
        let heights = drawn.map { max(16, Self.rowHeight * Double($0.picture.raster.rows.count)) + Self.gap }
        let scale = Scale.linear(ends)
        var plot = Plot(
            x: Axis(
                "milliseconds after the request was sent", scale: scale, ticks: Ticks.linear(scale.domain, count: 9)),
            y: Axis("", scale: Scale(kind: .linear, domain: 0...1), ticks: []),
            height: 56 + heights.reduce(0, +))
        plot.width = 1200
        plot.left = 220
        plot.top = 10
        let svg = plot.svg(
            id: "raster-chart", title: "When tokens came, request by request",
            description: "A row for each request, in the order of sending; the numbers are in the table below."
        ) { markup in
            var y = plot.top + Self.gap / 2
            for (one, height) in zip(drawn, heights) {
                draw(one, from: y, in: plot, to: &markup)
                y += height
            }
        }
        return Figure(
            id: id, title: "Token raster",
            caption:
                "Straight edges are a steady server. White gaps are pauses, seen in several rows at the same place or all "
                + "at once; a ragged left edge is a TTFT that varies.",
            charts: [svg], tables: [table(drawn)], isWide: true)
    }

    private func draw(_ one: Series, from start: Double, in plot: Plot, to markup: inout Markup) {
        let raster = one.picture.raster
        let height = Self.rowHeight * Double(raster.rows.count)
        Plot.label(one.label, plot.left - 8, start + max(height / 2, 8) - 2, "end", to: &markup)
        let part = raster.rows.count < raster.total ? "\(raster.rows.count) of \(raster.total)" : "\(raster.total)"
        Plot.label(
            "\(part) requests", plot.left - 8, start + max(height / 2, 8) + 12, "end", class: "faint", to: &markup)
        var path = PathData()
        for (index, row) in raster.rows.enumerated() {
            draw(row, y: start + Self.rowHeight * (Double(index) + 0.5), in: plot, to: &path)
        }
        markup.element("path", ["class": "raster \(one.style.colorClass)", "d": path.text])
        markup.newLine()
    }

    /// Neighbouring ticks that would touch become one stroke.
    private func draw(_ row: TokenRaster.Row, y: Double, in plot: Plot, to path: inout PathData) {
        var start: Double?
        var end = 0.0
        for x in row.reads.map(plot.x) {
            if let from = start, x - end > 0.6 {
                path.move(from, y)
                path.horizontal(to: end)
                start = x
            } else if start == nil {
                start = x
            }
            end = x + 1.2
        }
        guard let start else { return }
        path.move(start, y)
        path.horizontal(to: end)
    }

    private func table(_ drawn: [Series]) -> DataTable {
        DataTable(
            id: "raster-data", caption: "The requests of the raster",
            header: ["run_id", "request_index", "attempt", "target", "status", "content_reads", "ttft_ms", "ttlt_ms"],
            rows: drawn.flatMap { one in
                one.picture.raster.rows.map { row in
                    [
                        one.run.id, String(row.key.requestIndex), String(row.key.attempt),
                        one.picture.summary.target.name, row.outcome.rawValue, String(row.reads.count),
                        CSVText.number(row.reads.first), CSVText.number(row.reads.last),
                    ]
                }
            }, nameColumns: 3)
    }
}
