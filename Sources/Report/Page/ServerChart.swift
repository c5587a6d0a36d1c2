import Metrics
import Timeline

/// What a server said of itself, beside the requests that the client had under way, on one axis of time.
struct ServerChart {
    let run: RunPicture
    let id: String

    /// The steps that are drawn, and the rows of the table.
    private static let pointLimit = 2000
    private static let rowLimit = 2000

    var figure: Figure? {
        guard let server = run.summary.server, !run.serverSamples.isEmpty else { return nil }
        let charts = server.plan.gauges.indices.compactMap { chart(of: $0, server) }
        guard !charts.isEmpty else { return nil }
        let phrases = Phrases(painter: Painter(hasColor: false, hasUnicode: true))
        return Figure(
            id: id, title: "The server's own metrics",
            caption:
                "What the server said of itself, asked at a steady pace; upright lines are cancellations. Where the first of "
                + "them shows the client's requests too (dotted), what is above these is work for nobody. "
                + phrases.server(run.summary).joined(separator: "; ") + ".",
            key: Markup(), charts: charts, tables: [table(server)], isWide: true)
    }

    private func second(_ instant: Instant) -> Double { (instant - run.summary.run.started).seconds }

    private func chart(of gauge: Int, _ server: ServerActivity) -> Markup? {
        let points = run.serverSamples.compactMap { sample -> (x: Double, y: Double)? in
            guard gauge < sample.values.count, let value = sample.values[gauge] else { return nil }
            return (second(sample.answered), value)
        }
        guard let last = points.last else { return nil }
        let client = gauge == 0 ? underWay : []
        let name = server.plan.gauges[gauge]
        var plot = Plot(
            x: Axis("seconds after the run's start", scale: .linear([0, last.x] + client.map(\.x))),
            y: Axis(
                PrintableText.cut(PrintableText.terminal(name), to: 40, ellipsis: "\u{2026}"),
                scale: .linear([0] + points.map(\.y) + client.map(\.y))), height: 240)
        plot.width = 1200
        let kept = Downsampling.keepingExtremes(points.map(\.y), limit: Self.pointLimit).map { points[$0] }
        return plot.svg(
            id: "\(id)-\(gauge)", title: name,
            description: "\(points.count) values from \(points.map(\.y).min() ?? 0) to \(points.map(\.y).max() ?? 0). "
                + "The table below has them."
        ) { markup in
            for release in server.releases {
                let x = PathData.number(plot.x(second(release.cancelled)))
                let (top, bottom) = (PathData.number(plot.top), PathData.number(plot.height - plot.bottom))
                markup.element("path", ["class": "limit", "d": "M\(x) \(top)V\(bottom)"])
            }
            markup.element("path", ["class": "line s0", "d": steps(kept, in: plot)])
            if !client.isEmpty {
                markup.element(
                    "path", ["class": "line s1", "stroke-dasharray": "2 3", "d": steps(client, in: plot)])
            }
        }
    }

    private func steps(_ points: [(x: Double, y: Double)], in plot: Plot) -> String {
        var path = PathData()
        var height: Double?
        for point in points {
            let (x, y) = (plot.x(point.x), plot.y(point.y))
            if let height {
                path.line(x, height)
                path.line(x, y)
            } else {
                path.move(x, y)
            }
            height = y
        }
        return path.text
    }

    /// How many requests the client had under way, at each change.
    private var underWay: [(x: Double, y: Double)] {
        var changes: [(time: Double, change: Double)] = []
        for attempt in run.targets.flatMap(\.attempts) {
            guard let sent = attempt.sent, let end = attempt.closed else { continue }
            changes += [(sent / 1000, 1), (end / 1000, -1)]
        }
        var count = 0.0
        return changes.sorted { ($0.time, $0.change) < ($1.time, $1.change) }.map { change in
            count += change.change
            return (change.time, count)
        }
    }

    private func table(_ server: ServerActivity) -> DataTable {
        let start = run.summary.run.started
        let rows = run.serverSamples.prefix(Self.rowLimit).map { sample in
            [sample.asked, sample.answered].map { CSVText.number(($0 - start).milliseconds) }
                + server.plan.gauges.indices.map { index in
                    CSVText.number(index < sample.values.count ? sample.values[index] : nil)
                } + [sample.failure ?? ""]
        }
        return DataTable(
            id: "\(id)-data", caption: "The server's answers: ttft export has all",
            header: ["asked_offset_ms", "answered_offset_ms"] + server.plan.gauges + ["failure"], rows: Array(rows),
            nameColumns: 2)
    }
}
