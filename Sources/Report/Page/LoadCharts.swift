import Metrics

/// What more load does: latency and throughput by load, and the one against the other.
struct LoadCharts {
    let curves: [LoadCurve]
    /// The ids of all runs of the page, in their order.
    let runs: [String]

    /// Each target's line has the look of its first series.
    private func style(_ curve: LoadCurve) -> SeriesStyle {
        SeriesStyle(curves.firstIndex { $0.name == curve.name && $0.axis == curve.axis } ?? 0)
    }

    var figures: [Figure] {
        guard !curves.isEmpty else { return [] }
        return [latency, throughput, frontier].compactMap(\.self)
    }

    private struct Line {
        var curve: LoadCurve
        var metric: String
        var statistic: Statistic
        var isDashed: Bool
    }

    private var loadTitle: String {
        curves.allSatisfy { $0.axis == .concurrency }
            ? "streams at a time" : curves.allSatisfy { $0.axis == .rate } ? "requests per second" : "load"
    }

    private var loadAxis: Axis {
        let loads = Set(curves.flatMap { $0.points.map(\.load) }).sorted()
        let isWide = (loads.last ?? 1) > 8 * (loads.first ?? 1)
        let scale = isWide ? Scale.logarithmic(loads) : Scale.linear(loads)
        return Axis(loadTitle, scale: scale, ticks: loads.map { Tick(value: $0, label: NumberFormat.trimmed($0)) })
    }

    private var latency: Figure? {
        let lines = curves.flatMap { curve in
            [Statistic.p50, .p95].map { Line(curve: curve, metric: "ttft", statistic: $0, isDashed: $0 == .p95) }
        }
        return figure(
            "load-latency", "First token by load", lines, title: "TTFT, ms",
            caption:
                "Solid is the median, dashed p95; whiskers are 95 % intervals. A triangle on the axis marks the knee: the "
                + "load with the most throughput per latency (Kleinrock's power).")
    }

    private var throughput: Figure? {
        let lines = curves.map { Line(curve: $0, metric: "output_throughput", statistic: .value, isDashed: false) }
        return figure(
            "load-throughput", "Throughput by load", lines, title: "tok/s of all streams",
            caption: "Where the line flattens, the server has no more to give, and further load only waits.")
    }

    private func figure(_ id: String, _ heading: String, _ lines: [Line], title: String, caption: String) -> Figure? {
        let estimates = lines.flatMap { line in line.curve.points.compactMap { Self.value($0, line) } }
        let values = estimates.flatMap {
            [$0.value, $0.interval?.lowerBound, $0.interval?.upperBound].compactMap(\.self)
        }
        guard !values.isEmpty else { return nil }
        let isSpread = (values.max() ?? 1) > 20 * (values.filter { $0 > 0 }.min() ?? 1)
        let plot = Plot(
            x: loadAxis, y: Axis(title, scale: isSpread ? .logarithmic(values) : .linear(values)))
        let svg = plot.svg(id: "\(id)-chart", title: heading, description: "The values are in the table below.") {
            markup in
            for line in lines { draw(line, in: plot, to: &markup) }
            drawKnees(in: plot, to: &markup)
        }
        return Figure(id: id, title: heading, caption: caption, key: key, charts: [svg], tables: [table("\(id)-data")])
    }

    private static func value(_ point: LoadCurve.Point, _ line: Line) -> Estimate? {
        point.summary[metric: line.metric]?[line.statistic].flatMap { $0.value == nil ? nil : $0 }
    }

    private func draw(_ line: Line, in plot: Plot, to markup: inout Markup) {
        let style = style(line.curve)
        var points: [(x: Double, y: Double)] = []
        for point in line.curve.points {
            guard let estimate = Self.value(point, line), let value = estimate.value else { continue }
            let x = plot.x(point.load)
            points.append((x, plot.y(value)))
            if let interval = estimate.interval {
                markup.element(
                    "path",
                    [
                        "class": "whisker \(style.colorClass)",
                        "d": PathData.through([(x, plot.y(interval.lowerBound)), (x, plot.y(interval.upperBound))]),
                    ])
            }
        }
        markup.element(
            "path",
            [
                "class": "line \(style.colorClass)", "stroke-dasharray": line.isDashed ? "7 4" : "",
                "d": PathData.through(points),
            ])
        for point in points { style.drawMarker(point.x, point.y, size: line.isDashed ? 3 : 4, to: &markup) }
        markup.newLine()
    }

