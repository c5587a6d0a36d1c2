import Glibc
import Metrics

/// Latency by percentile, on an axis that gives each further nine the same room (as HdrHistogram plots it).
struct PercentileChart {
    let series: [Series]
    let metric: String
    let id: String

    private static let marks: [(share: Double, label: String)] = [
        (0, "0"), (0.5, "50"), (0.9, "90"), (0.99, "99"), (0.999, "99.9"), (0.9999, "99.99"), (0.99999, "99.999"),
    ]

    var figure: Figure? {
        let drawn = series.compactMap { one in one.picture.distributions[metric].map { (one, $0) } }
        guard let first = drawn.first?.1.metric else { return nil }
        let finest = drawn.flatMap { $0.1.quantiles.map(\.share) }.filter { $0 < 1 }.max() ?? 0.5
        // The greatest value stands at the right edge, a fifth of a nine beyond the last percentile.
        let end = Self.place(finest) + 0.2
        let values = drawn.flatMap { $0.1.quantiles.map(\.value) }
        let isSpread = (values.max() ?? 1) > 20 * (values.filter { $0 > 0 }.min() ?? 1)
        var ticks = Self.marks.filter { Self.place($0.share) <= end - 0.15 }.map {
            Tick(value: Self.place($0.share), label: $0.label)
        }
        ticks.append(Tick(value: end, label: "max"))
        let plot = Plot(
            x: Axis("percentile", scale: Scale(kind: .linear, domain: 0...end), ticks: ticks),
            y: Axis(
                "\(first.title), \(UnitScale(first.unit).symbol)",
                scale: isSpread ? .logarithmic(values) : .linear(values)), right: 28)
        let svg = plot.svg(
            id: "\(id)-chart", title: "\(first.title) by percentile",
            description: "The values are in the table below. Thin dotted parts lie beyond what the sample can bound."
        ) { markup in
            for (one, distribution) in drawn { draw(one, distribution, end: end, in: plot, to: &markup) }
        }
        return Figure(
            id: id, title: "\(first.title) by percentile",
            caption:
                "The tail, opened up: each nine has the same room. Where a line is thin and dotted, the sample is too "
                + "small to say anything of other requests.",
            key: Series.key(of: series), charts: [svg],
            tables: [EstimateTable(series: series, metric: metric, id: "\(id)-data").table])
    }

    private static func place(_ share: Double) -> Double { -log10(1 - share) }

    private func draw(
        _ one: Series, _ distribution: Distribution, end: Double, in plot: Plot, to markup: inout Markup
    ) {
        let points = distribution.quantiles.map { point in
            (
                x: plot.x(point.share < 1 ? Self.place(point.share) : end), y: plot.y(point.value),
                share: point.share
            )
        }
        let solid = points.filter { $0.share <= distribution.boundedShare + 1e-9 }
        let rest = (solid.last.map { [$0] } ?? []) + points.filter { $0.share > distribution.boundedShare + 1e-9 }
        markup.element(
            "path",
            [
                "class": "line \(one.style.colorClass)", "stroke-dasharray": one.style.dash,
                "d": PathData.through(solid.map { ($0.x, $0.y) }),
            ])
        markup.element(
            "path",
            ["class": "line beyond \(one.style.colorClass)", "d": PathData.through(rest.map { ($0.x, $0.y) })])
        for share in [0.5, 0.9, 0.99] {
            guard let point = points.first(where: { abs($0.share - share) < 1e-9 }) else { continue }
            one.style.drawMarker(point.x, point.y, to: &markup)
        }
        if let last = points.last { one.style.drawMarker(last.x, last.y, size: 3, to: &markup) }
        markup.newLine()
    }
}
