import Glibc
import Metrics

/// How long gaps are by their place in the stream: one map a series, on the same scales.
struct GapMapChart {
    let series: [Series]
    let id = "gaps"

    private static let shades = 5

    var figure: Figure? {
        let drawn = series.filter { !$0.picture.gaps.cells.isEmpty }
        let rows = drawn.flatMap { $0.picture.gaps.cells.map(\.row) }
        guard let least = rows.min(), let greatest = rows.max() else { return nil }
        let lengths = Scale.logarithmic([GapMap.length(ofRow: least), GapMap.length(ofRow: greatest + 1)])
        let places = Scale.linear([Double(drawn.map(\.picture.gaps.gapCount).max() ?? 1)])
        let charts = drawn.enumerated().map { index, one -> Markup in
            var plot = Plot(
                x: Axis("gap number in its stream", scale: places), y: Axis("gap, ms", scale: lengths), height: 230)
            plot.top = 30
            return plot.svg(
                id: "gaps-chart-\(index)", title: "Gaps of \(one.label)",
                description: "Counts of gaps by place and length; the table below has the figures of all gaps."
            ) { markup in
                Plot.label(one.label, plot.left, 18, "start", class: "name", to: &markup)
                draw(one, in: plot, to: &markup)
            }
        }
        return Figure(
            id: id, title: "Gaps along the stream",
            caption:
                "Darker cells hold more gaps. A level band is an even pace; a band that rises slows down with length; "
                + "specks far above are pauses.",
            charts: charts, tables: [EstimateTable(series: drawn, metric: "icl", id: "gaps-data").table], isWide: true)
    }

    /// The cells of a shade are one path.
    private func draw(_ one: Series, in plot: Plot, to markup: inout Markup) {
        let map = one.picture.gaps
        let most = Double(map.cells.map(\.count).max() ?? 1)
        var paths = [PathData](repeating: PathData(), count: Self.shades)
        for cell in map.cells {
            let left = plot.x(Double(cell.column * map.columnWidth))
            let right = plot.x(Double((cell.column + 1) * map.columnWidth))
            let (bottom, top) = (plot.y(GapMap.length(ofRow: cell.row)), plot.y(GapMap.length(ofRow: cell.row + 1)))
            let share = log(Double(cell.count) + 1) / log(most + 1)
            let shade = min(Self.shades - 1, Int(share * Double(Self.shades)))
            paths[shade].move(left, top)
            paths[shade].horizontal(to: max(right, left + 1.5))
            paths[shade].vertical(to: max(bottom, top + 2))
            paths[shade].horizontal(to: left)
            paths[shade].close()
        }
        for (shade, path) in paths.enumerated() where !path.text.isEmpty {
            markup.element("path", ["class": "cell h\(shade) \(one.style.colorClass)", "d": path.text])
        }
        markup.newLine()
    }
}
