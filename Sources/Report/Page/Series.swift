import Metrics
import Timeline

/// One target of one run, as it is drawn everywhere in a page.
struct Series: Sendable {
    /// Tells it from all others; harmless, and short enough for a chart.
    var label: String
    var style: SeriesStyle
    var run: RunDescription
    var picture: TargetPicture

    /// All targets of all runs, in their order.
    static func all(of runs: [RunPicture]) -> [Series] {
        let painter = Painter(hasColor: false, hasUnicode: true)
        let pairs = runs.flatMap { run in run.targets.map { (run: run.summary.run, target: $0) } }
        let names = pairs.map { $0.target.summary.target.name }
        let labels = pairs.indices.map { index -> String in
            let twins = pairs.indices.filter { names[$0] == names[index] }
            guard twins.count > 1 else { return names[index] }
            return "\(names[index]) \(mark(of: pairs[index].run, among: twins.map { pairs[$0].run }))"
        }
        let short = painter.names(labels, width: 28)
        return zip(pairs, short).enumerated().map { index, pair in
            Series(
                label: pair.1, style: SeriesStyle(index), run: pair.0.run, picture: pair.0.target)
        }
    }

    /// What tells a run from others with the same target: its load where that differs, else its id.
    private static func mark(of run: RunDescription, among runs: [RunDescription]) -> String {
        let loads = Set(runs.map(load))
        return loads.count == runs.count ? "(\(load(run)))" : "@\(run.id.suffix(4))"
    }

    static func load(_ run: RunDescription) -> String {
        switch run.load {
        case .closed(let concurrency): "\(concurrency) at a time"
        case .open(let rate, _): "\(NumberFormat.trimmed(rate)) req/s"
        }
    }

    /// A line, its marker and the name, as keys of charts have them.
    func drawKey(to markup: inout Markup) {
        markup.element("span", ["class": "key"]) { markup in
            drawSwatch(to: &markup)
            markup.element("span", text: label)
        }
    }

    func drawSwatch(to markup: inout Markup) {
        markup.element("svg", ["class": "swatch", "viewBox": "0 0 34 14", "aria-hidden": "true"]) { markup in
            markup.element(
                "path", ["class": "line \(style.colorClass)", "stroke-dasharray": style.dash, "d": "M1 7H33"])
            style.drawMarker(17, 7, to: &markup)
        }
    }

    /// The keys of several series, in a row that breaks where it must.
    static func key(of series: [Series]) -> Markup {
        var markup = Markup()
        markup.element("p", ["class": "keys"]) { markup in
            for one in series { one.drawKey(to: &markup) }
        }
        return markup
    }
}