    private func drawKnees(in plot: Plot, to markup: inout Markup) {
        for curve in curves {
            guard let knee = curve.knee else { continue }
            let (x, y) = (plot.x(curve.points[knee].load), plot.height - plot.bottom)
            markup.element(
                "path",
                [
                    "class": "mark \(style(curve).colorClass)",
                    "d": PathData.through([(x, y - 10), (x + 6, y), (x - 6, y)], isClosed: true),
                ]
            ) { $0.element("title", text: "knee of \(curve.name): \(NumberFormat.trimmed(curve.points[knee].load))") }
        }
    }

    /// The speed that one user sees against the throughput of all: up and to the right is better.
    private var frontier: Figure? {
        let lines = curves.map { curve in
            curve.points.compactMap { point -> (load: Double, speed: Double, throughput: Double)? in
                guard let speed = point.summary[metric: "output_speed"]?[.p50]?.value,
                    let throughput = point.summary[metric: "output_throughput"]?[.value]?.value
                else { return nil }
                return (point.load, speed, throughput)
            }
        }
        guard lines.contains(where: { !$0.isEmpty }) else { return nil }
        let plot = Plot(
            x: Axis("tok/s that one stream gets, p50", scale: .linear(lines.flatMap { $0.map(\.speed) })),
            y: Axis("tok/s of all streams", scale: .linear(lines.flatMap { $0.map(\.throughput) })), right: 40)
        let svg = plot.svg(
            id: "frontier-chart", title: "Throughput against speed", description: "The values are in the table below."
        ) { markup in
            for (curve, line) in zip(curves, lines) {
                let style = style(curve)
                let points = line.map { (x: plot.x($0.speed), y: plot.y($0.throughput)) }
                markup.element(
                    "path",
                    [
                        "class": "line \(style.colorClass)", "stroke-dasharray": style.dash,
                        "d": PathData.through(points),
                    ])
                let names = line.map { NumberFormat.trimmed($0.load) }
                let heights = LabelLayout.spread(
                    points.map { $0.y - 8 }, distance: LabelLayout.fontSize + 1,
                    within: plot.top...plot.height - plot.bottom)
                for (index, point) in points.enumerated() {
                    style.drawMarker(point.x, point.y, to: &markup)
                    Plot.label(names[index], point.x + 7, heights[index], "start", to: &markup)
                }
            }
        }
        return Figure(
            id: "frontier", title: "What all get against what one gets",
            caption:
                "Each mark is a load, its number beside it. Up is more for all, right is faster for each; no load is better "
                + "than another that lies above it and to its right.",
            key: key, charts: [svg], tables: [table("frontier-data")])
    }

    private var key: Markup {
        var markup = Markup()
        markup.element("p", ["class": "keys"]) { markup in
            for curve in curves {
                markup.element("span", ["class": "key"]) { markup in
                    markup.element("svg", ["class": "swatch", "viewBox": "0 0 34 14", "aria-hidden": "true"]) {
                        $0.element("path", ["class": "line \(style(curve).colorClass)", "d": "M1 7H33"])
                        style(curve).drawMarker(17, 7, to: &$0)
                    }
                    let knee = curve.knee.map { ", knee at \(NumberFormat.trimmed(curve.points[$0].load))" } ?? ""
                    markup.element("span", text: curve.name + knee)
                }
            }
        }
        return markup
    }

    private func table(_ id: String) -> DataTable {
        let columns: [(String, Statistic)] = [
            ("ttft", .p50), ("ttft", .p95), ("e2e", .p50), ("output_speed", .p50), ("output_throughput", .value),
            ("request_throughput", .value), ("goodput", .value), ("success", .value),
        ]
        return DataTable(
            id: id, caption: "Figures by load",
            header: ["run_id", "target", "load"]
                + columns.map { $0.1 == .value ? $0.0 : "\($0.0)_\($0.1.rawValue)" },
            rows: curves.flatMap { curve in
                curve.points.map { point in
                    [runs[point.run], curve.name, NumberFormat.trimmed(point.load)]
                        + columns.map { CSVText.number(point.summary[metric: $0.0]?[$0.1]?.value) }
                }
            }, nameColumns: 3)
    }
}
